"""File names that people can read and every file system takes, made of what a camera or a person called something."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

LONGEST = 100
"""Bytes of a name without its ending; file systems take 255 with it."""
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_FORBIDDEN = frozenset('<>:"/\\|?*')
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{each}{n}" for each in ("com", "lpt") for n in range(10))})


def safe_name(name: str, ending: str, taken: Collection[str], otherwise: str = "photo") -> str:
    """A name like ``name`` with ``ending`` (without the dot) that differs from all ``taken``, whatever their case.

    Left out are path separators, control, hidden and direction characters, lone surrogates, dots and blanks at the
    ends, and what Windows reserves; a name of which nothing is left becomes ``otherwise``.
    """
    stem = " ".join(_ENDING.sub("", unicodedata.normalize("NFC", name)).split())
    kept = "".join("_" if each in _FORBIDDEN else each for each in stem if unicodedata.category(each)[0] != "C")
    kept = " ".join(kept.split()).strip(". -")
    kept = kept.encode()[:LONGEST].decode("utf-8", "ignore").strip(". -")
    if not kept or kept.casefold().partition(".")[0].strip() in _RESERVED:
        kept = f"{otherwise} {kept}".strip()
    used = {unicodedata.normalize("NFKC", each).casefold() for each in taken}
    number = 1
    made = f"{kept}.{ending}"
    while unicodedata.normalize("NFKC", made).casefold() in used:
        number += 1
        made = f"{kept} ({number}).{ending}"
    return made

"""The text of a file that holds a secret, whatever wrote it: UTF-8 or UTF-16, with or without a byte order mark."""

from __future__ import annotations

import codecs

from safelight.domain.errors import CannotOpen

MARK = "\ufeff"
"""The byte order mark some programs put before text; it says how the file is written and is no part of what it says."""


def secret_text(untrusted: bytes, what: str) -> str:
    """What a file says, without a byte order mark; ``what`` names the file in the error, as in “The key file”.

    UTF-16 is recognised by its mark, or by the empty half of every character of plain text (PowerShell's ``>`` writes
    it). Raises :class:`CannotOpen` for anything that is not text; the content is never repeated.
    """
    encoding = _encoding(untrusted)
    try:
        text = untrusted.decode(encoding)
    except UnicodeDecodeError as error:
        named = {"utf-8": "UTF-8", "utf-32": "UTF-32"}.get(encoding, "UTF-16")
        raise CannotOpen(f"{what} is not {named} text.", "Write it again, as plain text in UTF-8.") from error
    text = text.removeprefix(MARK)
    if "\0" in text:
        raise CannotOpen(f"{what} is not plain text.", "Write it again, as plain text in UTF-8.")
    return text


def _encoding(untrusted: bytes) -> str:
    if untrusted.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if untrusted.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if untrusted.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    if len(untrusted) % 2 == 0 and untrusted:
        # No text of ours has a zero byte in UTF-8, so this takes nothing from anybody.
        if not any(untrusted[1::2]):
            return "utf-16-le"
        if not any(untrusted[::2]):
            return "utf-16-be"
    return "utf-8"

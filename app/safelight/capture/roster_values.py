"""Reads the cells of a roster: names, e-mail addresses, dates, languages. Pure; unsure is said, never guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from enum import Enum
from functools import cache
from typing import Any

from safelight.capture.roster_faults import FaultKind, Unclear
from safelight.settings.countries import codes
from safelight.settings.locales import country_names
from safelight.settings.resources import read_json

HEADERS = "rules/roster_headers.json"

# Marks that change the direction of text or take no room. The two joiners stay: Persian and Indic names need them.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@(?:[^\s@.<>,;:\"()\[\]\\]{1,63}\.)+[^\s@.<>,;:\"()\[\]\\]{2,63}")
_LATIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i"})


class Order(Enum):
    """How the days of a column are written when only slashes or dashes stand between: which comes first."""

    UNKNOWN = "unknown"
    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


def clean(untrusted: str) -> str:
    """The cell in NFC, without control, direction and zero-width characters, runs of blanks as one.

    Raises Unclear for text that was damaged before it came here.
    """
    if untrusted.isascii() and untrusted.isprintable():
        return " ".join(untrusted.split())
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", untrusted))
    text = "".join(" " if unicodedata.category(c) in ("Cc", "Zs", "Zl", "Zp") else c for c in text)
    if any(c == "\ufffd" or unicodedata.category(c) in ("Cs", "Co", "Cn") for c in text):
        raise Unclear(FaultKind.DAMAGED)
    return " ".join(text.split())


def key(text: str) -> str:
    """A header, month or language as it is compared: no case, accents, punctuation or underscores."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c)).translate(_LATIN)
    return " ".join(re.findall(r"\w+", plain.replace("_", " ")))


def email(text: str) -> str:
    """An e-mail address as far as its form tells. Raises Unclear."""
    if text and (not _EMAIL.fullmatch(text) or len(text) > 254):
        raise Unclear(FaultKind.EMAIL)
    return text


_TITLES = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md", "dds", "esq", "dr", "mba", "msc", "bsc", "ma", "ba"})
"""What stands after a comma without being a first name."""


def full_name(text: str) -> str:
    """``Surname, Given`` as ``Given Surname``; one without exactly one comma, or with a title behind it, as it is."""
    parts = [part.strip() for part in re.split("[,،，、]", text)]
    if len(parts) != 2 or not all(any(c.isalpha() for c in part) for part in parts) or key(parts[1]) in _TITLES:
        return text
    return f"{parts[1]} {parts[0]}"


@cache
def _countries() -> dict[str, str]:
    """Codes by the names that the program's own languages have for countries."""
    found = {"uk": "GB", "usa": "US", "great britain": "GB", "england": "GB", "uae": "AE", "holland": "NL"}
    for tag in sorted(set(read_json(HEADERS)["languages"].values())):
        try:
            names: dict[str, Any] = read_json(f"texts/{tag}.json")["countries"]
        except FileNotFoundError:  # a language people speak that the program has no wording in
            continue
        found |= {key(name): code for code, name in {**country_names(tag), **names}.items()}
    return found


def country(text: str) -> str:
    """The ISO 3166-1 code a cell gives, as a code or as a name, or an empty text where it is none we know."""
    code = text.strip().upper()
    return code if code in codes() else _countries().get(key(text), "")


def language(text: str) -> str:
    """The BCP 47 tag of a language code or name, or an empty text where it is none we know."""
    names: dict[str, Any] = read_json(HEADERS)["languages"]
    if known := names.get(key(text)):
        return str(known)
    primary, *rest = re.split(r"[-_]", text.strip())
    tags = {tag.lower(): tag for tag in names.values()}
    if primary.lower() == "zh":
        traditional = {part.lower() for part in rest} & {"hant", "tw", "hk", "mo"}
        return "zh-Hant" if traditional else "zh-Hans"
    if primary.lower() == "no":
        return "nb"
    return tags.get(primary.lower(), "") if all(re.fullmatch(r"[A-Za-z0-9]{2,8}", part) for part in rest) else ""


_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_THREE = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4})")
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|º|ª)?[\s.\-/]+(?:de\s+)?([^\W\d_]+)[\s.,\-/]+(?:de\s+|del\s+)?(\d{4})")
_WORDS_US = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_MIDNIGHT = re.compile(r"[T ]0?0:00(:00(\.0+)?)?Z?$")
_CJK = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")


def order_of(cells: Iterable[str]) -> Order:
    """Which comes first in a column, if some dates in it can be read one way only, and none the other way only."""
    day_first = month_first = False
    for cell in cells:
        if (found := _THREE.fullmatch(_MIDNIGHT.sub("", cell.strip()))) and found[2] != ".":
            first, second = int(found[1]), int(found[3])
            day_first |= 12 < first <= 31 and second <= 12
            month_first |= first <= 12 < second <= 31
    if day_first == month_first:
        return Order.UNKNOWN
    return Order.DAY_FIRST if day_first else Order.MONTH_FIRST


def birth_date(text: str, order: Order) -> date | None:
    """The date in a cell, None for an empty one. Raises Unclear where it is no date, or could be two."""
    text = _MIDNIGHT.sub("", text.strip())
    if not text:
        return None
    year, month, day = _parts(text, order)
    if not 1900 <= year <= 2100:
        raise Unclear(FaultKind.BIRTH_YEAR, year=year)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Unclear(FaultKind.BIRTH_NO_DAY) from error


def _parts(text: str, order: Order) -> tuple[int, int, int]:
    """Year, month, day."""
    if found := _ISO.fullmatch(text):
        return int(found[1]), int(found[3]), int(found[4])
    if found := _COMPACT.fullmatch(text) or _CJK.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _THREE.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        # With dots the day is first everywhere dots are used; else one number may betray itself, or the column.
        if found[2] == "." or first == second or first > 12:
            return year, second, first
        if second > 12:
            return year, first, second
        if order is not Order.UNKNOWN:
            return (year, second, first) if order is Order.DAY_FIRST else (year, first, second)
        raise Unclear(FaultKind.BIRTH_TWO_WAYS)
    months: dict[str, int] = read_json(HEADERS)["months"]
    if (found := _WORDS.fullmatch(text)) and (month := months.get(key(found[2]))):
        return int(found[3]), month, int(found[1])
    if (found := _WORDS_US.fullmatch(text)) and (month := months.get(key(found[1]))):
        return int(found[3]), month, int(found[2])
    raise Unclear(FaultKind.BIRTH_UNREAD)

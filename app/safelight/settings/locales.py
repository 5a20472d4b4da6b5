"""Days, times, lists and names of countries as people write them in their language, where they are (CLDR, by Babel)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Literal

from babel import Locale
from babel.core import UnknownLocaleError, get_global
from babel.dates import format_date, format_skeleton, format_time, get_datetime_format, get_timezone_gmt
from babel.languages import get_territory_language_info
from babel.lists import format_list

from .countries import codes
from .zones import is_zone


@cache
def _locale(language: str, country: str = "") -> Locale:
    """The habits of ``language`` in ``country``; where CLDR has none for both, those of the language.

    English outside the countries it knows is the world's, which puts the day before the month.
    """
    name = language.replace("-", "_")
    regions = [country, "001"] if language == "en" and country else [country]
    for region in regions:
        try:
            return Locale.parse(f"{name}_{region}" if region else name)
        except UnknownLocaleError:
            continue
    return Locale.parse(name)


def day_words(language: str, country: str, day: date) -> str:
    """``day`` written out, without the day of the week: ``27 November 2027``, ``2027年11月27日``."""
    # Ukrainian shortens "year" to a letter and a full stop, which would stand before the full stop of a sentence.
    return _plain(format_date(day, "long", _locale(language, country))).replace("\u00a0р.", " року")


def short_day_words(language: str, country: str, day: date) -> str:
    """``day`` as short as a column of a table likes it: ``27 Nov 2026``, ``27.11.2026``."""
    return _plain(format_date(day, "medium", _locale(language, country)))


def month_words(language: str, country: str, day: date) -> str:
    """The month of ``day`` and its year, written out: ``July 2026``, ``juillet 2026``."""
    return _plain(format_skeleton("yMMMM", day, locale=_locale(language, country)))


def time_words(language: str, country: str, at: datetime) -> str:
    """The time of ``at`` to the second, as the clocks of its own zone show it: ``18:30:05``, ``6:30:05 PM``."""
    return _plain(format_time(at, "medium", locale=_locale(language, country)))


def offset_words(language: str, at: datetime) -> str:
    """How far the clocks of the zone of ``at`` are from UTC: ``GMT-08:00``, ``UTC+01:00``, ``غرينتش-08:00``."""
    return _plain(get_timezone_gmt(at, "long", _locale(language)))


def moment_words(language: str, country: str, at: datetime) -> str:
    """Day and time of ``at``, side by side as the language sets them, without the distance from UTC."""
    both = re.sub("'([^']*)'", r"\1", str(get_datetime_format("medium", _locale(language, country))))
    return both.format(time_words(language, country, at), day_words(language, country, at.date()))


def most_spoken(country: str) -> str:
    """The language most people of ``country`` share, of those official in all of it; empty where that is not known."""
    shares = {
        name.replace("_", "-"): float(each["population_percent"] or 0)
        for name, each in get_territory_language_info(country).items()
        if each["official_status"] in ("official", "de_facto_official")
    }
    return max(shares, key=lambda name: shares[name], default="")


def listed(language: str, country: str, parts: Sequence[str], style: Literal["standard", "or"] = "standard") -> str:
    """``A, B and C`` or, with the style ``or``, ``A, B or C``, as the language joins them."""
    return format_list(list(parts), style=style, locale=_locale(language, country)) if parts else ""


def _plain(text: str) -> str:
    """Without the marks and special blanks of CLDR: whoever sets the text isolates it; fonts lack the narrow blank."""
    return text.translate({0x200E: None, 0x200F: None, 0x061C: None, 0x202F: 0xA0, 0x2009: 0xA0})


def country_name(language: str, code: str) -> str | None:
    """What the language calls a country or a group of them (``EU``); None where it has no name for it."""
    return _locale(language).territories.get(code)


def country_names(language: str) -> Mapping[str, str]:
    """The names of all countries in a language, by code; none for a language CLDR does not know."""
    try:
        names = _locale(language).territories
    except (UnknownLocaleError, ValueError):
        return {}
    return {code: names[code] for code in codes() if code in names}


def country_zones(country: str) -> tuple[str, ...]:
    """The time zones of a country by their IANA names, in the order of CLDR; none for no country."""
    return tuple(each for each in get_global("territory_zones").get(country, ()) if is_zone(each))

"""Countries as people enter them: only codes of the ISO 3166-1 list, and lists in which the EU and the EEA may stand.

What was stored, signed or received with another code stays readable: this is asked where something enters.
"""

from __future__ import annotations

from collections.abc import Sequence

from safelight.domain.errors import WrongUsage
from safelight.domain.ids import Country
from safelight.domain.term import Territory, TerritoryKind
from safelight.settings.countries import codes, meant_by, members

_WORDS = (TerritoryKind.EEA.value, TerritoryKind.WORLDWIDE.value)
TERRITORIES = "Write DE, a list of codes (EU and EEA stand for their members), EEA or worldwide."


def is_listed(code: str) -> bool:
    """Whether ``code`` is a country's."""
    return code in codes()


def fault_of(text: str) -> str:
    """Why ``text`` is not a country's code, in one clause with what to write instead; empty when it is one."""
    if is_listed(text):
        return ""
    if members(text):
        return f"'{text}' is a group of countries, not one"
    meant = meant_by(text)
    return f"'{text[:20]}' is not a country code" + (f"; write {meant}" if meant else "")


def country_code(text: str, kept: str = "") -> Country:
    """``text`` as a country; raises :class:`WrongUsage`, with what was ``kept``, for a code that is not on the list."""
    fault = fault_of(text)
    if fault:
        hint = "Name one of its countries, like DE." if members(text) else "Write two capital letters, like DE."
        raise WrongUsage(f"{fault}.", f"{hint} {kept}".strip())
    return Country(text)


def read_territory(value: str | Sequence[str]) -> Territory:
    """Where a yes holds: a country, a list, ``EEA`` or ``worldwide``; raises :class:`WrongUsage` otherwise.

    ``EU``, and ``EU`` or ``EEA`` in a list, become the members of today: who joins later was not agreed to.
    """
    if isinstance(value, str) and value in _WORDS:
        return Territory(TerritoryKind(value))
    named = [value] if isinstance(value, str) else list(value)
    if not named:
        raise WrongUsage("The list of countries is empty.", TERRITORIES)
    if TerritoryKind.WORLDWIDE.value in named:
        raise WrongUsage("'worldwide' stands alone, not in a list of countries.", TERRITORIES)
    countries: set[Country] = set()
    for each in named:
        countries |= countries_of(each)
    kind = TerritoryKind.COUNTRY if len(countries) == 1 else TerritoryKind.LISTED
    return Territory(kind, frozenset(countries))


def countries_of(text: str) -> frozenset[Country]:
    """The country ``text`` is, or the members of the ``EU`` or the ``EEA``; raises :class:`WrongUsage` otherwise."""
    group = members(text)
    if not group and (fault := fault_of(text)):
        raise WrongUsage(f"{fault}.", TERRITORIES)
    return frozenset(map(Country, group or {text}))

"""Which lengths and places a yes may be given, and the yes that a choice among them makes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from safelight.domain.ceremony import Ceremony
from safelight.domain.choice import Grant
from safelight.domain.days import local_day
from safelight.domain.ids import Country, ScopeId
from safelight.domain.sitting import Person
from safelight.domain.term import UNTIL_WITHDRAWN, Term, TermKind, Territory, TerritoryKind, offered_months
from safelight.domain.turns import within
from safelight.settings.texts import Texts

from .wording import day_words, say, sentences, time_words

OPEN_END = "withdrawn"


def today(ceremony: Ceremony) -> date:
    """The day on which the answers are given: that of the last act at the place of signing, as the record counts."""
    return local_day(ceremony.acts[-1].at, ceremony.utc_offset_minutes) if ceremony.acts else date.min


def terms(person: Person, scope: ScopeId) -> dict[str, Term]:
    """Half a year, a year, and so on up to the cap; "until I say stop" only where nothing else ends the use."""
    longest = person.longest.get(scope, 12)
    offered = {str(each): Term(TermKind.MONTHS, months=each) for each in offered_months(longest)}
    return offered if longest is not None else {**offered, OPEN_END: UNTIL_WITHDRAWN}


def places(person: Person, scope: ScopeId) -> dict[str, Territory]:
    """The studio's country, the EEA, everywhere: from the narrowest to the widest."""
    home = person.grants[scope].territory
    return {
        "home": home,
        TerritoryKind.EEA.value: Territory(TerritoryKind.EEA),
        TerritoryKind.WORLDWIDE.value: Territory(TerritoryKind.WORLDWIDE),
    }


def countries(texts: Texts, person: Person, ceremony: Ceremony, scope: ScopeId) -> list[tuple[str, str]]:
    """The countries a list may be made of, by code and name, in the order of the language."""
    grant = ceremony.choice(scope).grant or person.grants[scope]
    return [
        (code, texts.country(code))
        for code in texts.in_order(person.places)
        if possible(ceremony, scope, replace(grant, territory=listed(code)))
    ]


def first_list(person: Person, ceremony: Ceremony, scope: ScopeId) -> Territory:
    """The list somebody who wants to choose countries starts with: the studio's own, where an earlier yes allows it."""
    agreed = ceremony.agreed.grant(scope) if ceremony.agreed is not None else None
    home = person.grants[scope].territory.countries
    if agreed is None or all(agreed.territory.covers(each, ceremony.eea) for each in home):
        return listed(*home)
    return listed(*(agreed.territory.countries or ceremony.eea))


def listed(*codes: str) -> Territory:
    """A territory made of the countries named."""
    return Territory(TerritoryKind.LISTED, frozenset(map(Country, codes)))


def key_of(term: Term) -> str:
    """The name under which :func:`terms` offers ``term``."""
    return OPEN_END if term.kind is TermKind.WITHDRAWN else str(term.months)


def place_key(territory: Territory) -> str:
    """The name under which :func:`place_choices` offers ``territory``."""
    return "home" if territory.kind is TerritoryKind.COUNTRY else territory.kind.value


def possible(ceremony: Ceremony, scope: ScopeId, grant: Grant) -> bool:
    """Whether ``grant`` stays within what somebody before agreed to; anything does for whoever answers first."""
    agreed = ceremony.agreed.grant(scope) if ceremony.agreed is not None else None
    return agreed is None or within(grant, agreed, today(ceremony), ceremony.eea)


def grant_of(ceremony: Ceremony, scope: ScopeId) -> Grant | None:
    """The limits of the yes to ``scope``; None where there is no yes, or no such use."""
    return ceremony.choice(scope).grant if scope in ceremony.yes else None


def with_term(person: Person, ceremony: Ceremony, scope: ScopeId, key: str) -> Grant | None:
    """The yes to ``scope`` for as long as ``key`` says; None where there is no yes or this was not offered."""
    grant = grant_of(ceremony, scope)
    term = terms(person, scope).get(key) if grant is not None else None
    return replace(grant, term=term) if grant is not None and term is not None else None


def with_place(person: Person, ceremony: Ceremony, scope: ScopeId, key: str) -> Grant | None:
    """The yes to ``scope`` where ``key`` says; None where there is no yes or this was not offered."""
    grant = grant_of(ceremony, scope)
    if grant is None:
        return None
    by_list = key == TerritoryKind.LISTED.value
    wanted = first_list(person, ceremony, scope) if by_list else places(person, scope).get(key)
    return replace(grant, territory=wanted) if wanted is not None else None


def with_countries(
    person: Person, ceremony: Ceremony, scope: ScopeId, codes: frozenset[Country]
) -> Grant | None:
    """The yes to ``scope`` in these countries; None where there is no yes, no country or one that was not offered."""
    grant = grant_of(ceremony, scope)
    offered = bool(codes) and codes <= frozenset(person.places)
    return replace(grant, territory=listed(*codes)) if grant is not None and offered else None


def end_words(texts: Texts, person: Person, ceremony: Ceremony, scope: ScopeId, grant: Grant) -> str:
    """The very day a yes ends and the longest it could last, or that it holds until somebody says stop."""
    longest = person.longest.get(scope)
    last = grant.term.last_day(today(ceremony), longest)
    said = [say(texts, "ends_on", date=day_words(texts, person.country, last))] if last else []
    if longest is not None:
        said.append(say(texts, "at_most", time=time_words(texts, longest)))
    return sentences(*said) or texts.ceremony["until_withdrawn"]


def term_choices(texts: Texts, person: Person, ceremony: Ceremony, scope: ScopeId) -> list[tuple[str, str]]:
    """The lengths offered, by key and words."""
    grant = ceremony.choice(scope).grant or person.grants[scope]
    return [
        (key, texts.ceremony["until_withdrawn"] if key == OPEN_END else time_words(texts, term.months or 0))
        for key, term in terms(person, scope).items()
        if possible(ceremony, scope, replace(grant, term=term))
    ]


def place_choices(texts: Texts, person: Person, ceremony: Ceremony, scope: ScopeId) -> list[tuple[str, str]]:
    """The places offered, by key and words."""
    grant = ceremony.choice(scope).grant or person.grants[scope]
    found = []
    for key, territory in places(person, scope).items():
        if not possible(ceremony, scope, replace(grant, territory=territory)):
            continue
        if key == "home":
            names = ", ".join(sorted(texts.country(each) for each in territory.countries))
            found.append((key, say(texts, "country_only", country=names)))
        else:
            found.append((key, texts.ceremony["eea_only" if key == TerritoryKind.EEA.value else "everywhere"]))
    if len(countries(texts, person, ceremony, scope)) > 1:
        found.append((TerritoryKind.LISTED.value, texts.ceremony["countries_listed"]))
    return found

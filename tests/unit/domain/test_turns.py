"""Narrower is narrower: whatever counts as lying within an agreed yes allows no day, place, person or medium more."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safelight.domain.choice import Grant, ReplicaTerms
from safelight.domain.ids import Country, RecipientId
from safelight.domain.term import Term, TermKind, Territory, TerritoryKind
from safelight.domain.turns import within
from support import slow_rules
from support.sampling import examples

EEA = frozenset(Country(each) for each in slow_rules.EEA)
PLACES = [*sorted(EEA), "US", "CH"]
MEDIA = ["print", "web", "film"]
ASKED = [use for use, each in slow_rules.SCOPES.items() if each["kind"] != "notice"]
TODAY = dt.date(2026, 6, 1)

terms = st.one_of(
    st.just(("until-withdrawn", None, None)),
    st.sampled_from([1, 6, 12, 13, 14, 24]).map(lambda months: ("months", months, None)),
    st.integers(-3, 800).map(lambda days: ("until", None, TODAY + dt.timedelta(days=days))),
)
territories = st.one_of(
    st.sampled_from(["EEA", "worldwide"]),
    st.lists(st.sampled_from(["DE", "FR", "US", "CH"]), min_size=1, unique=True),
    st.just(sorted(EEA)),
)
limits = st.fixed_dictionaries(
    {
        "term": terms,
        "territory": territories,
        "recipients": st.lists(st.sampled_from(["age1a", "age1b"]), unique=True),
        "media": st.lists(st.sampled_from(MEDIA), unique=True, max_size=2),
    }
)


def as_grant(raw: dict[str, Any]) -> Grant:
    kind, months, until = raw["term"]
    where = raw["territory"]
    if isinstance(where, list):
        sort = TerritoryKind.COUNTRY if len(where) == 1 else TerritoryKind.LISTED
        territory = Territory(sort, frozenset(map(Country, where)))
    else:
        territory = Territory(TerritoryKind(where))
    return Grant(
        Term(TermKind(kind), months, until), territory, tuple(map(RecipientId, raw["recipients"])),
        frozenset(raw["media"]),
    )  # fmt: skip


def last_day(raw: dict[str, Any], use: str) -> dt.date:
    kind, months, until = raw["term"]
    last = slow_rules.ends(TODAY, slow_rules.SCOPES[use], {"term": kind, "months": months, "until": until})
    return last or TODAY - dt.timedelta(days=1)


def places(raw: dict[str, Any]) -> set[str]:
    where = raw["territory"]
    return set(PLACES if where == "worldwide" else slow_rules.EEA if where == "EEA" else where)


@settings(max_examples=examples(200, 4000), deadline=None)
@given(asked=limits, agreed=limits)
def test_what_lies_within_allows_nothing_more(asked: dict[str, Any], agreed: dict[str, Any]) -> None:
    longer = any(last_day(asked, use) > last_day(agreed, use) for use in ASKED)
    more = (
        not places(asked) <= places(agreed)
        or not set(asked["recipients"]) <= set(agreed["recipients"])
        or not set(asked["media"] or MEDIA) <= set(agreed["media"] or MEDIA)
    )
    found = within(as_grant(asked), as_grant(agreed), TODAY, EEA)
    assert not (found and (longer or more))
    # The other way round as well, but for terms: months and a last day may come out the same for capped uses only.
    if not found and not more:
        assert longer or asked["term"] != agreed["term"]
    assert within(as_grant(asked), as_grant(asked), TODAY, EEA)


@pytest.mark.parametrize("places", list(itertools.combinations(["COUNTRY", "EEA", "WORLDWIDE"], 2)))
def test_each_territory_lies_within_the_wider_ones(places: tuple[str, str]) -> None:
    germany = frozenset({Country("DE")})
    one, two = (Territory(TerritoryKind[each], germany if each == "COUNTRY" else frozenset()) for each in places)
    year = Term(TermKind.MONTHS, months=12)
    assert within(Grant(year, one), Grant(year, two), TODAY, EEA)
    assert not within(Grant(year, two), Grant(year, one), TODAY, EEA)


def test_another_contract_page_is_another_agreement() -> None:
    year, page = Term(TermKind.MONTHS, months=12), ReplicaTerms("a film", "100 EUR", "nobody", "always")
    agreed = Grant(year, Territory(TerritoryKind.EEA), replica=page)
    assert within(agreed, agreed, TODAY, EEA)
    other = Grant(year, Territory(TerritoryKind.EEA), replica=ReplicaTerms("two films", "100 EUR", "nobody", "always"))
    assert not within(other, agreed, TODAY, EEA)

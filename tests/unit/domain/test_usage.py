"""``may`` against an independent slow reading of the rules, and each blocker by name."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safelight.domain.choice import Grant
from safelight.domain.consent import ConsentEvent, EventKind, fold, limits_of_yes
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import Country, EventId, PhotoGuid, RecipientId, RecordId, ScopeId, SubjectId
from safelight.domain.jurisdiction import read_adequacy
from safelight.domain.people import Role
from safelight.domain.scope import read_catalogue
from safelight.domain.term import Term, TermKind, Territory, TerritoryKind
from safelight.domain.usage import Blocker, ConsentSnapshot, Question, may
from safelight.settings.resources import read_json
from support import slow_rules
from support.sampling import examples

CATALOGUE = read_catalogue(read_json("rules/scopes.json"))
EEA = read_adequacy(read_json("rules/adequacy.json")).eea
USES = [each.id for each in CATALOGUE.scopes]
PLACES = ["DE", "FR", "NO", "US", "CH"]
RECIPIENTS = ["age1a", "age1b"]
START = dt.date(2024, 2, 27)
days = st.integers(0, 1500).map(lambda n: START + dt.timedelta(days=n))


@st.composite
def grants(draw: Any) -> dict[str, Any]:
    kind = draw(st.sampled_from(["months", "until", "until-withdrawn"]))
    return {
        "term": kind,
        "months": draw(st.integers(1, 130)) if kind == "months" else None,
        "until": draw(days) if kind == "until" else None,
        "territory": draw(
            st.one_of(st.just("EEA"), st.just("worldwide"), st.lists(st.sampled_from(PLACES), min_size=1, unique=True))
        ),
        "recipients": draw(st.lists(st.sampled_from(RECIPIENTS), unique=True)),
    }


@st.composite
def histories(draw: Any) -> list[dict[str, Any]]:
    start = draw(st.sampled_from(["given", "given", "given", "refused", "requested"]))
    on = draw(days)
    events = [{"kind": start, "on": on, "grant": draw(grants()) if start == "given" else None}]
    if start == "requested" and draw(st.booleans()):
        events.append({"kind": "given", "on": on, "grant": draw(grants())})
    while events[-1]["kind"] in ("given", "renewed", "changed") and draw(st.integers(0, 2)) == 0:
        on = on + dt.timedelta(days=draw(st.integers(0, 500)))
        kind = draw(st.sampled_from(["renewed", "changed", "withdrawn", "expired", "invalidated"]))
        events.append({"kind": kind, "on": on, "grant": draw(grants()) if kind in ("renewed", "changed") else None})
    return events


@st.composite
def people(draw: Any) -> dict[str, Any]:
    minor = draw(st.integers(0, 3)) == 0
    return {
        "events": draw(st.dictionaries(st.sampled_from(USES[1:]), histories(), max_size=5)),
        "minor": minor,
        "adult_on": draw(st.one_of(st.none(), days)) if minor else None,
        "fresh_until": draw(st.one_of(st.none(), st.none(), days)),
        "restricted": draw(st.integers(0, 9)) == 0,
        "vetoed": draw(st.sampled_from([[], [], [], ["p1"], ["p2"]])),
        "withheld": draw(st.sampled_from([[], [], [], ["p1"], ["p2"]])),
    }


def as_grant(raw: dict[str, Any] | None) -> Grant | None:
    if raw is None:
        return None
    where = raw["territory"]
    if isinstance(where, list):
        kind = TerritoryKind.COUNTRY if len(where) == 1 else TerritoryKind.LISTED
        territory = Territory(kind, frozenset(Country(each) for each in where))
    else:
        territory = Territory(TerritoryKind(where))
    term = Term(TermKind(raw["term"]), raw["months"], raw["until"])
    return Grant(term, territory, tuple(RecipientId(each) for each in raw["recipients"]))


def as_snapshot(person: dict[str, Any]) -> ConsentSnapshot:
    states = {}
    for use, history in person["events"].items():
        scope = CATALOGUE.scope(use)
        limits = {
            number: replace(
                limits_of_yes(scope, grant, event["on"]), signed_as_minor=person["minor"], adult_on=person["adult_on"]
            )
            for number, event in enumerate(history, 1)
            if (grant := as_grant(event["grant"])) is not None
        }
        events = [
            ConsentEvent(
                EventId(f"e{number}"),
                RecordId(f"r-{use}"),
                SubjectId("s"),
                ScopeId(use),
                EventKind(event["kind"]),
                number,
                dt.datetime.combine(event["on"], dt.time(12), dt.UTC),
                Role.SUBJECT,
                as_grant(event["grant"]),
                limits=limits.get(number),
            )
            for number, event in enumerate(history, 1)
        ]
        states[ScopeId(use)] = fold(reversed(events))
    return ConsentSnapshot(
        states,
        person["fresh_until"],
        person["restricted"],
        frozenset(PhotoGuid(each) for each in person["vetoed"]),
        frozenset(PhotoGuid(each) for each in person["withheld"]),
    )


@settings(max_examples=examples(150, 5000), deadline=None)
@given(
    group=st.lists(people(), max_size=3),
    use=st.sampled_from(USES),
    place=st.sampled_from(PLACES),
    day=days,
    recipient=st.one_of(st.none(), st.sampled_from(RECIPIENTS)),
)
def test_may_agrees_with_the_slow_rules(group: Any, use: str, place: str, day: dt.date, recipient: str | None) -> None:
    question = Question(
        PhotoGuid("p1"), ScopeId(use), Country(place), day, RecipientId(recipient) if recipient else None
    )
    decision = may(question, [as_snapshot(each) for each in group], CATALOGUE, EEA)
    assert decision.allowed == slow_rules.photo_allowed(group, use, place, day, recipient, "p1"), decision
    assert (decision.blocker is None) == decision.allowed
    if decision.allowed:
        assert decision.expires is not None
        assert len(decision.records) == len(group)
        last = Question(question.photo, question.use, question.place, decision.expires, question.recipient)
        after = Question(
            question.photo, question.use, question.place, decision.expires + dt.timedelta(days=1), question.recipient
        )
        assert may(last, [as_snapshot(each) for each in group], CATALOGUE, EEA).allowed, "the last day still counts"
        assert not may(after, [as_snapshot(each) for each in group], CATALOGUE, EEA).allowed, "the day after does not"


def person(use: str = "use.portfolio", **changes: Any) -> dict[str, Any]:
    grant = {"term": "months", "months": 12, "until": None, "territory": ["DE"], "recipients": ["age1a"]}
    base = {
        "events": {use: [{"kind": "given", "on": dt.date(2026, 1, 15), "grant": grant}]},
        "minor": False,
        "adult_on": None,
        "fresh_until": None,
        "restricted": False,
        "vetoed": [],
        "withheld": [],
    }
    return {**base, **changes}


def said(**limits: Any) -> dict[str, Any]:
    """Somebody whose yes has these limits."""
    who = person()
    who["events"]["use.portfolio"][0]["grant"] |= limits
    return who


def until(*who: dict[str, Any]) -> dt.date | None:
    """The last day that is told."""
    question = Question(
        PhotoGuid("p1"), ScopeId("use.portfolio"), Country("DE"), dt.date(2026, 6, 1), RecipientId("age1a")
    )
    return may(question, [as_snapshot(each) for each in who], CATALOGUE, EEA).expires


def ask(
    who: list[dict[str, Any]],
    use: str = "use.portfolio",
    place: str = "DE",
    day: str = "2026-06-01",
    recipient: str | None = "age1a",
) -> Blocker | None:
    question = Question(
        PhotoGuid("p1"),
        ScopeId(use),
        Country(place),
        dt.date.fromisoformat(day),
        RecipientId(recipient) if recipient else None,
    )
    return may(question, [as_snapshot(each) for each in who], CATALOGUE, EEA).blocker


def ended(kind: str) -> dict[str, Any]:
    who = person()
    who["events"]["use.portfolio"].append({"kind": kind, "on": dt.date(2026, 2, 1), "grant": None})
    return who


@pytest.mark.parametrize(
    ("who", "asked", "blocker"),
    [
        ([person()], {}, None),
        ([], {}, Blocker.NOBODY),
        ([person()], {"use": "session.deliver"}, Blocker.NOT_A_USE),
        ([person()], {"use": "use.social"}, Blocker.NOT_ASKED),
        ([ended("withdrawn")], {}, Blocker.WITHDRAWN),
        ([ended("expired")], {}, Blocker.EXPIRED),
        ([ended("invalidated")], {}, Blocker.INVALIDATED),
        ([person()], {"day": "2026-01-14"}, Blocker.NOT_YET),
        ([person()], {"day": "2027-01-15"}, None),
        ([person()], {"day": "2027-01-16"}, Blocker.OVER),
        ([person()], {"place": "FR"}, Blocker.TERRITORY),
        ([person()], {"recipient": "age1b"}, Blocker.RECIPIENT),
        ([person()], {"recipient": None}, None),
        ([said(recipients=[])], {}, Blocker.RECIPIENT),
        ([said(recipients=[])], {"recipient": None}, None),
        ([said(territory="EEA")], {"place": "FR"}, None),
        ([said(territory="EEA")], {"place": "NO"}, None),
        ([said(territory="EEA")], {"place": "CH"}, Blocker.TERRITORY),
        ([said(territory="EEA")], {"place": "US"}, Blocker.TERRITORY),
        ([said(territory="worldwide")], {"place": "US"}, None),
        ([said(territory=["FR", "US"])], {"place": "DE"}, Blocker.TERRITORY),
        ([person(restricted=True)], {}, Blocker.RESTRICTED),
        ([person(vetoed=["p1"])], {}, Blocker.VETOED),
        ([person(vetoed=["p2"])], {}, None),
        ([person(), person(vetoed=["p1"])], {}, Blocker.VETOED),
        ([person(vetoed=["p1"], restricted=True)], {}, Blocker.VETOED),
        ([person(vetoed=["p1"])], {"use": "use.social"}, Blocker.VETOED),
        ([person(withheld=["p1"])], {}, Blocker.WITHHELD),
        ([person(fresh_until=dt.date(2026, 5, 31))], {}, Blocker.STALE),
        ([person(fresh_until=dt.date(2026, 6, 1))], {}, None),
        ([person(minor=True, adult_on=dt.date(2026, 6, 1))], {}, Blocker.GROWN_UP),
        ([person(minor=True, adult_on=dt.date(2026, 6, 2))], {}, None),
        ([person(minor=True, adult_on=None)], {}, Blocker.GROWN_UP),
        ([person("use.stock", minor=True, adult_on=dt.date(2030, 1, 1))], {"use": "use.stock"}, Blocker.MINOR),
        ([person(), ended("withdrawn")], {}, Blocker.WITHDRAWN),
    ],
)
def test_each_blocker(who: Any, asked: Any, blocker: Blocker | None) -> None:
    assert ask(who, **asked) is blocker


def test_the_clause_of_a_photo_struck_out_is_a_sentence_and_names_no_record() -> None:
    question = Question(PhotoGuid("p1"), ScopeId("use.portfolio"), Country("DE"), dt.date(2026, 6, 1), None)
    decision = may(question, [as_snapshot(person(vetoed=["p1"]))], CATALOGUE, EEA)
    assert decision.clause == "use.portfolio: somebody on this photo struck it out, so it stays whatever was allowed"
    assert decision.records == ()


def test_a_yearly_review_without_an_answer_puts_an_ai_use_to_sleep() -> None:
    grant = {"term": "months", "months": 24, "until": None, "territory": ["DE"], "recipients": ["age1a"]}
    who = person("ai.retouch")
    who["events"]["ai.retouch"][0]["grant"] = grant
    assert ask([who], use="ai.retouch", day="2027-02-14") is None
    assert ask([who], use="ai.retouch", day="2027-02-15") is Blocker.ASLEEP


def test_an_unknown_use_is_a_mistake_not_an_answer() -> None:
    with pytest.raises(WrongUsage, match="no use called"):
        ask([person()], use="use.everything")


def test_the_last_day_told_is_the_earliest_of_all_there_are() -> None:
    year, half, stale = dt.date(2027, 1, 15), dt.date(2026, 7, 15), dt.date(2026, 6, 30)
    assert until(person()) == year and until(said(months=6)) == half
    for together in ((person(), said(months=6)), (said(months=6), person())):
        assert until(*together) == half
    assert until(person(fresh_until=stale), said(months=6)) == stale
    assert until(person(minor=True, adult_on=dt.date(2026, 6, 9))) == dt.date(2026, 6, 8), "the day before the birthday"
    asleep = until(said(term="until-withdrawn", months=None))
    assert asleep == dt.date(2027, 2, 14), "thirty days after the review"

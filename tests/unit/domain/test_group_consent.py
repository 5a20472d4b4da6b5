"""A group is asked person by person and together, and both answers come from the same place."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safelight.documents.rules import shipped_rules
from safelight.domain.choice import Grant
from safelight.domain.consent import ConsentState, Status
from safelight.domain.group_consent import Blocked, GroupUse, group_uses
from safelight.domain.ids import Country, PhotoGuid, RecordId, ScopeId, SubjectId
from safelight.domain.term import ONE_YEAR, Territory, TerritoryKind
from safelight.domain.usage import Blocker, ConsentSnapshot, Question, may
from support.sampling import examples

RULES = shipped_rules()
ASKED = tuple(RULES.catalogue.asked_ids())


@given(st.integers(0, 12), st.sets(st.sampled_from(ASKED)))
@settings(max_examples=examples(30, 300), deadline=None)
def test_it_says_what_may_says(size: int, uses: set[ScopeId]) -> None:
    people = {SubjectId(str(number)): ConsentSnapshot({}, restricted=number % 2 == 0) for number in range(size)}
    question = Question(PhotoGuid(""), ScopeId(""), Country("DE"), date(2026, 5, 4))
    for each in group_uses(people, sorted(uses), question, RULES.catalogue, RULES.adequacy.eea):
        asked = Question(PhotoGuid(""), each.use, Country("DE"), question.day)
        assert each.allowed == may(asked, tuple(people.values()), RULES.catalogue, RULES.adequacy.eea).allowed
        assert {blocked.subject for blocked in each.blocked_by} == people.keys()


USE = ScopeId("use.portfolio")


def yes(until: date, restricted: bool = False) -> ConsentSnapshot:
    grant = Grant(ONE_YEAR, Territory(TerritoryKind.WORLDWIDE))
    at = datetime(2026, 5, 1, tzinfo=UTC)
    state = ConsentState(RecordId(str(until)), SubjectId("s"), USE, Status.GIVEN, 1, at, grant, until)
    return ConsentSnapshot({USE: state}, restricted=restricted)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_one_no_is_a_no_wherever_in_the_group_it_stands(order: tuple[int, ...]) -> None:
    first, second, stopped = yes(date(2027, 5, 1)), yes(date(2026, 9, 1)), yes(date(2028, 1, 1), restricted=True)
    asked = Question(PhotoGuid(""), USE, Country("DE"), date(2026, 6, 1))

    def told(*snapshots: ConsentSnapshot) -> GroupUse:
        people = {SubjectId(str(number)): each for number, each in enumerate(snapshots)}
        (answer,) = group_uses(people, [USE], asked, RULES.catalogue, RULES.adequacy.eea)
        return answer

    everybody = (first, second, stopped)
    answer = told(*(everybody[each] for each in order))
    assert not answer.allowed and answer.until is None
    assert answer.blocked_by == (Blocked(SubjectId(str(order.index(2))), Blocker.RESTRICTED),)
    for together in ((first, second), (second, first)):
        answer = told(*together)
        assert answer.allowed and answer.blocked_by == () and answer.until == date(2026, 9, 1)

"""A group is asked person by person and together, and both answers come from the same place."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from safelight.documents.rules import shipped_rules
from safelight.domain.group_consent import group_uses
from safelight.domain.ids import Country, PhotoGuid, ScopeId, SubjectId
from safelight.domain.usage import ConsentSnapshot, Question, may
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

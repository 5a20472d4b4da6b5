"""Answers written down by somebody else: what a file does not say is the protective thing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.documents.answers import Answers, read_answers
from safelight.domain.choice import Exclusion, Modifiers
from safelight.domain.errors import Malformed
from safelight.domain.ids import Country

CONTEXTS = st.sets(st.sampled_from(list(Exclusion)))


def read(**content: Any) -> Answers:
    data = {"format": "safelight-answers/1", "choices": {"use.portfolio": "no"}} | content
    return read_answers(json.dumps(data).encode(), Country("DE"), lambda _: None)


@given(CONTEXTS, CONTEXTS)
def test_contexts_are_excluded_unless_they_are_allowed_by_name(listed: set[Exclusion], allowed: set[Exclusion]) -> None:
    said = {"exclusions": sorted(listed), "allowed_contexts": sorted(allowed - listed)}
    modifiers = read(modifiers=said).modifiers
    for each in Exclusion:
        assert (each in modifiers.exclusions) is not (each in allowed - listed)
    assert set(modifiers.allowed_contexts) == allowed - listed
    assert read(modifiers={"exclusions": sorted(listed)}).modifiers == Modifiers()
    if allowed & listed:
        with pytest.raises(Malformed) as caught:
            read(modifiers={"exclusions": sorted(listed), "allowed_contexts": sorted(allowed)})
        for each in allowed & listed:
            assert any(f"'{each}'" in fault for fault in caught.value.faults)


def test_one_exclusion_does_not_allow_the_others() -> None:
    assert read(modifiers={"exclusions": ["dating"]}).modifiers.exclusions == frozenset(Exclusion)
    assert read(modifiers={"exclusions": []}).modifiers.exclusions == frozenset(Exclusion)
    assert read().modifiers.exclusions == frozenset(Exclusion)

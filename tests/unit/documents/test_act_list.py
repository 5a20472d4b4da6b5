"""The list of acts: the bytes that are signed, and what is no such list."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from safelight.documents.act_list import acts_bytes, read_acts
from safelight.domain.acts import Act, NamedAct, UseAnswered
from safelight.domain.errors import Malformed
from safelight.domain.ids import ScopeId
from safelight.domain.people import Role

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ACTS = (
    Act(NOON, "uses", UseAnswered(ScopeId("use.social"), yes=False), Role.SUBJECT, "pen"),
    Act(NOON, "uses", NamedAct.NEXT, Role.GUARDIAN, "touch"),
)
SIGNED = (
    b'[{"at":"2026-05-01T12:00:00Z","by":"subject","mode":"pen","step":"uses","what":"use.social no"},'
    b'{"at":"2026-05-01T12:00:00Z","by":"guardian","mode":"touch","step":"uses","what":"next"}]'
)


def test_the_bytes_are_those_that_were_signed_so_far() -> None:
    assert acts_bytes(ACTS) == SIGNED
    assert read_acts(SIGNED) == ACTS


@pytest.mark.parametrize(
    ("untrusted", "fault"),
    [
        (b"{}", "is no list"),
        (SIGNED.replace(b'"next"', b'"waved"'), "/1/what: must be the text of an act"),
        (SIGNED.replace(b'"next"', b"7"), "/1/what: must be the text of an act"),
        (SIGNED[:-1], "not JSON"),
    ],
)
def test_anything_else_is_refused_with_its_place(untrusted: bytes, fault: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_acts(untrusted)
    assert fault in "\n".join((refused.value.title, *refused.value.faults))

"""Whether a photo may leave: each reason to stay by itself, for one person and for the last of several."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from safelight.documents.rules import shipped_rules
from safelight.domain.choice import Grant
from safelight.domain.clearance import Candidate, Clearance, ReasonToStay, Validation, clear
from safelight.domain.consent import ConsentState, Status
from safelight.domain.culling import Culling, Pick
from safelight.domain.ids import Country, PersonId, PhotoGuid, ReceiptId, RecipientId, RecordId, ScopeId, SubjectId
from safelight.domain.jurisdiction import Cover, Mechanism
from safelight.domain.people import Recipient
from safelight.domain.term import ONE_YEAR, Territory, TerritoryKind
from safelight.domain.usage import ConsentSnapshot

RULES = shipped_rules()
DAY = date(2026, 5, 4)
HOME, ABROAD = Country("DE"), Country("IN")
PHOTO = PhotoGuid("photo")
PLAIN = ScopeId("use.portfolio")
CHECKED = next(each.id for each in RULES.catalogue.exportable() if each.needs_validation)
GOOD = Validation(ReceiptId("r"), PersonId("robin"), PersonId("kim"), DAY)


def snapshot(use: ScopeId = PLAIN, status: Status = Status.GIVEN) -> ConsentSnapshot:
    grant = Grant(ONE_YEAR, Territory(TerritoryKind.WORLDWIDE), (RecipientId("agency"),))
    at = datetime(2026, 5, 1, tzinfo=UTC)
    state = ConsentState(RecordId("a"), SubjectId("s"), use, status, 1, at, grant, DAY + timedelta(days=300))
    return ConsentSnapshot({use: state})


def candidate(people: int = 1, use: ScopeId = PLAIN, **changes: Any) -> Candidate:
    made = Candidate(PHOTO, (snapshot(use),) * people, (GOOD,) * people, (frozenset(),) * people)
    return replace(made, **changes)


def cleared(made: Candidate, use: ScopeId = PLAIN, to: Country = HOME, cover: Cover | None = None) -> Clearance:
    recipient = Recipient(RecipientId("agency"), "Prenzel", to, "in@prenzel.example")
    return clear(made, use, recipient, to, DAY, HOME, RULES.catalogue, RULES.adequacy, cover)


@pytest.mark.parametrize("use", [PLAIN, CHECKED])
def test_what_everybody_allows_leaves(use: ScopeId) -> None:
    done = cleared(candidate(2, use), use)
    assert done.cleared and done.hold is None and done.transfer is not None


@pytest.mark.parametrize(
    ("changes", "hold"),
    [
        ({"culling": Culling(hidden_at=datetime(2026, 5, 3, tzinfo=UTC))}, ReasonToStay.HIDDEN),
        ({"snapshots": ()}, ReasonToStay.UNBOUND),
        ({"snapshots": (replace(snapshot(), vetoed=frozenset({PHOTO})),)}, ReasonToStay.VETO),
        ({"culling": Culling(mark=Pick.REJECT)}, ReasonToStay.REJECTED),
        ({"in_check": True}, ReasonToStay.CHECK),
        ({"exchanged": True}, ReasonToStay.EXCHANGED),
        ({"snapshots": (snapshot(status=Status.REFUSED),)}, ReasonToStay.CONSENT),
        ({"private": ("GPS position",)}, ReasonToStay.PRIVATE),
    ],
)
def test_each_reason_by_itself_keeps_it_back(changes: dict[str, Any], hold: ReasonToStay) -> None:
    done = cleared(candidate(**changes))
    assert (done.cleared, done.hold, done.transfer) == (False, hold, None) and done.why


@pytest.mark.parametrize(
    ("check", "hold"),
    [
        (None, ReasonToStay.NOT_VALIDATED),
        (replace(GOOD, on=DAY + timedelta(days=1)), ReasonToStay.NOT_VALIDATED),
        (replace(GOOD, by=GOOD.taken_by), ReasonToStay.SELF_VALIDATED),
    ],
)
def test_the_check_of_the_last_person_counts_as_well(check: Validation | None, hold: ReasonToStay) -> None:
    assert cleared(candidate(2, CHECKED, validations=(GOOD, check)), CHECKED).hold is hold
    assert cleared(candidate(2, validations=(GOOD, check))).cleared, "where no check is asked for, none is missed"


def test_agreeing_to_a_border_is_each_persons_own() -> None:
    cover = Cover(Mechanism.CONSENT, DAY)
    agreed = frozenset({ABROAD})
    assert cleared(candidate(2, cross_border=(agreed, agreed)), to=ABROAD, cover=cover).cleared
    for ways in ((agreed, frozenset[Country]()), (frozenset[Country](), agreed)):
        assert cleared(candidate(2, cross_border=ways), to=ABROAD, cover=cover).hold is ReasonToStay.TRANSFER

"""What an erasure takes and what stays, by values alone: the day of the proof, holds, group photos."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from safelight.domain.consent import ConsentState, Status
from safelight.domain.erasure import (
    Erasure,
    ErasureFacts,
    GroupPhoto,
    KeysDue,
    SignedOnce,
    end_of,
    evidence_day,
    key_due,
    plan_erasure,
)
from safelight.domain.holds import HoldClass, LegalHold, Release
from safelight.domain.ids import PersonId, PhotoGuid, RecordId, ScopeId, SubjectId

TODAY, NOW = date(2026, 5, 4), datetime(2026, 5, 4, 9, tzinfo=UTC)
ADA, BEN = SubjectId("ada"), SubjectId("ben")
FACTS = ErasureFacts(ADA, (), 0, 0, 1, 0, 1, (SignedOnce(TODAY, TODAY, 3),), (), (), (), (), ())


def hold(what: str, of: SubjectId = ADA, released: bool = False) -> LegalHold:
    end = Release(NOW, PersonId("kim")) if released else None
    return LegalHold(what, of, HoldClass(what), "why", date(2027, 1, 1), PersonId("kim"), NOW, end)


@pytest.mark.parametrize(
    ("years", "last"),
    [(None, date(2031, 5, 4)), (3, date(2031, 5, 4)), (6, date(2032, 5, 4)), (10, date(2036, 5, 4))],
)
def test_the_proof_stays_its_limitation_and_never_less_than_five_years(years: int | None, last: date) -> None:
    assert evidence_day((SignedOnce(date(2020, 1, 1), TODAY, years),), TODAY) == last


def test_the_latest_end_of_all_counts_and_a_no_counts_from_its_day() -> None:
    signed = (SignedOnce(date(2024, 2, 29), None, 3), SignedOnce(date(2021, 1, 1), date(2022, 1, 1), 10))
    assert evidence_day(signed, TODAY) == date(2032, 1, 1)
    assert evidence_day(signed[:1], TODAY) == date(2029, 2, 28)
    assert evidence_day((), TODAY) == TODAY


@pytest.mark.parametrize(
    ("status", "last_day", "ended"),
    [
        (Status.GIVEN, None, TODAY),
        (Status.GIVEN, date(2026, 1, 1), date(2026, 1, 1)),
        (Status.WITHDRAWN, None, date(2025, 3, 1)),
        (Status.WITHDRAWN, date(2025, 2, 1), date(2025, 2, 1)),
        (Status.REFUSED, None, None),
    ],
)
def test_when_a_yes_ended(status: Status, last_day: date | None, ended: date | None) -> None:
    at = datetime(2025, 3, 1, 9, tzinfo=UTC)
    state = ConsentState(RecordId("r"), ADA, ScopeId("use.web"), status, 1, at, last_day=last_day)
    assert end_of([state], TODAY) == ((date(2025, 3, 1), ended),)


def test_the_plan_names_group_photos_holds_and_the_day() -> None:
    photos = ((PhotoGuid("1"), (ADA,)), (PhotoGuid("2"), (BEN, ADA)))
    facts = replace(FACTS, photos=photos, holds=(hold("proof"), hold("all", released=True)))
    plan = plan_erasure(facts, TODAY)
    assert plan.group == (GroupPhoto(PhotoGuid("2"), (BEN,)),)
    assert (plan.portrait_now, plan.proof_until) == (True, date(2031, 5, 4))
    assert [each.id for each in plan.proof_waits] == ["proof"]
    others = plan_erasure(replace(facts, others_holds=(hold("photos", BEN),)), TODAY)
    assert not others.portrait_now and [each.subject for each in others.photos_wait] == [BEN]
    assert plan_erasure(replace(FACTS, receipts=0, signed=()), TODAY).proof_until is None


@pytest.mark.parametrize(
    ("holds", "beside", "day", "due"),
    [
        ((), (), TODAY, KeysDue(True, False)),
        ((), (), date(2031, 5, 4), KeysDue(True, True)),
        (("photos",), (), date(2031, 5, 4), KeysDue(False, False)),
        (("proof",), (), date(2031, 5, 4), KeysDue(True, False)),
        (("all",), (), date(2031, 5, 4), KeysDue(False, False)),
        (("templates",), (), TODAY, KeysDue(True, False)),
        ((), ("photos",), TODAY, KeysDue(False, False)),
        ((), ("proof",), TODAY, KeysDue(True, False)),
    ],
)
def test_what_is_due(holds: tuple[str, ...], beside: tuple[str, ...], day: date, due: KeysDue) -> None:
    row = Erasure("e", ADA, NOW, None, date(2031, 5, 4), (), (), (), ())
    assert key_due(row, day, map(hold, holds), [hold(each, BEN) for each in beside]) == due


def test_nothing_is_due_twice() -> None:
    row = Erasure("e", ADA, NOW, None, TODAY, (), (), (), (), NOW, NOW)
    assert key_due(row, TODAY, ()) == KeysDue(False, False) and row.whole
    assert row.destroyed == {"portrait", "evidence"}

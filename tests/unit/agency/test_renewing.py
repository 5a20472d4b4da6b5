"""A newer bundle takes the place of an older one, with its pictures or, as records alone, without them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from safelight.agency.applying import take_notices
from safelight.agency.imports import import_bundle
from safelight.agency.open_agency import OpenAgency
from safelight.agency.questions import may
from safelight.agency.upkeep import check_agency
from safelight.domain.errors import Malformed, Refused
from safelight.domain.usage import Blocker
from support import deliveries
from support.notices import NoticeBook, ended

USE = "use.directory"
LATER = deliveries.START + timedelta(minutes=5)


def answered(agency: OpenAgency, shot: Any) -> Any:
    decision = may(agency, shot.guid, USE, "FR")[0].decision
    return decision.records if decision.allowed else decision.blocker


@pytest.mark.parametrize("alone", [False, True], ids=["with the picture", "records alone"])
def test_a_yes_that_was_given_anew_counts(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path, alone: bool
) -> None:
    taken, person = shot(), studio.receipt([USE])
    studio.deliver(tmp_path / "1.age", 1, [(taken, [person])], [USE])
    import_bundle(agency, tmp_path / "1.age")
    held = agency.catalogue.received.photos([taken.guid])[taken.guid]
    take_notices(agency, [NoticeBook(studio).write([ended(person, USE, taken)])])
    assert answered(agency, taken) is Blocker.WITHDRAWN
    again = studio.receipt([USE], at=LATER)
    more = {"records_only": True} if alone else {}
    studio.deliver(tmp_path / "2.age", 2, [(taken, [again])], [USE], at=LATER, **more)
    done, _ = import_bundle(agency, tmp_path / "2.age")
    assert (done.photos, done.new_photos, done.records, done.warnings) == (1, 0, 1, ())
    assert answered(agency, taken) == (again.record_for(USE).id,)
    kept = agency.catalogue.received.photos([taken.guid])[taken.guid]
    assert (kept.file == held.file) is alone
    assert agency.catalogue.files.read_bytes(kept.file) == taken.data
    assert import_bundle(agency, tmp_path / "2.age")[0].already
    assert check_agency(agency)[0].problems == ()


def test_records_alone_are_about_photos_that_are_here(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path
) -> None:
    taken, person = shot(), studio.receipt([USE])
    studio.deliver(tmp_path / "2.age", 2, [(taken, [person])], [USE], records_only=True)
    with pytest.raises(Refused, match="which is not here"):
        import_bundle(agency, tmp_path / "2.age")
    studio.deliver(tmp_path / "1.age", 1, [(taken, [studio.receipt([USE])])], [USE])
    import_bundle(agency, tmp_path / "1.age")
    import_bundle(agency, tmp_path / "2.age")
    assert person.record_for(USE).id in answered(agency, taken)


def test_a_picture_that_was_deleted_is_asked_for(agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path) -> None:
    taken, person = shot(), studio.receipt([USE])
    studio.deliver(tmp_path / "1.age", 1, [(taken, [person])], [USE])
    import_bundle(agency, tmp_path / "1.age")
    take_notices(agency, [NoticeBook(studio).write([ended(person, USE, taken)])], delete=True)
    studio.deliver(tmp_path / "2.age", 2, [(taken, [studio.receipt([USE], at=LATER)])], [USE], at=LATER,
                   records_only=True)  # fmt: skip
    done, _ = import_bundle(agency, tmp_path / "2.age")
    assert "1 were deleted here" in done.warnings[0]
    assert check_agency(agency)[0].problems == ()


def test_a_manifest_says_it_or_has_no_word_of_it(studio: Any, shot: Any, tmp_path: Path) -> None:
    with pytest.raises(Malformed):
        studio.deliver(tmp_path / "1.age", 1, [(shot(), [studio.receipt([USE])])], [USE], records_only=False)

"""An agency whose clock was wrong: it says no too early, nothing is locked for good, and no ended yes comes back."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from safelight.agency.clock import agency_clock, confirm_clock, set_clock_back
from safelight.agency.founding import agency_card
from safelight.agency.imports import import_bundle
from safelight.agency.open_agency import OpenAgency
from safelight.agency.questions import may
from safelight.agency.refreshing import refresh_status
from safelight.agency.upkeep import check_agency
from safelight.documents.identity_cards import read_card
from safelight.domain.clock import MOST_AHEAD
from safelight.domain.errors import Refused, WrongUsage

USE = "use.directory"
WRONG = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.fixture
def photo(agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path) -> str:
    """One that may be used."""
    taken = shot()
    studio.deliver(tmp_path / "1.age", 1, [(taken, [studio.receipt([USE])])], [USE])
    import_bundle(agency, tmp_path / "1.age")
    return str(taken.guid)


def allowed(agency: OpenAgency, photo: str) -> bool:
    return may(agency, photo, USE, "FR")[0].decision.allowed


def refresh(agency: OpenAgency, studio: Any, folder: Path, at: datetime) -> None:
    folder.mkdir()
    listed = studio.listed(1, at, at + timedelta(days=30))
    (folder / "list.json").write_bytes(listed)
    (folder / "list.json.sig").write_bytes(studio._sign(listed, "safelight-status"))
    refresh_status(agency, folder)


def written_by_an_earlier_program(agency: OpenAgency, at: datetime) -> None:
    with agency.catalogue.transaction(at, at) as writing:
        agency.catalogue.journal.append(writing, "asked", "-", b"")


def test_one_run_with_a_clock_in_2099_locks_nothing(
    agency: OpenAgency, studio: Any, shot: Any, photo: str, clock: Any, tmp_path: Path
) -> None:
    right, newest = clock.at, agency.catalogue.newest_seen()
    clock.at = WRONG
    assert agency_clock(agency).ahead and not allowed(agency, photo), "too early a no is safe"
    head = agency.catalogue.journal.head()
    assert head is not None and head.kind == "asked" and head.at == newest
    assert b"2099-01-01" in agency.catalogue.journal.payload(head.number)
    studio.deliver(tmp_path / "2.age", 2, [(shot(), [studio.receipt([USE])])], [USE])
    import_bundle(agency, tmp_path / "2.age")
    refresh(agency, studio, tmp_path / "list", right)
    assert read_card(agency_card(agency)).issued_at == right
    assert agency.catalogue.newest_seen() == right
    clock.at = right + timedelta(hours=1)
    assert allowed(agency, photo) and not agency.clock_set_back()
    assert check_agency(agency)[0].problems == ()


def test_two_years_later_it_asks_offline_and_gets_an_honest_answer(
    agency: OpenAgency, studio: Any, photo: str, clock: Any, tmp_path: Path
) -> None:
    clock.forward(days=731)
    assert not allowed(agency, photo) and agency.clock_ahead()
    refresh(agency, studio, tmp_path / "list", clock.at - timedelta(days=1))
    assert agency.catalogue.newest_seen() == clock.at and not agency.clock_ahead(), "the studio told that time passed"
    assert not allowed(agency, photo), "the year it was given for is over"


def test_a_clock_that_is_right_is_confirmed_once(agency: OpenAgency, photo: str, clock: Any) -> None:
    clock.forward(days=MOST_AHEAD.days + 30)
    with pytest.raises(WrongUsage):
        confirm_clock(agency, date(2026, 5, 4), "Lou")
    confirm_clock(agency, clock.at.date(), "Lou")
    assert agency.catalogue.newest_seen() == clock.at and not agency.clock_ahead()
    clock.forward(days=-MOST_AHEAD.days)
    assert not allowed(agency, photo) and agency.clock_set_back()
    with pytest.raises(Refused):
        set_clock_back(agency, "Lou")


def test_an_agency_that_a_wrong_clock_locked_finds_its_way_back(
    agency: OpenAgency, studio: Any, photo: str, clock: Any, tmp_path: Path
) -> None:
    right = clock.at
    written_by_an_earlier_program(agency, WRONG)
    assert not allowed(agency, photo), "locked, before there was a way back"
    newest = right + timedelta(days=3)
    clock.at = newest
    refresh(agency, studio, tmp_path / "list", right + timedelta(days=2))
    set_clock_back(agency, "Lou")
    assert agency.catalogue.newest_seen() == newest and allowed(agency, photo)
    told = agency.catalogue.journal.told_about("clock-set-back", agency.identity.id)
    assert json.loads(told[0][1])["by"] == "Lou"
    assert check_agency(agency)[0].problems == ()
    clock.at = right
    assert agency.now() == newest, "and from there it does not run back again"


def test_the_way_back_leads_behind_nothing_a_studio_signed(
    agency: OpenAgency, studio: Any, photo: str, clock: Any, tmp_path: Path
) -> None:
    """The list was taken in while the wrong clock ran, and is the newest that anybody vouches for."""
    right = clock.at
    written_by_an_earlier_program(agency, WRONG)
    refresh(agency, studio, tmp_path / "list", right + timedelta(days=20))
    clock.at = right + timedelta(days=10)
    set_clock_back(agency, "Lou")
    assert agency.catalogue.newest_seen() == right + timedelta(days=20)


def test_what_a_list_said_has_ended_stays_ended(
    agency: OpenAgency, studio: Any, shot: Any, clock: Any, tmp_path: Path
) -> None:
    taken, receipt = shot(), studio.receipt([USE])
    studio.deliver(tmp_path / "1.age", 1, [(taken, [receipt])], [USE])
    import_bundle(agency, tmp_path / "1.age")
    right = clock.at
    written_by_an_earlier_program(agency, WRONG)
    studio.end(receipt, USE)
    refresh(agency, studio, tmp_path / "list", right)
    clock.at = right + timedelta(days=1)
    set_clock_back(agency, "Lou")
    assert not allowed(agency, taken.guid)

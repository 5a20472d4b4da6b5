"""A studio with several status lists: each vouches for its own records, until its own date, and they never mix."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from safelight.agency.imports import import_bundle
from safelight.agency.open_agency import OpenAgency
from safelight.agency.queries.photos import list_photos
from safelight.agency.questions import UsageAnswer, consent_until, may
from safelight.agency.refreshing import refresh_status
from safelight.agency.reports import End, report_rows
from safelight.documents.status_file import SignedList, status_file_bytes
from safelight.domain.errors import Malformed, Refused
from safelight.domain.usage import Blocker
from safelight.storage.catalogue_rows import StandingOfList, StandingOfStudio
from safelight.storage.catalogue_tables import status
from support import deliveries

USE, OTHER = "use.directory", "use.social"


def listed(studio: Any, number: int, at: datetime, days: int = 30) -> SignedList:
    content = studio.listed(number, at, at + timedelta(days=days))
    return SignedList(content, studio.key.sign(content, "safelight-status"))


def refresh(agency: OpenAgency, folder: Path, lists: Sequence[SignedList]) -> Any:
    (folder / "lists").write_bytes(status_file_bytes(lists))
    return refresh_status(agency, folder / "lists")[0]


def ask(agency: OpenAgency, photo: Any, use: str = USE, day: date | None = None) -> UsageAnswer:
    return may(agency, photo.guid, use, "FR", day)[0]


@pytest.fixture
def delivered(agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path) -> Any:
    """A photo under the first list, one under the second, and one of both people; ``ids`` are by that order."""
    one, two = shot(), shot()
    first, second = studio.receipt([USE, OTHER]), studio.receipt([USE, OTHER], status_list=2)
    both = shot(*one.people, *two.people)
    shots = [(one, [first]), (two, [second]), (both, [first, second])]
    studio.deliver(tmp_path / "b.age", 1, shots, [USE, OTHER])
    import_bundle(agency, tmp_path / "b.age")
    return (one, two, both), (first, second)


def test_each_list_is_judged_by_its_own_date(
    agency: OpenAgency, studio: Any, delivered: Any, clock: Any, tmp_path: Path
) -> None:
    (one, two, both), _ = delivered
    assert all(ask(agency, each).decision.allowed for each in (one, two, both))
    clock.forward(days=20)
    done = refresh(agency, tmp_path, [listed(studio, 1, clock.at)])
    assert (done.newer, done.absent) == (True, (2,))
    old, new = deliveries.START + timedelta(days=30), clock.at + timedelta(days=30)
    assert done.vouched_until == old
    for photo, until in ((one, new), (two, old), (both, old)):
        answer = ask(agency, photo)
        assert answer.decision.expires == answer.fresh_until == until.date()
        last = consent_until(agency, answer)
        assert last is not None and last > until.date()
    assert [each.fresh_until for each in list_photos(agency)] == [new.date(), old.date(), old.date()]
    assert {each.ends for each in report_rows(agency)[0]} == {End.STATUS_LIST}
    clock.forward(days=15)
    assert ask(agency, one).decision.allowed
    for photo in (two, both):
        answer = ask(agency, photo)
        assert answer.decision.blocker is Blocker.STALE and answer.fresh_until == old.date()
        assert answer.if_fresh is not None and answer.if_fresh.allowed
    done = refresh(agency, tmp_path, [listed(studio, 1, clock.at), listed(studio, 2, clock.at)])
    assert done.absent == () and done.vouched_until == clock.at + timedelta(days=30)
    assert all(ask(agency, each).decision.allowed for each in (one, two, both))
    assert agency.catalogue.check(signers=[agency.signer.public_ssh]).problems == ()


def test_a_list_that_was_never_seen_vouches_for_nothing(agency: OpenAgency, studio: Any, delivered: Any) -> None:
    (one, two, both), _ = delivered
    known = agency.catalogue.trusted_studios.standing(studio.identity.id)
    assert known is not None and sorted(known.lists) == [1, 2]
    with agency.catalogue.transaction(agency.now()) as writing:
        writing.connection.execute(status.delete())
        agency.catalogue.trusted_studios.learn(writing, [known.lists[1]])
    agency.standings.forget()
    assert ask(agency, one).decision.allowed
    for photo in (two, both):
        answer = ask(agency, photo)
        assert answer.decision.blocker is Blocker.STALE and answer.fresh_until is None
        assert answer.if_fresh is not None and answer.if_fresh.allowed
    assert StandingOfStudio({1: known.lists[1]}).vouched_until([1, 2]) is None


def test_the_same_place_in_another_list_is_another_record(
    agency: OpenAgency, studio: Any, delivered: Any, clock: Any, tmp_path: Path
) -> None:
    (one, two, both), (first, second) = delivered
    clock.forward(days=1)
    studio.ended.update(each.status_index for each in second.records)
    studio.further[2].update(each.status_index for each in first.records)
    done = refresh(agency, tmp_path, [listed(studio, 2, clock.at), listed(studio, 1, clock.at)])
    assert done.ended == 4 and all(ask(agency, each).decision.allowed for each in (one, two, both))
    studio.end(second, USE)
    clock.forward(days=1)
    assert refresh(agency, tmp_path, [listed(studio, 1, clock.at), listed(studio, 2, clock.at)]).ended == 1
    assert ask(agency, one).decision.allowed and ask(agency, two, OTHER).decision.allowed
    for photo in (two, both):
        assert ask(agency, photo).decision.blocker is Blocker.WITHDRAWN


def test_lists_come_in_any_order_and_never_go_back(
    agency: OpenAgency, studio: Any, delivered: Any, clock: Any, tmp_path: Path
) -> None:
    (_, two, _), (_, second) = delivered
    clock.forward(days=10)
    older = [listed(studio, number, clock.at - timedelta(days=5)) for number in (1, 2)]
    studio.end(second, USE)
    assert refresh(agency, tmp_path, [listed(studio, 2, clock.at)]).ended == 1
    done = refresh(agency, tmp_path, older)  # newer for the first list, older for the second
    assert done.newer and done.ended == 0
    assert ask(agency, two).decision.blocker is Blocker.WITHDRAWN
    assert ask(agency, two, OTHER).fresh_until == (clock.at + timedelta(days=30)).date()
    assert not refresh(agency, tmp_path, older).newer


def test_a_folder_holds_several_lists_too(
    agency: OpenAgency, studio: Any, delivered: Any, clock: Any, tmp_path: Path
) -> None:
    clock.forward(days=40)
    folder = tmp_path / "published"
    folder.mkdir()
    for name, each in (("list.json", listed(studio, 1, clock.at)), ("list-2.json", listed(studio, 2, clock.at))):
        (folder / name).write_bytes(each.list)
        (folder / f"{name}.sig").write_text(each.signature)
    assert refresh_status(agency, folder)[0].absent == ()
    assert all(ask(agency, each).decision.allowed for each in delivered[0])
    (folder / "list-2.json.sig").write_bytes(b"\xff")
    with pytest.raises(Refused, match=r"list-2\.json\.sig"):
        refresh_status(agency, folder)


def test_one_bad_list_spoils_the_file_and_nothing_is_learnt(
    agency: OpenAgency, studio: Any, new_studio: Any, delivered: Any, clock: Any, tmp_path: Path
) -> None:
    clock.forward(days=40)
    other, stranger = new_studio("Other"), new_studio(trusted=False)
    good, before = listed(studio, 1, clock.at), agency.catalogue.trusted_studios.standing(studio.identity.id)
    content = studio.listed(2, clock.at, clock.at + timedelta(days=30))
    bad = {
        "other studio's": listed(other, 1, clock.at),
        "signed by a stranger": SignedList(content, stranger.key.sign(content, "safelight-status")),
        "signed by another": SignedList(content, other.key.sign(content, "safelight-status")),
        "altered": SignedList(content.replace(b"#status-2", b"#status-3"), listed(studio, 2, clock.at).signature),
        "from the future": listed(studio, 2, clock.at + timedelta(days=3)),
    }
    for name, each in bad.items():
        for lists in ([good, each], [each, good]):
            with pytest.raises(Refused):
                refresh(agency, tmp_path, lists)
            assert agency.catalogue.trusted_studios.standing(studio.identity.id) == before, name
    with pytest.raises(Malformed):
        refresh(agency, tmp_path, [good] * 100)


def test_a_catalogue_of_before_stays_as_it_was_until_a_second_list_comes(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path
) -> None:
    def row() -> bytes:
        with agency.catalogue._store.database.reading() as connection:
            found = connection.execute(select(status)).one()
        return agency.catalogue._store.open_own("status", found.studio, found.version, found.sealed)

    taken = shot()
    studio.deliver(tmp_path / "b.age", 1, [(taken, [studio.receipt([USE])])], [USE])
    import_bundle(agency, tmp_path / "b.age")
    before = row()
    assert before.startswith(b'{"studio":') and b"number" not in before
    later = studio.receipt([USE], status_list=3)
    studio.deliver(tmp_path / "c.age", 2, [(shot(), [later])], [USE])
    import_bundle(agency, tmp_path / "c.age")
    assert row().startswith(b"[" + before[:-1])
    known = agency.catalogue.trusted_studios.standing(studio.identity.id)
    assert known is not None and sorted(known.lists) == [1, 2, 3]
    # A bundle of before, with one list, changes nothing of the others.
    studio.further.clear()
    studio.deliver(tmp_path / "d.age", 3, [(shot(), [studio.receipt([USE])])], [USE])
    import_bundle(agency, tmp_path / "d.age")
    again = agency.catalogue.trusted_studios.standing(studio.identity.id)
    assert again is not None and {2: again.lists[2], 3: again.lists[3]} == {2: known.lists[2], 3: known.lists[3]}


def test_standing_of_several_lists() -> None:
    def standing(number: int, days: int, bits: bytes) -> StandingOfList:
        until = deliveries.START + timedelta(days=days)
        return StandingOfList(deliveries.StudioId("s"), deliveries.START, until, bits, number)

    whole = StandingOfStudio({1: standing(1, 9, b"\x81"), 2: standing(2, 5, b"\x01")})
    assert (whole.count(), whole.valid_until) == (3, deliveries.START + timedelta(days=5))
    day = deliveries.START.date()
    assert whole.vouched_until() == whole.vouched_until([1, 2]) == day + timedelta(days=5)
    assert whole.vouched_until([1, 1]) == day + timedelta(days=9) and whole.vouched_until([3]) is None

"""One row a shutter, in the order they were taken, by clocks put right; boards and lists count shots, not files."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from safelight.domain.attendance import Presence
from safelight.domain.binding import CameraClock
from safelight.domain.cameras import UNNAMED
from safelight.domain.culling import Pick
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import PhotoGuid
from safelight.domain.photo import CameraTime, Photo
from safelight.storage.tables import photo as photo_table
from safelight.studio.arrivals import mark_arrived
from safelight.studio.culling import hide_photos, mark_photos, pick_by_subject, rate_photos, unhide_photos
from safelight.studio.queries.board import BoardRow, OpenPoint, board_row, session_board
from safelight.studio.queries.on_set import next_person
from safelight.studio.queries.sessions import session_rows
from safelight.studio.queries.shots import last_shots, session_shots, shot
from support.shoot import GUARDIAN, Shoot, said_yes


def changed(shoot: Shoot, photo: Photo, **fields: object) -> Photo:
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        after = replace(shoot.studio.archive.photos.get(photo.guid), **fields)  # type: ignore[arg-type]
        shoot.studio.archive.photos.put(writing, after)
    return after


def at(time: str, offset: int | None = None) -> CameraTime:
    return CameraTime(f"2026-05-04T{time}", offset)


def test_a_raw_file_and_its_jpeg_are_one_row_shown_by_the_jpeg(shoot: Shoot) -> None:
    ada, kim = shoot.person("Ada"), shoot.staff["Kim"].id
    raw, jpeg, alone = shoot.photo(ada), shoot.photo(ada), shoot.photo()
    changed(shoot, raw, shot=raw.guid, name="B_1.NEF", media_type="image/x-nikon-nef")
    changed(shoot, jpeg, shot=raw.guid, name="B_1.JPG", flagged=True)
    rate_photos(shoot.studio, [raw.guid], 3, kim)
    mark_photos(shoot.studio, [jpeg.guid], Pick.PICK, kim)
    pick_by_subject(shoot.studio, [jpeg.guid])
    one = shot(shoot.studio, jpeg.guid)
    assert one == shot(shoot.studio, raw.guid)
    assert (one.guids, one.shown, one.name) == ((raw.guid, jpeg.guid), jpeg.guid, "B_1.JPG")
    assert one.pair and one.check
    assert (one.rating, one.mark, one.picked_by_subject, one.subjects) == (3, Pick.PICK, True, (ada.id,))
    rows = session_shots(shoot.studio, shoot.session)
    assert {each.shot for each in rows} == {raw.guid, alone.guid} and one in rows
    assert session_shots(shoot.studio, shoot.session, subject=ada.id) == (one,)
    assert session_shots(shoot.studio, shoot.session, check=True) == (one,)
    assert [each.shot for each in session_shots(shoot.studio, shoot.session, unassigned=True)] == [alone.guid]
    with pytest.raises(WrongUsage, match="no photo"):
        shot(shoot.studio, PhotoGuid("x"))


def test_shots_lie_in_the_order_they_were_taken_by_clocks_put_right(shoot: Shoot) -> None:
    session = shoot.new_session(zone="Europe/Berlin")
    taken = [shoot.photo(session=session) for _ in range(6)]
    told = [
        ("late.jpg", at("10:00:00.500"), "a" * 64),  # a camera that is 47 minutes behind
        ("zone.jpg", at("10:20:00.000", 120), "b" * 64),
        ("A_10.jpg", at("10:30:00.000"), ""),
        ("A_9.jpg", at("10:30:00.000"), ""),
        ("first.jpg", at("07:00:00.000", 0), "b" * 64),
        ("nobody-knows.jpg", None, ""),
    ]
    for photo, (name, time, tag) in zip(taken, told, strict=True):
        changed(shoot, photo, name=name, camera_time=time, camera_tag=tag, taken_at=None)
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        behind = replace(UNNAMED, clock=CameraClock(47 * 60_000 - 7_200_000, known=True))
        shoot.studio.archive.cameras.put(writing, session.id, "a" * 64, behind)
    rows = session_shots(shoot.studio, session)
    assert [(each.name, each.taken) for each in rows] == [
        ("first.jpg", "09:00:00"), ("zone.jpg", "10:20:00"), ("A_9.jpg", "10:30:00"), ("A_10.jpg", "10:30:00"),
        ("late.jpg", "10:47:00"), ("nobody-knows.jpg", ""),
    ]  # fmt: skip
    assert rows[4].taken_ms is not None and rows[4].taken_ms % 1000 == 500 and rows[-1].taken_ms is None


def test_the_last_shots_are_those_that_came_in_last(shoot: Shoot) -> None:
    taken = [shoot.photo() for _ in range(5)]
    kim = shoot.staff["Kim"].id
    changed(shoot, taken[4], shot=taken[3].guid)
    hide_photos(shoot.studio, [taken[2].guid], kim)
    assert [each.shot for each in last_shots(shoot.studio, shoot.session, 2)] == [taken[3].guid, taken[1].guid]
    newest = session_shots(shoot.studio, shoot.session, newest=2)
    assert {each.shot for each in newest} == {taken[3].guid, taken[1].guid}
    assert [each.shot for each in session_shots(shoot.studio, shoot.session, hidden=True)] == [taken[2].guid]
    assert shot(shoot.studio, taken[2].guid).hidden


def test_a_row_that_does_not_open_is_shown_as_damaged(shoot: Shoot) -> None:
    photo, other = shoot.photo(), shoot.photo()
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        sealed = update(photo_table).where(photo_table.c.guid == photo.guid).values(sealed=b"x" * 90)
        writing.connection.execute(sealed)
    rows = {each.shot: each for each in session_shots(shoot.studio, shoot.session)}
    assert rows[photo.guid].damaged and rows[photo.guid].name == "" and not rows[other.guid].damaged


def test_what_is_in_the_bin_counts_nowhere(shoot: Shoot) -> None:
    ada, ben, kim = shoot.person("Ada"), shoot.person("Ben"), shoot.staff["Kim"].id
    one, other, nobodys = shoot.photo(ada), shoot.photo(ada), shoot.photo()
    changed(shoot, other, shot=one.guid, flagged=True)
    board = session_board(shoot.studio, shoot.session)
    assert (board.shots, board.checks, board.unassigned) == (2, 1, 1)
    assert [(each.shots, each.checks) for each in board.people] == [(1, 1), (0, 0)]
    hide_photos(shoot.studio, [other.guid, nobodys.guid], kim)
    board = session_board(shoot.studio, shoot.session)
    assert (board.shots, board.checks, board.unassigned) == (0, 0, 0)
    assert OpenPoint.WITHOUT_PHOTOS in board.people[0].open
    (row,) = [each for each in session_rows(shoot.studio) if each.session.id == shoot.session.id]
    assert (row.shots, row.photographed) == (0, 0)
    unhide_photos(shoot.studio, [one.guid], kim)
    (row,) = [each for each in session_rows(shoot.studio) if each.session.id == shoot.session.id]
    assert (row.shots, row.photographed) == (1, 1)
    assert session_board(shoot.studio, shoot.session).people[1].id == ben.id


def test_whose_only_shot_is_in_the_bin_waits_to_be_photographed(shoot: Shoot) -> None:
    ada = shoot.person("Ada")
    photo = shoot.photo(ada)
    shoot.ask(ada, said_yes("use.portfolio"))
    mark_arrived(shoot.studio, shoot.session, ada.id)
    assert next_person(shoot.studio, shoot.session) is None
    hide_photos(shoot.studio, [photo.guid], shoot.staff["Kim"].id)
    assert next_person(shoot.studio, shoot.session) == ada.id


def test_one_row_of_the_board_is_that_of_the_whole_board(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    child = shoot.person("Nils", GUARDIAN, born=shoot.studio.today() - timedelta(days=365 * 15))
    photo = shoot.photo(ada)
    shoot.photo(ada)
    changed(shoot, photo, flagged=True)
    shoot.ask(ada, said_yes("ai.train-generative", *shoot.agencies.values()))
    mark_arrived(shoot.studio, shoot.session, ben.id)

    def same() -> dict[str, BoardRow]:
        board = session_board(shoot.studio, shoot.session)
        for each in board.people:
            assert board_row(shoot.studio, shoot.session, each.id) == each
        return {each.name: each for each in board.people}

    told = same()
    assert told["Ada"].ready and (told["Ada"].shots, told["Ada"].checks) == (2, 1)
    assert told["Ada"].open == (OpenPoint.UNCHECKED,)
    assert told["Ben"].arrived_at and told["Ben"].presence is Presence.EXPECTED
    assert told["Nils"].waits_guardian and not told["Nils"].ready
    shoot.check(ada)
    assert same()["Ada"].open == ()
    shoot.ask(child, said_yes("use.portfolio"))
    told = same()
    assert not told["Nils"].waits_guardian and told["Nils"].ready
    shoot.clock.on(days=1)
    shoot.ask(ada, said_yes("ai.train-generative", *shoot.agencies.values()))
    assert same()["Ada"].open == (OpenPoint.UNCHECKED,)

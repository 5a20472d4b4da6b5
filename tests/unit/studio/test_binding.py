"""Frames are bound by the switch log and the cameras' clocks, and once more when more is known; by hand stays."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from safelight.domain.binding import Bound
from safelight.domain.cameras import ClockSource
from safelight.domain.changes import Changes
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import PersonId
from safelight.domain.people import Subject
from safelight.domain.photo import CameraTime, Photo
from safelight.studio import assignments, cameras, subject_changes
from safelight.studio.binding import Binder
from safelight.studio.checks import checks
from safelight.studio.frame_binding import BySwitchLog
from safelight.studio.on_set import How, put_on_set
from safelight.studio.queries.cameras import clocks, find_camera
from safelight.studio.queries.on_set import switches
from support.shoot import START, Shoot

A, B = "a" * 64, "b" * 64
SLOW = timedelta(minutes=47)
"""By how much the clock of camera B is behind."""


def kim(shoot: Shoot) -> PersonId:
    return shoot.staff["Kim"].id


def put(shoot: Shoot, *people: Subject) -> None:
    put_on_set(shoot.studio, shoot.session, [each.id for each in people], kim(shoot), How.ENTER)


def shown(at: datetime, camera: str = A) -> CameraTime:
    """What a camera's clock shows then: A with its offset, B 47 minutes behind and without one."""
    if camera == A:
        return CameraTime((at + timedelta(hours=2)).replace(tzinfo=None).isoformat(timespec="milliseconds"), 120)
    return CameraTime((at - SLOW).replace(tzinfo=None).isoformat(timespec="milliseconds"))


def ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def taken(shoot: Shoot, camera: str, at: datetime, delay: float = 1, live: bool = True) -> Photo:
    """A frame comes in as intake keeps it: bound inside the transaction, and what it tells of its camera is kept."""
    studio, seen = shoot.studio, ms(at) + round(delay * 1000) if live else None
    time = shown(at, camera)
    photo = shoot.photo()
    binder = Binder(studio, shoot.session.id)
    bound = binder.owner(camera, time, seen)
    original = studio.archive.files.reseal(studio.archive.photos.original(photo.guid), bound.subjects or None)
    with studio.archive.transaction(studio.now()) as writing:
        assert binder.owner(camera, time, seen) == bound
        photo = studio.archive.photos.rebind(writing, photo.guid, bound.subjects, original)
        known = replace(photo, camera_tag=camera, camera_time=time, first_seen_ms=seen, flagged=bound.check)
        studio.archive.photos.put(writing, known)
        binder.noted(writing, camera, "Nikon" if camera == A else "Canon", time, seen)
    return known


def on(shoot: Shoot, *photos: Photo) -> list[tuple[list[str], bool]]:
    """Who is on each, by name, and whether there is a question."""
    names = {each.id: each.name for each in shoot.studio.archive.subjects.opened()}
    now = [shoot.studio.archive.photos.get(each.guid) for each in photos]
    return [([names[who] for who in each.subjects], each.flagged) for each in now]


def later(shoot: Shoot, seconds: float) -> datetime:
    shoot.clock.on(seconds=seconds)
    return shoot.clock.at


def test_a_frame_that_arrives_after_the_switch_is_whose_it_was(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    cameras.set_clock(shoot.studio, shoot.session, A, 0, kim(shoot))
    put(shoot, ada)
    at = later(shoot, 30)
    later(shoot, 10)
    put(shoot, ben)
    assert on(shoot, taken(shoot, A, at, delay=12)) == [(["Ada"], False)]
    assert on(shoot, taken(shoot, A, later(shoot, 1))) == [(["Ben"], True)]
    assert on(shoot, taken(shoot, A, later(shoot, 10))) == [(["Ben"], False)]


def test_before_the_first_switch_and_after_nobody_a_frame_is_nobodys(shoot: Shoot) -> None:
    binder = Binder(shoot.studio, shoot.session.id)
    assert not binder.has_switches()
    first = taken(shoot, A, START)
    later(shoot, 60)
    put(shoot, shoot.person("Ada"))
    later(shoot, 60)
    put(shoot)
    assert binder.has_switches()
    assert on(shoot, first, taken(shoot, A, later(shoot, 60))) == [([], False), ([], False)]


def test_once_the_clock_is_known_what_was_asked_answers_itself_but_not_what_was_answered(shoot: Shoot) -> None:
    ada, ben, cleo = (shoot.person(each) for each in ("Ada", "Ben", "Cleo"))
    put(shoot, ada)
    early = taken(shoot, B, later(shoot, 20), delay=9)
    late = taken(shoot, B, later(shoot, 30), delay=9)
    by_hand = taken(shoot, B, later(shoot, 1), delay=9)
    settled = taken(shoot, B, later(shoot, 1), delay=9)
    later(shoot, 3)
    put(shoot, ben)
    after = taken(shoot, B, later(shoot, 5), delay=9)
    assert on(shoot, early, late, after) == [(["Ada"], False), (["Ben"], True), (["Ben"], True)]  # nine hidden seconds
    assignments.move_photos(shoot.studio, [by_hand.guid], [cleo.id], kim(shoot))
    assignments.settle(shoot.studio, [settled.guid], kim(shoot))
    assert on(shoot, by_hand, settled) == [(["Cleo"], False), (["Ben"], False)]

    placed, changes = cameras.clock_photographed(
        shoot.studio, shoot.session, B, "Canon", shown(START, B), START, kim(shoot)
    )
    assert placed is not None and placed.clock.offset_ms == SLOW // timedelta(milliseconds=1)
    assert {each.photo.guid for each in placed.assigned} == {late.guid, after.guid}
    assert Changes.PHOTOS in changes and Changes.ON_SET in changes
    assert on(shoot, early, late, after) == [(["Ada"], False), (["Ada"], False), (["Ben"], False)]
    assert on(shoot, by_hand, settled) == [(["Cleo"], False), (["Ben"], False)]
    told = shoot.studio.archive.journal.told_about("photo-assigned", late.guid)
    said = {"asked": True, "by": kim(shoot), "from": [ben.id], "how": "clock", "to": [ada.id]}
    assert json.loads(told[-1][1]) == said
    ((_, note),) = shoot.studio.archive.journal.told_about("camera-clock-set", shoot.session.id)
    assert json.loads(note)["source"] == "code"


def test_what_was_taken_back_is_not_answered_by_hand_any_more(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    put(shoot, ada)
    later(shoot, 60)
    put(shoot, ben)
    frame = taken(shoot, B, later(shoot, -2), delay=9)
    moved, _ = assignments.move_photos(shoot.studio, [frame.guid], [ben.id], kim(shoot))
    assignments.move_back(shoot.studio, moved, kim(shoot))
    cameras.set_clock(shoot.studio, shoot.session, B, SLOW // timedelta(milliseconds=1), kim(shoot))
    assert on(shoot, frame) == [(["Ada"], True)]  # two seconds before the switch
    assert checks(shoot.studio, shoot.session)[0].questions[0].others[0][0].name == "Ben"


def test_what_was_taken_back_and_done_again_stands(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    put(shoot, ada)
    frame = taken(shoot, A, later(shoot, 30), delay=1)
    moved, _ = assignments.move_photos(shoot.studio, [frame.guid], [ben.id], kim(shoot))
    for _ in range(2):
        moved, _ = assignments.move_back(shoot.studio, moved, kim(shoot))
    assert on(shoot, frame) == [(["Ben"], False)]
    cameras.catch_up(shoot.studio, shoot.session, kim(shoot))
    assert on(shoot, frame) == [(["Ben"], False)], "the log took it away again"
    assignments.move_back(shoot.studio, moved, kim(shoot))
    later(shoot, 60)
    cameras.set_clock(shoot.studio, shoot.session, A, -30_000, kim(shoot))
    assert on(shoot, frame)[0][0] != ["Ben"], "taken back once more, the log says whose it is"


@pytest.mark.parametrize("from_journal", [False, True])
def test_the_second_of_two_moves_done_again_stands(shoot: Shoot, from_journal: bool) -> None:
    ada, ben, cleo = (shoot.person(each) for each in ("Ada", "Ben", "Cleo"))
    put(shoot, ada)
    frame = taken(shoot, B, later(shoot, 60), delay=9)
    assignments.move_photos(shoot.studio, [frame.guid], [cleo.id], kim(shoot))
    moved, _ = assignments.move_photos(shoot.studio, [frame.guid], [ben.id], kim(shoot))
    for _ in range(2):  # Ctrl+Z, Ctrl+Shift+Z
        if from_journal:
            moved = assignments.last_move(shoot.studio, [frame.guid])
        moved, _ = assignments.move_back(shoot.studio, moved, kim(shoot))
    assert on(shoot, frame) == [(["Ben"], False)]
    cameras.catch_up(shoot.studio, shoot.session, kim(shoot))
    assert on(shoot, frame) == [(["Ben"], False)]
    if from_journal:
        moved = assignments.last_move(shoot.studio, [frame.guid])
    assignments.move_back(shoot.studio, moved, kim(shoot))
    cameras.catch_up(shoot.studio, shoot.session, kim(shoot))
    assert on(shoot, frame) == [(["Cleo"], False)]  # the first one was not taken back


def test_a_look_that_is_out_of_date_settles_a_frame_with_whom_it_was_seen(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    put(shoot, ada)
    later(shoot, 60)
    put(shoot, ben)
    frame = taken(shoot, A, later(shoot, 1))
    assert on(shoot, frame) == [(["Ben"], True)]
    assignments.assign_photo(shoot.studio, shoot.studio.archive.photos.get(frame.guid), (ada.id,), flagged=True)
    assignments.settle(shoot.studio, [frame.guid], kim(shoot), to=[ben.id])  # said by who saw it with Ben
    assert on(shoot, frame) == [(["Ben"], False)]


def test_every_frame_of_a_burst_just_before_a_switch_is_to_be_looked_at(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    cameras.set_clock(shoot.studio, shoot.session, A, 0, kim(shoot))
    put(shoot, ada)
    later(shoot, 60)
    burst = [taken(shoot, A, later(shoot, 0.1), delay=0.05) for _ in range(20)]
    card = [taken(shoot, A, START - timedelta(hours=1), live=False) for _ in range(20)]  # a card is read meanwhile
    later(shoot, 0.5)
    put(shoot, ben)
    assert on(shoot, *burst) == [(["Ada"], True)] * 20
    assert on(shoot, *card) == [([], False)] * 20


def test_a_frame_after_the_clock_was_set_back_is_nobodys_of_an_hour_ago(shoot: Shoot) -> None:
    ada, ben, cleo = (shoot.person(each) for each in ("Ada", "Ben", "Cleo"))
    put(shoot, ada)
    later(shoot, 600)
    put(shoot, ben)
    later(shoot, 60)
    shoot.clock.on(seconds=-300)

    def arrived() -> Bound:
        BySwitchLog(shoot.studio, shoot.session, kim(shoot)).begin()
        return Binder(shoot.studio, shoot.session.id).owner("", None, shoot.studio.now_ms())

    assert arrived().subjects == (ben.id,)
    shoot.reopen()
    assert ben.id in arrived().subjects
    put(shoot, cleo)
    bound = arrived()
    assert bound.subjects == (cleo.id,) or (bound.check and (cleo.id,) in bound.before)


def test_a_slate_that_arrives_late_takes_back_the_frames_of_its_person(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    for camera, offset in ((A, timedelta()), (B, SLOW)):
        cameras.set_clock(shoot.studio, shoot.session, camera, offset // timedelta(milliseconds=1), kim(shoot))
    put(shoot, ada)
    slate = later(shoot, 60)
    frames = [taken(shoot, camera, slate + timedelta(seconds=8)) for camera in (A, B)]
    near = taken(shoot, B, slate - timedelta(seconds=2))
    before = taken(shoot, A, slate - timedelta(seconds=20))
    assert on(shoot, *frames, near, before) == [(["Ada"], False)] * 4
    later(shoot, 15)
    arguments = shoot.studio, shoot.session, (ben.id,), A, shown(slate), ms(slate) + 15_000, kim(shoot)
    switch, changes = cameras.slate_photographed(*arguments)
    assert switch.at_ms == ms(slate) and Changes.PHOTOS in changes
    assert on(shoot, *frames, near, before) == [(["Ben"], False)] * 2 + [(["Ada"], True), (["Ada"], False)]
    assert cameras.slate_photographed(*arguments) == (switch, Changes.NONE)
    assert len(switches(shoot.studio, shoot.session)) == 2


def test_raw_and_jpeg_of_one_shutter_get_one_answer(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    put(shoot, ada)
    at = later(shoot, 60)
    pair = [taken(shoot, B, at, delay=delay) for delay in (4, 19)]
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        for each in pair:
            shoot.studio.archive.photos.put(writing, replace(each, shot=pair[0].guid))
    later(shoot, 3)
    put(shoot, ben)
    assert on(shoot, *pair) == [(["Ben"], True)] * 2
    assignments.move_photos(shoot.studio, [pair[1].guid], [ada.id], kim(shoot))
    assert on(shoot, *pair) == [(["Ada"], False)] * 2


def test_a_clock_that_jumps_is_told_until_it_is_asked_for_anew(shoot: Shoot) -> None:
    ada = shoot.person("Ada")
    cameras.set_clock(shoot.studio, shoot.session, A, 0, kim(shoot), name="Nikon")
    put(shoot, ada)
    binder = Binder(shoot.studio, shoot.session.id)
    at = later(shoot, 300)
    assert binder.owner(A, shown(at), ms(at) + 1000) == Bound((ada.id,))
    set_back = binder.owner(A, shown(at - timedelta(hours=1)), ms(at) + 1000)
    assert set_back == Bound((ada.id,), True, ((),), clock_jumped=True)
    taken(shoot, A, at - timedelta(hours=1), delay=3601)
    assert [each.contradicted for each in clocks(shoot.studio, shoot.session)] == [True]
    cameras.set_clock(shoot.studio, shoot.session, A, 3_600_000, kim(shoot), ClockSource.CODE)
    (row,) = clocks(shoot.studio, shoot.session)
    assert not row.contradicted and row.name == "Nikon" and row.source is ClockSource.CODE
    assert binder.owner(A, shown(at - timedelta(hours=1)), None).check  # on a card: of before the jump, or after?


def test_somebody_who_was_taken_out_is_nobody_and_somebody_merged_is_who_they_are_now(shoot: Shoot) -> None:
    ada, walk_in, ben = (shoot.person(each) for each in ("Ada", "W-01", "Ben"))
    cameras.set_clock(shoot.studio, shoot.session, A, 0, kim(shoot))
    put(shoot, ada)
    first = later(shoot, 30)
    later(shoot, 30)
    put(shoot, walk_in)
    second = later(shoot, 30)
    later(shoot, 30)
    put(shoot)
    subject_changes.remove_subject(shoot.studio, ada.id, kim(shoot))
    subject_changes.merge_subjects(shoot.studio, ben.id, walk_in.id, kim(shoot))
    assert on(shoot, taken(shoot, A, first), taken(shoot, A, second)) == [([], True), (["Ben"], False)]


def test_what_was_never_bound_by_the_log_is_let_alone(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    of_a_card, before = shoot.photo(ada), taken(shoot, B, START - timedelta(minutes=2))
    assignments.assign_photo(shoot.studio, before, (ada.id,))
    put(shoot, ben)
    later(shoot, 60)
    cameras.set_clock(shoot.studio, shoot.session, B, SLOW // timedelta(milliseconds=1), kim(shoot))
    assert on(shoot, of_a_card, before) == [(["Ada"], False)] * 2
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        asked = replace(shoot.studio.archive.photos.get(before.guid), flagged=True)
        shoot.studio.archive.photos.put(writing, asked)
    cameras.catch_up(shoot.studio, shoot.session, kim(shoot))
    assert on(shoot, before) == [(["Ada"], True)]


def test_a_card_of_an_unknown_clock_waits_for_it(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    put(shoot, ada)
    at = later(shoot, 60)
    later(shoot, 60)
    put(shoot, ben)
    frame = taken(shoot, B, at, live=False)
    assert on(shoot, frame) == [([], True)]
    cameras.set_clock(shoot.studio, shoot.session, B, SLOW // timedelta(milliseconds=1), kim(shoot))
    assert on(shoot, frame) == [(["Ada"], False)]


def test_cameras_are_found_by_name_or_tag(shoot: Shoot) -> None:
    put(shoot, shoot.person("Ada"))
    taken(shoot, A, later(shoot, 60), delay=4)
    taken(shoot, B, later(shoot, 60), delay=2)
    canon, nikon = clocks(shoot.studio, shoot.session)
    assert (canon.name, canon.offset_ms, canon.known) == ("Canon", SLOW // timedelta(milliseconds=1) + 2000, False)
    assert (nikon.offset_ms, nikon.source) == (4000, ClockSource.ARRIVALS)
    assert find_camera(shoot.studio, shoot.session, "canon") == canon
    assert find_camera(shoot.studio, shoot.session, A[:6]) == nikon
    for wanted in ("Leica", "aaa"):
        with pytest.raises(WrongUsage, match="no camera"):
            find_camera(shoot.studio, shoot.session, wanted)


def test_a_code_that_says_nothing_changes_nothing(shoot: Shoot) -> None:
    for camera, time in ((A, None), ("", shown(START))):
        told = cameras.clock_photographed(shoot.studio, shoot.session, camera, "", time, START, kim(shoot))
        assert told == (None, Changes.NONE)
    with pytest.raises(WrongUsage, match="by that much"):
        cameras.set_clock(shoot.studio, shoot.session, A, 2**53, kim(shoot))
    assert clocks(shoot.studio, shoot.session) == ()


def test_a_damaged_photo_keeps_nobody_off_the_set_and_no_other_question_from_being_seen(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    put(shoot, ada)
    whole, broken = (taken(shoot, B, later(shoot, 1), delay=9) for _ in range(2))
    put(shoot, ben)
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        writing.connection.exec_driver_sql("UPDATE photo SET version = version + 1 WHERE guid = ?", (broken.guid,))
    put(shoot, ada)
    assert len(switches(shoot.studio, shoot.session)) == 3
    (check,) = checks(shoot.studio, shoot.session)
    assert [each.photo for each in check.questions] == [whole.guid]


def test_the_archive_with_cameras_in_it_is_sound(shoot: Shoot) -> None:
    put(shoot, shoot.person("Ada"))
    taken(shoot, A, datetime(2026, 5, 4, 10, tzinfo=UTC), delay=4)
    report = shoot.studio.archive.check()
    assert report.problems == () and report.counts["camera_clock"] == 1

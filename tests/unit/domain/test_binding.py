"""No frame goes to the wrong person unseen, whatever the order of switches, arrivals, delays, clocks and slates."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safelight.domain.binding import (
    INFERRED_MARGIN_MS,
    KNOWN_MARGIN_MS,
    Bound,
    CameraClock,
    FrameTime,
    People,
    Switch,
    camera_milliseconds,
    clock_jumped,
    inferred,
    owner_at,
    slate_switch,
)
from safelight.domain.ids import SubjectId
from safelight.domain.photo import CameraTime
from support.sampling import examples

START = 1_770_000_000_000
SECOND, MINUTE = 1_000, 60_000
ADA, BEN, CLEO = ((SubjectId(each),) for each in ("ada", "ben", "cleo"))
KNOWN, INFERRED = CameraClock(0, known=True), CameraClock(0, known=False)


def frame(at: int, camera: str = "a", seen: int | None = None) -> FrameTime:
    return FrameTime(camera, START + at, None if seen is None else START + seen)


def switch(at: int, people: People = (), **more: object) -> Switch:
    return Switch(START + at, people, **more)  # type: ignore[arg-type]


LOG = (switch(0, ADA), switch(60 * SECOND, BEN), switch(120 * SECOND), switch(180 * SECOND, CLEO))


@pytest.mark.parametrize(
    ("at", "people"),
    [(-40, ()), (30, ADA), (90, BEN), (150, ()), (210, CLEO)],
)
@pytest.mark.parametrize("clock", [KNOWN, INFERRED])
def test_a_frame_belongs_to_whoever_was_on_set_when_it_was_taken(at: int, people: People, clock: CameraClock) -> None:
    assert owner_at(LOG, frame(at * SECOND), clock) == Bound(people)


def test_before_the_first_switch_and_after_one_to_nobody_a_frame_is_nobodys() -> None:
    assert owner_at((), frame(0), KNOWN) == Bound(())
    assert owner_at(LOG, frame(-MINUTE), KNOWN) == Bound(())
    assert owner_at(LOG, frame(150 * SECOND), KNOWN) == Bound(())
    assert [owner_at(LOG, frame(at), KNOWN).unwatched for at in (-MINUTE, 150 * SECOND)] == [True, False]


@pytest.mark.parametrize(("clock", "margin"), [(KNOWN, KNOWN_MARGIN_MS), (INFERRED, INFERRED_MARGIN_MS)])
def test_near_a_switch_somebody_looks(clock: CameraClock, margin: int) -> None:
    for away in (-margin, -SECOND):
        assert owner_at(LOG, frame(MINUTE + away), clock) == Bound(ADA, True, (BEN,))
    for away in (0, SECOND, margin - 1):
        assert owner_at(LOG, frame(MINUTE + away), clock) == Bound(BEN, True, (ADA,))
    for away in (-margin - 1 - SECOND, margin + SECOND):
        assert not owner_at(LOG, frame(MINUTE + away), clock).check


def test_a_frame_that_was_here_before_the_switch_is_nobody_elses() -> None:
    assert owner_at(LOG, frame(45 * SECOND, seen=46 * SECOND), INFERRED) == Bound(ADA)
    assert owner_at(LOG, frame(45 * SECOND, seen=58 * SECOND), INFERRED) == Bound(ADA, True, (BEN,))
    assert owner_at(LOG, FrameTime("", None, START + 50 * SECOND), None) == Bound(ADA)
    assert owner_at(LOG, frame(58 * SECOND, seen=59 * SECOND), KNOWN) == Bound(ADA, True, (BEN,))


def test_the_clock_of_the_camera_is_put_right() -> None:
    slow = CameraClock(47 * MINUTE, known=True)
    assert owner_at(LOG, frame(30 * SECOND - 47 * MINUTE), slow) == Bound(ADA)
    assert owner_at(LOG, frame(90 * SECOND - 47 * MINUTE), slow) == Bound(BEN)


def test_without_a_time_the_first_sight_counts_with_the_wide_margin() -> None:
    assert owner_at(LOG, FrameTime("", None, START + 30 * SECOND), None) == Bound(ADA)
    assert owner_at(LOG, FrameTime("", None, START + 70 * SECOND), KNOWN) == Bound(BEN, True, (ADA,))


def test_a_card_of_a_camera_whose_clock_nobody_knows_is_nobodys_and_asked_about() -> None:
    bound = owner_at(LOG, frame(30 * SECOND), None)
    assert bound.subjects == () and bound.check and set(bound.before) == {ADA, BEN, CLEO}
    assert owner_at((), frame(0), None) == Bound(())


def test_putting_the_same_people_on_set_again_is_no_switch() -> None:
    log = (*LOG[:1], switch(60 * SECOND, ADA))
    assert owner_at(log, frame(60 * SECOND), KNOWN) == Bound(ADA)


def test_twelve_people_are_one_switch() -> None:
    group = tuple(SubjectId(f"person-{number}") for number in range(12))
    assert owner_at((switch(0, group),), frame(30 * SECOND), KNOWN) == Bound(group)


def test_a_slate_that_no_clock_places_may_have_been_at_any_time() -> None:
    log = (switch(0, ADA), slate_switch(frame(60 * SECOND), BEN, None))
    assert owner_at(log, frame(30 * SECOND, "b"), KNOWN) == Bound(ADA, True, (BEN,))
    assert owner_at(log, frame(70 * SECOND), None).subjects == BEN


def slated(at: int, people: People, shown: int, camera: str = "a") -> Switch:
    return switch(at, people, slack_ms=INFERRED_MARGIN_MS, camera=camera, camera_ms=START + shown)


def test_a_slate_counts_by_the_time_of_the_camera_that_photographed_it() -> None:
    log = (switch(0, ADA), slated(70 * SECOND, BEN, 60 * SECOND))
    assert owner_at(log, frame(56 * SECOND), INFERRED) == Bound(ADA)
    assert owner_at(log, frame(58 * SECOND), INFERRED) == Bound(ADA, True, (BEN,))
    assert owner_at(log, frame(64 * SECOND), INFERRED) == Bound(BEN)
    assert owner_at(log, frame(61 * SECOND), INFERRED) == Bound(BEN, True, (ADA,))
    assert owner_at(log, frame(64 * SECOND, "b"), KNOWN) == Bound(ADA, True, (BEN,))
    assert owner_at(log, frame(64 * SECOND), None).subjects == BEN  # a card: the camera's own order is enough


def test_two_cameras_that_say_nothing_about_themselves_are_not_taken_for_one() -> None:
    log = (switch(0, ADA), slate_switch(frame(60 * SECOND, "", seen=61 * SECOND), BEN, None))
    assert owner_at(log, frame(30 * SECOND, "", seen=110 * SECOND), None) == Bound(BEN)
    assert owner_at(log, frame(70 * SECOND, ""), None).check
    alone = (slate_switch(frame(60 * SECOND, ""), BEN, None),)
    assert owner_at(alone, frame(70 * SECOND, ""), None) == Bound((), True, (BEN,))


def test_a_slate_whose_place_among_the_switches_is_not_certain_leaves_a_question() -> None:
    log = (switch(0, ADA), switch(65 * SECOND, CLEO), slated(70 * SECOND, BEN, 60 * SECOND))
    for camera in ("a", "b"):
        bound = owner_at(log, frame(3 * MINUTE, camera), INFERRED)
        assert bound.check and {bound.subjects, *bound.before} == {BEN, CLEO}


def test_a_clock_is_inferred_by_the_quickest_arrival() -> None:
    clock = None
    for taken, delay in ((0, 9), (10, 4), (20, 12)):
        clock = inferred(clock, frame(taken * SECOND, seen=(taken + delay) * SECOND))
    assert clock == CameraClock(4 * SECOND, known=False)
    assert inferred(KNOWN, frame(0, seen=9 * SECOND)) == KNOWN
    assert inferred(clock, FrameTime("a", None, START)) == clock


def test_a_clock_inferred_from_a_frame_shown_as_the_second_before_is_a_second_less_sure() -> None:
    clock = inferred(None, FrameTime("a", START, START + 900 + 20 * SECOND))  # taken nine tenths into the second
    assert clock is not None
    taken = FrameTime("a", START + 59 * SECOND, START + 79 * SECOND)
    bound = owner_at((switch(0, ADA), switch(59_500, BEN)), taken, clock)
    assert bound.check and {bound.subjects, *bound.before} == {ADA, BEN}


@pytest.mark.parametrize("jump", [-61 * MINUTE, -81 * SECOND, 62 * SECOND, 61 * MINUTE])
def test_a_clock_that_jumped_is_an_alarm_and_its_frames_go_by_first_sight(jump: int) -> None:
    moved = frame(90 * SECOND + jump, seen=91 * SECOND)
    assert clock_jumped(moved, KNOWN)
    bound = owner_at(LOG, moved, KNOWN)
    assert bound.clock_jumped and bound.subjects == BEN
    assert not clock_jumped(frame(90 * SECOND, seen=110 * SECOND), KNOWN)
    assert not clock_jumped(frame(90 * SECOND), KNOWN)


def test_a_transfer_that_took_minutes_is_asked_about() -> None:
    bound = owner_at(LOG, frame(30 * SECOND, seen=90 * SECOND), KNOWN)
    assert bound.check and {bound.subjects, *bound.before} >= {ADA, BEN}


@pytest.mark.parametrize(
    ("shown", "offset", "milliseconds"),
    [("1970-01-01T01:00:00", 60, 0), ("1970-01-01T01:00:00.120", None, 3_600_120), ("no time", None, None)],
)
def test_what_a_camera_shows_is_kept_to_the_millisecond(shown: str, offset: int | None, milliseconds: int) -> None:
    assert camera_milliseconds(CameraTime(shown, offset)) == milliseconds
    assert camera_milliseconds(None) is None


@dataclass
class Day:
    """What really happened, to the millisecond: who stood on the set, and what each camera took of whom."""

    switches: list[tuple[int, People]] = field(default_factory=list)
    log: list[Switch] = field(default_factory=list)
    clocks: dict[str, CameraClock | None] = field(default_factory=dict)
    frames: list[tuple[FrameTime, People]] = field(default_factory=list)

    def truth(self, at: int) -> People:
        place = bisect_right([each for each, _ in self.switches], at)
        return self.switches[place - 1][1] if place else ()


EVENTS = st.tuples(
    st.sampled_from(["frame", "frame", "frame", "enter", "slate", "nobody", "jump"]),
    st.sampled_from(["a", "b"]),
    st.integers(100, 50 * SECOND),
    st.integers(0, 20 * SECOND),
    st.sampled_from([ADA, BEN, CLEO, (*ADA, *BEN)]),
    st.sampled_from(["live", "live", "live", "card", "timeless"]),
)
OFF = {"a": 0, "b": -47 * MINUTE}
"""By how much the clocks of the two cameras are set wrong."""


@given(
    st.lists(EVENTS, min_size=1, max_size=30),
    st.sampled_from(["neither", "a", "b", "both"]),
    st.sampled_from([1, SECOND]),
    st.sampled_from([-61, 61, 3600]),
    st.booleans(),
)
@settings(max_examples=examples(600, 20_000), deadline=None)
def test_no_frame_is_on_a_wrong_person_unseen(
    events: list[tuple[str, str, int, int, People, str]], coded: str, tick: int, jump: int, jumps: bool
) -> None:
    day = _played(events, coded, tick, jump if jumps else 0)
    for taken, truth in day.frames:
        bound = owner_at(day.log, taken, day.clocks[taken.camera])
        if not bound.check:
            assert bound.subjects == truth, (taken, bound)
        else:
            assert bound.subjects not in bound.before


def _played(events: list[tuple[str, str, int, int, People, str]], coded: str, tick: int, jump: int) -> Day:
    """Live through a day: frames arrive late, slates are known once they arrived, everything is bound at the end."""
    day, off, at = Day(), dict(OFF), START
    for camera in OFF:
        shown = (START + off[camera]) // tick * tick
        known = coded in (camera, "both")
        day.clocks[camera] = CameraClock(START - shown, known=True) if known else None
    slates: list[tuple[int, FrameTime, People]] = []
    for what, camera, later, delay, people, way in events:
        at += later
        shown = (at + off[camera]) // tick * tick
        if what == "jump":
            # A card of a camera that was set in between can be told by nobody: only what arrives at once is asked here.
            off[camera] += jump * SECOND
        elif what in ("enter", "nobody"):
            day.switches.append((at, people if what == "enter" else ()))
            day.log.append(Switch(*day.switches[-1]))
        else:
            taken = FrameTime(camera, shown, at + delay)
            if way == "card" and not jump:
                taken = replace(taken, first_seen_ms=None)
            elif way == "timeless" and what == "frame":
                taken = replace(taken, camera_ms=None)
            day.clocks[camera] = inferred(day.clocks[camera], taken)
            if what == "frame":
                day.frames.append((taken, day.truth(at)))
            else:
                day.switches.append((at, people))
                slates.append((at + delay, taken, people))
    for _, taken, people in sorted(slates, key=lambda each: each[0]):
        day.log.append(slate_switch(taken, people, day.clocks[taken.camera]))
    return day


def test_a_hundred_people_at_thirty_five_seconds_each_leave_few_questions() -> None:
    day = Day(clocks={"a": CameraClock(0, known=True), "b": CameraClock(47 * MINUTE, known=True)})
    for number in range(100):
        began, person = START + number * 35 * SECOND, (SubjectId(f"person-{number}"),)
        day.log.append(Switch(began, person))
        for shot in range(8):  # the last one leaves, the next one sits down, then one frame after the other
            at = began + 4 * SECOND + shot * 3_600
            camera = "ab"[shot % 2]
            shown = (at + OFF[camera]) // SECOND * SECOND
            day.frames.append((FrameTime(camera, shown, at + shot * 2_100), person))
    found = [(owner_at(day.log, taken, day.clocks[taken.camera]), truth) for taken, truth in day.frames]
    assert all(bound.subjects == truth for bound, truth in found)
    checks = sum(bound.check for bound, _ in found)
    assert checks <= len(found) * 5 // 100, f"{checks} of {len(found)}"

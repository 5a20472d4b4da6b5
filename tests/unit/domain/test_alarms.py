"""Each alarm comes when it should and not before; taken out of the code, one of these tests fails."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safelight.domain.alarms import (
    COPIED_WITHIN,
    FEWEST_FRAMES,
    GRAVITY,
    LEAST_BYTES,
    SILENT_AFTER,
    Alarm,
    Answer,
    CameraFact,
    Choice,
    Gravity,
    Kind,
    OnSet,
    PlaceFact,
    SourceFact,
    SpaceFact,
    Unclear,
    alarms,
)
from safelight.domain.ids import PhotoGuid, SubjectId
from support.sampling import examples

ANA, BEN, EVE = (SubjectId(f"0000000{n}-0000-4000-8000-000000000000") for n in range(1, 4))
FRAMES = [PhotoGuid(f"f000000{n}-0000-4000-8000-000000000000") for n in range(9)]
CALM: dict[str, Any] = {
    "planned": 5,
    "on_set": (OnSet(ANA, 5, ready=True),),
    "cameras": (CameraFact("c1", "R5", known=True),),
    "sources": (SourceFact("Capture", there=True, silent=SILENT_AFTER - 1),),
    "place": PlaceFact(True, 3, COPIED_WITHIN),
    "space": SpaceFact(LEAST_BYTES, FEWEST_FRAMES),
}
"""Everything is as it should be, as close to an alarm as it can be."""
UNCLEAR = Unclear(FRAMES[0], 7, (ANA,), ((BEN,),))
ONE_THING_MORE: dict[Kind, dict[str, Any]] = {
    Kind.TOO_MANY: {"on_set": (OnSet(ANA, 6, ready=True),)},
    Kind.CHECK: {"unclear": (UNCLEAR,)},
    Kind.NOT_READY: {"on_set": (OnSet(ANA, 0, ready=False),)},
    Kind.WITHOUT_GUARDIAN: {"on_set": (OnSet(ANA, 0, ready=False, without_guardian=True),)},
    Kind.CLOCK_JUMPED: {"cameras": (CameraFact("c1", "R5", known=True, jumped=True),)},
    Kind.CLOCK_UNKNOWN: {"cameras": (CameraFact("c1", "R5", known=False),)},
    Kind.FOLDER_GONE: {"sources": (SourceFact("Capture", there=False, silent=0),)},
    Kind.FOLDER_SILENT: {"sources": (SourceFact("Capture", there=True, silent=SILENT_AFTER),)},
    Kind.PLACE_GONE: {"place": PlaceFact(False, 0, 0)},
    Kind.ONE_PLACE: {"place": PlaceFact(True, 3, COPIED_WITHIN + 1)},
    Kind.LITTLE_SPACE: {"space": SpaceFact(LEAST_BYTES, FEWEST_FRAMES - 1)},
}


def test_when_all_is_well_nothing_is_said() -> None:
    assert alarms(**CALM) == () and alarms() == ()


@pytest.mark.parametrize("kind", list(Kind))
def test_each_alarm_comes_by_one_thing_and_alone(kind: Kind) -> None:
    (alarm,) = alarms(**CALM | ONE_THING_MORE[kind])
    assert alarm.kind is kind and alarm.gravity is GRAVITY[kind] and alarm.key.startswith(kind)


def test_the_person_on_set_comes_before_drives_and_folders() -> None:
    everything = CALM | {
        "on_set": (OnSet(ANA, 6, ready=False), OnSet(BEN, 1, ready=False, without_guardian=True)),
        "unclear": (UNCLEAR,),
        "cameras": (CameraFact("c1", "R5", known=False), CameraFact("c2", "R6", known=True, jumped=True)),
        "sources": (SourceFact("a", there=True, silent=900), SourceFact("b", there=False, silent=0)),
        "place": PlaceFact(True, 3, 70),
        "space": SpaceFact(1, None),
    }
    assert [each.kind for each in alarms(**everything)] == [each for each in Kind if each is not Kind.PLACE_GONE]


def test_one_more_shot_is_asked_about_until_it_was_said_to_be_right() -> None:
    (alarm,) = alarms(5, [OnSet(ANA, 6, ready=True)])
    assert alarm.values == {"shots": 6, "planned": 5} and alarm.gravity is Gravity.QUESTION
    assert alarm.choices == (Choice(Answer.NEXT), Choice(Answer.MORE, (ANA,)))
    assert alarms(5, [OnSet(ANA, 6, ready=True, accepted=6)]) == ()
    assert len(alarms(5, [OnSet(ANA, 7, ready=True, accepted=6)])) == 1
    assert alarms(None, [OnSet(ANA, 60, ready=True)]) == ()


def test_one_key_answers_all_frames_of_a_change_of_person() -> None:
    frames = [
        UNCLEAR,
        Unclear(FRAMES[1], 7, (BEN,), ((ANA,),), shot="s"),
        Unclear(FRAMES[2], 7, (BEN,), ((ANA,), ()), shot="s"),
        Unclear(FRAMES[3], 9, (EVE,), ((BEN,),)),
    ]
    first, second = alarms(unclear=frames)
    assert (first.values["shots"], first.photos) == (2, tuple(FRAMES[:3])), "raw and JPEG are one shot"
    assert first.choices == (Choice(Answer.GIVE, (ANA,)), Choice(Answer.GIVE, (BEN,)), Choice(Answer.GIVE))
    assert first.subjects == (ANA, BEN) and second.photos == (FRAMES[3],) and first.key != second.key
    assert alarms(unclear=frames[::-1])[0].choices == first.choices, "a digit stays on its answer"


def test_a_minor_without_a_guardian_is_said_once() -> None:
    (alarm,) = alarms(on_set=[OnSet(ANA, 1, ready=False, without_guardian=True)])
    assert alarm.kind is Kind.WITHOUT_GUARDIAN and alarm.subjects == (ANA,)


def test_space_runs_out_by_bytes_or_by_frames() -> None:
    for space in (SpaceFact(LEAST_BYTES - 1, None), SpaceFact(LEAST_BYTES * 90, FEWEST_FRAMES - 1)):
        assert [each.kind for each in alarms(space=space)] == [Kind.LITTLE_SPACE]
    assert alarms(space=SpaceFact(LEAST_BYTES, None)) == ()


def test_without_a_second_place_nothing_waits_for_it() -> None:
    assert alarms(place=None) == ()
    assert alarms(place=PlaceFact(True, 0, 999)) == (), "nothing waits"


people = st.sampled_from([ANA, BEN, EVE])
groups = st.lists(people, max_size=2, unique=True).map(tuple)
others = st.lists(groups, max_size=2).map(tuple)
small = st.integers(0, 12)
facts = st.fixed_dictionaries(
    {
        "planned": st.none() | st.integers(0, 6),
        "on_set": st.lists(
            st.builds(OnSet, people, small, st.booleans(), st.booleans(), small),
            max_size=3,
            unique_by=lambda each: each.subject,
        ),
        "unclear": st.lists(
            st.builds(Unclear, st.sampled_from(FRAMES), st.integers(0, 3), groups, others),
            max_size=6,
            unique_by=lambda each: each.photo,
        ),
        "cameras": st.lists(
            st.builds(CameraFact, st.sampled_from("abc"), st.just("R5"), st.booleans(), st.booleans()),
            max_size=3,
            unique_by=lambda each: each.camera,
        ),
        "sources": st.lists(
            st.builds(SourceFact, st.sampled_from("abc"), st.booleans(), st.floats(0, 2000)),
            max_size=2,
            unique_by=lambda each: each.name,
        ),
        "place": st.none() | st.builds(PlaceFact, st.booleans(), small, st.floats(0, 200)),
        "space": st.none() | st.builds(SpaceFact, st.integers(0, 10**11), st.none() | st.integers(0, 1000)),
    }
)


@settings(max_examples=examples(150, 2000))
@given(facts)
def test_nothing_is_forgotten_nothing_is_said_twice(told: dict[str, Any]) -> None:
    found = alarms(**told)
    order = list(Kind)
    assert [order.index(each.kind) for each in found] == sorted(order.index(each.kind) for each in found)
    assert len({each.key for each in found}) == len(found)
    assert alarms(**told) == found

    def about(*kinds: Kind) -> list[Alarm]:
        return [each for each in found if each.kind in kinds]

    asked = [photo for each in about(Kind.CHECK) for photo in each.photos]
    assert sorted(asked) == sorted(each.photo for each in told["unclear"])
    for each in about(Kind.CHECK):
        meant = {group for frame in told["unclear"] if frame.photo in each.photos for group in
                 (frame.subjects, *frame.others)}  # fmt: skip
        assert {choice.subjects for choice in each.choices} == meant and len(each.choices) == len(meant)
    waiting = {each.subject for each in told["on_set"] if each.without_guardian or not each.ready}
    said = [each.subjects[0] for each in about(Kind.NOT_READY, Kind.WITHOUT_GUARDIAN)]
    assert sorted(said) == sorted(waiting)
    over = {each.subject for each in told["on_set"]
            if told["planned"] and each.shots > told["planned"] and each.shots > each.accepted}  # fmt: skip
    assert {each.subjects[0] for each in about(Kind.TOO_MANY)} == over
    unsure = [each for each in told["cameras"] if each.jumped or not each.known]
    assert len(about(Kind.CLOCK_JUMPED, Kind.CLOCK_UNKNOWN)) == len(unsure)
    quiet = [each for each in told["sources"] if not each.there or each.silent >= SILENT_AFTER]
    assert len(about(Kind.FOLDER_GONE, Kind.FOLDER_SILENT)) == len(quiet)


@settings(max_examples=examples(60, 600))
@given(facts, small)
def test_more_shots_never_silence_a_question(told: dict[str, Any], more: int) -> None:
    before = {each.key for each in alarms(**told)}
    later = told | {"on_set": [replace(each, shots=each.shots + more) for each in told["on_set"]]}
    assert before <= {each.key for each in alarms(**later)}

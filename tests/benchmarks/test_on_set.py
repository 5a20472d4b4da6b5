"""How soon a switch is durable, ten frames are moved, a group is asked, and whose a frame is, late on a long day.

Times are of the processor: what a disk adds is told beside it and not promised.
"""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from safelight.documents.rules import shipped_rules
from safelight.domain.binding import CameraClock, FrameTime, Switch, owner_at
from safelight.domain.group_consent import group_uses
from safelight.domain.ids import Country, Language, PersonId, PhotoGuid, Sha256, SubjectId
from safelight.domain.people import Role, Subject
from safelight.domain.photo import CameraTime, Photo
from safelight.domain.session import Session
from safelight.domain.usage import ConsentSnapshot, Question
from safelight.keys.passphrases import FLOOR_COST
from safelight.studio import assignments, founding, sessions
from safelight.studio.binding import Binder
from safelight.studio.on_set import How, put_on_set
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.staff import add_staff, find_staff

Keep = Callable[[str, float, str, str], None]
FRAME = 12_000_000
"""Bytes of a JPEG of 24 MP."""


class Day:
    """A session with 120 people, ten large frames of the first, and everybody on set twice already."""

    def __init__(self, studio: OpenStudio, frame: int, rounds: int) -> None:
        self.studio = studio
        add_staff(studio, "Kim", frozenset({Role.PHOTOGRAPHER}))
        self.kim: PersonId = find_staff(studio, "Kim").id
        wanted = sessions.NewSession("A", "B", "C", "DE", studio.today(), self.kim, zone="Europe/Berlin")
        self.session: Session = sessions.new_session(studio, wanted)[0]
        self.people = [Subject(SubjectId(new_id()), f"P {n}", Language("en"), Country("DE")) for n in range(120)]
        with studio.archive.transaction(studio.now()) as writing:
            studio.archive.subjects.add_many(writing, self.people, self.session.id, "registered")
        self.photos = [self._photo(random.Random(number).randbytes(frame)) for number in range(10)]
        self.turn = 0
        for _ in range(rounds * len(self.people)):
            self.switch()

    def _photo(self, content: bytes) -> PhotoGuid:
        archive, owner = self.studio.archive, self.people[0].id
        digest = Sha256((new_id() + new_id()).replace("-", ""))
        taken = Photo(
            PhotoGuid(new_id()), self.session.id, (owner,), "a.jpg", "image/jpeg", len(content), digest, "made",
            digest, 6000, 4000, 1, None,
        )  # fmt: skip
        original = archive.files.store((owner,), io.BytesIO(content), "photo")
        with archive.transaction(self.studio.now()) as writing:
            archive.photos.add(writing, taken, original, content[:9_000], content[:60_000], digest)
        return taken.guid

    def switch(self) -> None:
        self.turn += 1
        person = self.people[self.turn % len(self.people)]
        put_on_set(self.studio, self.session, [person.id], self.kim, How.ENTER)

    def move(self) -> None:
        self.turn += 1
        person = self.people[self.turn % len(self.people)]
        assignments.move_photos(self.studio, self.photos, [person.id], self.kim)


@pytest.fixture
def day(tmp_path: Path, full_size: bool) -> Iterator[Day]:
    wanted = founding.Founding("Nordlicht", "DE", "a@nordlicht.example", "Berlin")
    with founding.found_studio(tmp_path / "studio", wanted, "correct horse battery", cost=FLOOR_COST) as studio:
        yield Day(studio, FRAME if full_size else FRAME // 8, 2 if full_size else 0)


def test_a_switch_and_a_move_of_ten_frames(day: Day, keep_figure: Keep) -> None:
    for name, work, most, promised in (
        ("a switch", day.switch, 0.15, "< 150"),
        ("ten frames of 24 MP moved", day.move, 2.0, "< 2000"),
    ):
        processor, wall = _times(work)
        keep_figure(f"on set: {name}, durable", processor * 1000, "ms of processor", promised)
        keep_figure(f"on set: {name}, durable, with the disk of this machine", wall * 1000, "ms", promised)
        assert processor < most
    moved = [day.studio.archive.photos.get(each).subjects for each in day.photos]
    assert len(set(moved)) == 1 and moved[0] != (day.people[0].id,)


def test_whose_a_frame_is_with_everybody_in_the_log(day: Day, keep_figure: Keep) -> None:
    binder, time_ms = Binder(day.studio, day.session.id), day.studio.now_ms()
    processor, _ = _times(lambda: binder.owner("c" * 64, CameraTime("2026-11-27T10:00:00.000", 0), time_ms))
    keep_figure("on set: whose a frame is", processor * 1000, "ms of processor", "< 10")
    assert processor < 0.01


def test_whose_a_frame_is_among_a_thousand_switches(keep_figure: Keep) -> None:
    log = [Switch(number * 35_000, (SubjectId(str(number)),)) for number in range(1_000)]
    frame, clock = FrameTime("c", 500 * 35_000 + 9_000, None), CameraClock(0, known=True)
    processor, _ = _times(lambda: owner_at(log, frame, clock))
    keep_figure("on set: one frame among a thousand switches", processor * 1000, "ms of processor", "< 10")
    assert processor < 0.01 and owner_at(log, frame, clock).subjects == (SubjectId("500"),)


def test_a_group_of_twelve(keep_figure: Keep) -> None:
    rules, nothing = shipped_rules(), ConsentSnapshot({})
    people = {SubjectId(str(number)): nothing for number in range(12)}
    asked = Question(PhotoGuid(""), rules.catalogue.asked_ids()[0], Country("DE"), date(2026, 5, 4))
    uses = tuple(rules.catalogue.asked_ids())
    processor, _ = _times(lambda: group_uses(people, uses, asked, rules.catalogue, rules.adequacy.eea))
    keep_figure("on set: every use asked of a group of twelve", processor * 1000, "ms of processor", "< 50")
    assert processor < 0.05


def _times(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of processor and on the wall, the best of five each: what else the machine does only adds."""
    found = []
    for _ in range(5):
        processor, wall = time.process_time(), time.perf_counter()
        work()
        found.append((time.process_time() - processor, time.perf_counter() - wall))
    return min(each for each, _ in found), min(each for _, each in found)

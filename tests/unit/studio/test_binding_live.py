"""A day as it happens: frames arrive late, slates and codes too, and in the end nobody has a picture of somebody else
that nobody was asked about.
"""

from __future__ import annotations

import io
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safelight.domain.binding import People
from safelight.domain.ids import PersonId, PhotoGuid, Sha256
from safelight.domain.photo import CameraTime, Photo
from safelight.domain.session import Session
from safelight.studio.binding import Binder
from safelight.studio.cameras import catch_up, clock_photographed, slate_photographed
from safelight.studio.on_set import How, put_on_set
from safelight.studio.open_studio import new_id
from support.sampling import examples
from support.shoot import Shoot

EVENTS = st.tuples(
    st.sampled_from(["frame", "frame", "frame", "enter", "enter", "slate", "nobody", "code"]),
    st.sampled_from("ab"),
    st.integers(500, 40_000),
    st.integers(0, 20_000),
    st.integers(0, 2),
)
OFF = {"a": timedelta(), "b": timedelta(minutes=-47)}


@dataclass
class Day:
    """The studio's side, and what is true: who stood on set when, whose each frame is."""

    shoot: Shoot
    session: Session
    people: tuple[People, ...]
    by: PersonId
    stood: list[tuple[datetime, People]] = field(default_factory=list)
    truth: dict[PhotoGuid, People] = field(default_factory=dict)

    def shown(self, camera: str, at: datetime) -> CameraTime:
        """Camera A notes its offset and milliseconds; B neither, and is 47 minutes behind."""
        local = at + OFF[camera] + (timedelta(hours=2) if camera == "a" else timedelta())
        text = local.replace(tzinfo=None).isoformat(timespec="milliseconds" if camera == "a" else "seconds")
        return CameraTime(text, 120 if camera == "a" else None)

    def switch(self, people: People) -> None:
        put_on_set(self.shoot.studio, self.session, people, self.by, How.ENTER if people else How.NOBODY)

    def frame(self, camera: str, at: datetime, seen: datetime) -> None:
        """As intake keeps one: bound in the transaction that writes it."""
        studio, time, seen_ms = self.shoot.studio, self.shown(camera, at), round(seen.timestamp() * 1000)
        binder = Binder(studio, self.session.id)
        bound = binder.owner(camera * 64, time, seen_ms)
        guid, digest = PhotoGuid(new_id()), Sha256((new_id() + new_id()).replace("-", ""))
        photo = Photo(
            guid, self.session.id, bound.subjects, "frame.jpg", "image/jpeg", 1, digest, "made", digest, 1, 1, 1, None,
            flagged=bound.check, camera_tag=camera * 64, camera_time=time, first_seen_ms=seen_ms,
        )  # fmt: skip
        original = studio.archive.files.store(bound.subjects or None, io.BytesIO(b"a picture"), "photo")
        with studio.archive.transaction(studio.now()) as writing:
            studio.archive.photos.add(writing, photo, original, b"small", b"larger", digest)
            binder.noted(writing, camera * 64, camera, time, seen_ms)
        place = bisect_right([when for when, _ in self.stood], at)
        self.truth[guid] = self.stood[place - 1][1] if place else ()

    def slate(self, camera: str, at: datetime, seen: datetime, people: People) -> None:
        facts = self.session, people, camera * 64, self.shown(camera, at), round(seen.timestamp() * 1000), self.by
        slate_photographed(self.shoot.studio, *facts)

    def code(self, camera: str, at: datetime) -> None:
        facts = self.session, camera * 64, camera, self.shown(camera, at), at, self.by
        clock_photographed(self.shoot.studio, *facts)

    def nobody_has_a_wrong_one(self) -> None:
        for guid, people in self.truth.items():
            photo = self.shoot.studio.archive.photos.get(guid)
            assert photo.flagged or photo.subjects == people, photo


@given(st.lists(EVENTS, min_size=2, max_size=14))
@settings(
    max_examples=examples(12, 300),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_frame_ends_on_a_wrong_person_unseen(shoot: Shoot, events: list[tuple[str, str, int, int, int]]) -> None:
    session = shoot.new_session()
    people: tuple[People, ...] = tuple((shoot.person(each, session=session).id,) for each in ("Ada", "Ben", "Cleo"))
    day = Day(shoot, session, people, shoot.staff["Kim"].id)
    at = shoot.clock.at
    arriving: list[tuple[datetime, int, str, str, datetime, People]] = []
    for number, (what, camera, later, delay, who) in enumerate(events):
        at += timedelta(milliseconds=later)
        whose: People = () if what == "nobody" else people[who]
        if what in ("enter", "nobody", "slate"):
            day.stood.append((at, whose))
        seen = at if what in ("enter", "nobody") else at + timedelta(milliseconds=delay)
        arriving.append((seen, number, what, camera, at, whose))
    for seen, _, what, camera, taken, whose in sorted(arriving):
        shoot.clock.at = seen
        if what == "frame":
            day.frame(camera, taken, seen)
        elif what == "slate":
            day.slate(camera, taken, seen, whose)
        elif what == "code":
            day.code(camera, taken)
        else:
            day.switch(whose)
    day.nobody_has_a_wrong_one()
    catch_up(shoot.studio, session, day.by)
    day.nobody_has_a_wrong_one()

"""Shots and counts read again with what was opened before are those of a first reading, whatever happened meanwhile."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from safelight.domain.binding import CameraClock
from safelight.domain.cameras import UNNAMED
from safelight.domain.culling import Pick
from safelight.domain.photo import CameraTime, Photo
from safelight.storage.opened_rows import OpenedRows
from safelight.studio.assignments import move_photos, remove_photos
from safelight.studio.culling import hide_photos, mark_photos, rate_photos, unhide_photos
from safelight.studio.queries.board import counted_again, session_board
from safelight.studio.queries.shots import last_shots, session_shots
from support.sampling import examples
from support.shoot import Shoot

CAMERA = "a" * 64
ACTS = ("came", "pair", "moved", "flagged", "rated", "marked", "hidden", "unhidden", "removed", "clock")
AT_MOST = 6


class Meddler:
    """Changes the photos of a session, as frames that come in, photographers and cameras do."""

    def __init__(self, shoot: Shoot, seed: int) -> None:
        self.shoot, self.studio, self.chance = shoot, shoot.studio, random.Random(seed)
        self.by, self.people = shoot.staff["Kim"].id, [shoot.person(name) for name in ("Ada", "Ben", "Eva")]
        self.came()

    def act(self, name: str) -> None:
        getattr(self, name)()

    def came(self) -> None:
        if len(list(self.studio.archive.photos.of_session(self.shoot.session.id))) >= AT_MOST:
            return
        photo = self.shoot.photo(*self.chance.sample(self.people, self.chance.randrange(3)))
        minute = self.chance.randrange(60)
        self._change(photo, camera_tag=CAMERA, camera_time=CameraTime(f"2026-05-04T10:{minute:02}:00.000", None))

    def pair(self) -> None:
        self._change(self._one(), shot=self._one().guid)

    def moved(self) -> None:
        to = self.chance.sample(self.people, self.chance.randrange(3))
        move_photos(self.studio, [self._one().guid], [each.id for each in to], self.by)

    def flagged(self) -> None:
        self._change(self._one(), flagged=self.chance.random() < 0.5)

    def rated(self) -> None:
        rate_photos(self.studio, [self._one().guid], self.chance.randrange(6), self.by)

    def marked(self) -> None:
        mark_photos(self.studio, [self._one().guid], self.chance.choice(list(Pick)), self.by)

    def hidden(self) -> None:
        hide_photos(self.studio, [self._one().guid], self.by)

    def unhidden(self) -> None:
        unhide_photos(self.studio, [self._one().guid], self.by)

    def removed(self) -> None:
        remove_photos(self.studio, [self._one().guid], self.by)
        self.came()

    def clock(self) -> None:
        clock = CameraClock(self.chance.randrange(-5, 5) * 60_000, known=True)
        with self.studio.archive.transaction(self.studio.now()) as writing:
            self.studio.archive.cameras.put(writing, self.shoot.session.id, CAMERA, replace(UNNAMED, clock=clock))

    def _one(self) -> Photo:
        return self.chance.choice(list(self.studio.archive.photos.of_session(self.shoot.session.id)))

    def _change(self, photo: Photo, **fields: object) -> None:
        with self.studio.archive.transaction(self.studio.now()) as writing:
            after = replace(self.studio.archive.photos.get(photo.guid), **fields)  # type: ignore[arg-type]
            self.studio.archive.photos.put(writing, after)


@pytest.mark.parametrize("seed", range(examples(2, 40)))
def test_what_is_read_again_is_what_a_first_reading_gives(shoot: Shoot, seed: int) -> None:
    meddler, studio, session, opened = Meddler(shoot, seed), shoot.studio, shoot.session, OpenedRows()
    board = session_board(studio, session)
    for _ in range(24):
        for _ in range(meddler.chance.randrange(3)):
            meddler.act(meddler.chance.choice(ACTS))
        opened.turn()
        board = counted_again(studio, session, board, opened)
        assert board == session_board(studio, session)
        for each in meddler.people[:2]:
            shots = session_shots(studio, session, subject=each.id, opened=opened)
            assert shots == session_shots(studio, session, subject=each.id)
        assert last_shots(studio, session, 3, opened) == last_shots(studio, session, 3)


def test_a_shot_that_did_not_change_is_the_same_value_and_is_not_opened_again(shoot: Shoot) -> None:
    studio, session, opened = shoot.studio, shoot.session, OpenedRows()
    ada = shoot.person("Ada")
    first, second = shoot.photo(ada), shoot.photo(ada)
    before = {each.shot: each for each in session_shots(studio, session, opened=opened)}
    rate_photos(studio, [second.guid], 3, shoot.staff["Kim"].id)
    shoot.photo(ada)
    opened.turn()
    after = {each.shot: each for each in session_shots(studio, session, opened=opened)}
    assert after[first.guid] is before[first.guid] and len(after) == 3
    assert after[second.guid].rating == 3


def test_what_is_not_read_any_more_is_not_held_any_more(shoot: Shoot) -> None:
    opened, photo = OpenedRows(), shoot.photo()
    session_shots(shoot.studio, shoot.session, opened=opened)
    assert len(opened) > 0
    remove_photos(shoot.studio, [photo.guid], shoot.staff["Kim"].id)
    for _ in range(2):
        opened.turn()
        session_shots(shoot.studio, shoot.session, opened=opened)
    assert len(opened) == 0

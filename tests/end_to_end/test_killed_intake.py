"""A day on which intake is killed again and again, or its disk is full: each file is in, once, with its hash."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from safelight.capture.slates import slate_text
from safelight.demo.drawn.portrait import drawn_portrait
from safelight.domain.ids import Country, Language, SubjectId
from safelight.domain.people import Role, Subject
from safelight.keys.passphrases import FLOOR_COST
from safelight.studio import founding, sessions, subjects, upkeep
from safelight.studio.on_set import How, put_on_set
from safelight.studio.open_studio import new_id
from safelight.studio.staff import add_staff
from support import found_studio, hot_worker
from support.sampling import LONG

KILLS = 200 if LONG else 6
CALLS = ("fsync", "fdatasync", "rename", "unlink", "pwrite64", "write")
"""Before one of these the process is killed: what lies on the disk is then as it was between any two of them."""
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


class Camera:
    """Tethered to the folder: it writes frames and slates, and an editor moves and rates what is there."""

    def __init__(self, folder: Path, dice: random.Random, slates: list[str]) -> None:
        self._folder, self._dice, self._slates = folder, dice, slates
        self._number = 0
        self.frames: dict[str, str] = {}
        """Every frame the camera ever wrote, by the hash it had then, with its name."""

    def shoot(self, count: int) -> None:
        for _ in range(count):
            self._number += 1
            at = START + timedelta(seconds=self._number)
            slate = self._dice.choice(self._slates) if self._dice.random() < 0.1 else None
            size = (800, 1000) if slate else (240, 300)
            data = drawn_portrait(self._number, size, camera_time=at, slate=slate, frame=self._number)
            name = f"SLN_{self._number:04}.JPG"
            (self._folder / name).write_bytes(data)
            if slate is None:
                self.frames[hashlib.sha256(data).hexdigest()] = name

    def edit(self, taken: set[str]) -> None:
        """Move one file, and write a comment into one that is in the archive."""
        files = sorted(self._folder.rglob("*.JPG"))
        moved = self._dice.choice(files)
        (self._folder / "Selects").mkdir(exist_ok=True)
        moved.rename(self._folder / "Selects" / moved.name)
        known = [each for each in sorted(self._folder.rglob("*.JPG")) if _sha256(each) in taken]
        if known:
            rated = self._dice.choice(known)
            data = rated.read_bytes()
            rated.write_bytes(data[:2] + b"\xff\xfe\x00\x08rated!" + data[2:])


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def studio(tmp_path: Path) -> tuple[Path, list[str]]:
    """A studio with a session, two people and one of them on set, and the texts of their slates."""
    folder = tmp_path / "studio"
    with founding.found_studio(folder, found_studio.WANTED, found_studio.PASSPHRASE, cost=FLOOR_COST) as made:
        kim, _ = add_staff(made, "Kim", frozenset({Role.PHOTOGRAPHER}))
        wanted = sessions.NewSession("Spring", "Nordwind", "Berlin", "DE", made.today(), kim.id)
        session, _ = sessions.new_session(made, wanted)
        people = [Subject(SubjectId(new_id()), name, Language("en"), Country("DE")) for name in ("Ada", "Ben")]
        for each in people:
            subjects.add_subject(made, session, each)
        put_on_set(made, session, [people[0].id], kim.id, How.ENTER)
        return folder, [slate_text(session.id, each.id) for each in people]


def test_every_frame_is_in_once_however_often_the_intake_is_killed(
    studio: tuple[Path, list[str]], tmp_path: Path, stock_tool: Callable[[str], str]
) -> None:
    strace, dice, hot = stock_tool("strace"), random.Random(20261127), tmp_path / "hot"
    hot.mkdir()
    camera, acks, killed = Camera(hot, dice, studio[1]), list[tuple[str, str]](), 0
    taken: set[str] = set()
    for _ in range(KILLS):
        camera.shoot(dice.randrange(1, 4))
        call, when = dice.choice(CALLS), dice.randrange(1, 15)
        inject = f"inject={call}:signal=KILL:when={when}"
        # A worker of ours that decodes is killed as well: it only ever writes to pipes.
        done = run([strace, "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e", inject], studio[0], hot)
        killed += "DONE" not in done
        acks += [(line.split()[1], line.split()[2]) for line in done if line.startswith("ACK")]
        taken = looked_at(studio[0], acks)
        assert taken <= camera.frames.keys()
        camera.edit(taken)
    assert killed >= KILLS / 3, "the points lie where something happens"
    done = run([], studio[0], hot)
    assert done[-1] == "DONE"
    assert looked_at(studio[0], acks) == camera.frames.keys()
    assert run([], studio[0], hot) == ["DONE"], "and a restart finds nothing new"
    shutil.rmtree(hot)


@pytest.mark.parametrize("first", range(1, 200, 4) if LONG else (9, 30))
def test_a_disk_that_is_full_for_a_while_at_any_write_loses_no_frame(
    first: int, studio: tuple[Path, list[str]], tmp_path: Path, stock_tool: Callable[[str], str]
) -> None:
    hot = tmp_path / "hot"
    hot.mkdir()
    camera = Camera(hot, random.Random(first), studio[1])
    camera.shoot(6)
    inject = f"inject=pwrite64:error=ENOSPC:when={first}..{first + 12}"
    strace = [stock_tool("strace"), "-f", "-qq", "-o", os.devnull, "-e", "trace=pwrite64", "-e", inject]
    done = run(strace, studio[0], hot)
    assert done[-1] == "DONE"
    acks = [(line.split()[1], line.split()[2]) for line in done if line.startswith("ACK")]
    assert looked_at(studio[0], acks) == camera.frames.keys()


def run(before: list[str], studio: Path, hot: Path) -> list[str]:
    argv = [*before, sys.executable, hot_worker.__file__, str(studio), str(hot)]
    done = subprocess.run(argv, capture_output=True, text=True, env=ENVIRONMENT, check=False, timeout=300)
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout.splitlines()


def looked_at(folder: Path, acks: list[tuple[str, str]]) -> set[str]:
    """The hashes of the originals in the archive, which is sound, holds all that was promised, and nothing twice."""
    with founding.open_studio(folder, found_studio.PASSPHRASE) as studio:
        assert upkeep.check_studio(studio, acks)[0].problems == ()
        again = upkeep.check_studio(studio, acks)[0]
        assert again.problems == () and not any(again.tidied.values())
        (session,) = studio.archive.sessions.list()
        photos = list(studio.archive.photos.of_session(session.id))
        assert len({each.image_sha256 for each in photos}) == len(photos), "twice"
        for each in photos:
            original = studio.archive.files.read_bytes(studio.archive.photos.original(each.guid))
            assert hashlib.sha256(original).hexdigest() == each.sha256
        return {each.sha256 for each in photos}

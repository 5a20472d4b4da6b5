"""Days at the desk that are killed again and again: what was said is kept, every frame is in once, on whom it shows.

Longer than other tests: what was done and what is checked of it stand side by side, act by act.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from safelight.capture.slates import slate_text
from safelight.domain.attendance import Presence
from safelight.domain.errors import SafelightError
from safelight.domain.ids import Country, Language, SubjectId
from safelight.domain.people import Role, Subject
from safelight.keys.passphrases import FLOOR_COST
from safelight.storage.backup import verify_backup
from safelight.studio import founding, sessions, subjects, upkeep
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.queries.second_place import in_two_places
from safelight.studio.second_place import copy_waiting, set_second_place
from safelight.studio.staff import add_staff
from safelight.studio.switch_log import How, clocks_of, read_switches
from support import desk_worker, found_studio
from support.sampling import LONG
from support.tethered_camera import TetheredCamera

DAYS, KILLS = (range(2), 100) if LONG else (range(1), 4)
"""Two hundred in all; a day of its own is no shorter than a real one, and what is compared grows with it."""
ROUNDS = 20 if LONG else 1
"""How often each thing a desk rests on goes and comes back."""
ACTS = 8
SPEED = 5
"""So a few seconds are long enough for people to come and go."""
NAMES = ("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hua")
CALLS = ("fsync", "fdatasync", "rename", "unlink", "pwrite64", "ftruncate")
FAULTS = ("pwrite64", "fdatasync", "fsync", "ftruncate")
"""At one of these the disk is full for a while."""
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
Owners = tuple[tuple[str, ...], bool]


@dataclass
class Truth:
    """What must be so, by what was said; where somebody was killed in the middle of an act, either may be."""

    acks: list[tuple[str, str]] = field(default_factory=list)
    switches: dict[int, tuple[str, ...]] = field(default_factory=dict)
    maybe_switched: list[tuple[str, ...]] = field(default_factory=list)
    owners: dict[str, list[Owners | None]] = field(default_factory=dict)
    """By hand: on whom a photo is; None where only the switch log says so."""
    culled: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    present: dict[str, list[str]] = field(default_factory=dict)
    taken_out: dict[str, bool] = field(default_factory=dict)
    """Hashes of what was taken out, and whether that is sure."""
    backups: set[Path] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)
    acts: int = 0

    def hear(self, lines: list[str]) -> bool:
        """What a program said; whether it came to its end."""
        begun: dict[str, Any] | None = None
        for line in lines:
            what, _, rest = line.partition(" ")
            if what == "ACK":
                id, sha256 = rest.split(" ")
                self.acks.append((id, sha256))
            elif what == "LISTED":
                self.listed.add(rest)
            elif what == "BEGIN":
                begun = json.loads(rest)
            elif what == "NOT":
                self._maybe(begun)
                begun = None
            elif what == "DONE":
                self._done(json.loads(rest))
                begun = None
                self.acts += 1
        self._maybe(begun)
        return "END" in [line.strip() for line in lines]

    def _done(self, told: dict[str, Any]) -> None:
        match told["act"]:
            case "switch":
                self.switches[told["at"]] = tuple(told["people"])
            case "move" | "back" | "answer":
                self._owned(told, sure=True)
            case "cull":
                for key in told.keys() - {"act", "photo"}:
                    self.culled[told["photo"], key] = [told[key]]
            case "attend":
                self.present[told["person"]] = [told["state"]]
            case "take out":
                self.taken_out[told["sha256"]] = True
            case "back up":
                self.backups.add(Path(told["folder"]))

    def _maybe(self, told: dict[str, Any] | None) -> None:
        if told is None:
            return
        match told["act"]:
            case "switch":
                self.maybe_switched.append(tuple(told["people"]))
            case "move" | "back" | "answer":
                self._owned(told, sure=False)
            case "cull":
                for key in told.keys() - {"act", "photo"}:
                    before = {"rating": 0, "mark": "none", "hidden": False}[key]
                    self.culled.setdefault((told["photo"], key), [before]).append(told[key])
            case "attend":
                self.present.setdefault(told["person"], [Presence.EXPECTED.value]).append(told["state"])
            case "take out":
                self.taken_out.setdefault(told["sha256"], False)

    def _owned(self, told: dict[str, Any], *, sure: bool) -> None:
        for guid, (people, flagged) in told["owners"].items():
            now: Owners | None = (tuple(people), flagged)
            if told["act"] == "back":
                now = None if flagged or guid not in self.owners else now
            if sure:
                self.owners[guid] = [now]
            else:
                self.owners.setdefault(guid, [None]).append(now)


@dataclass
class Day:
    """One day: its studio, its camera, and what is true of both."""

    path: Path
    camera: TetheredCamera
    drive: Path
    backups: Path
    began: float
    speed: int
    truth: Truth = field(default_factory=Truth)
    sure: int = 0

    def work(self, seed: str, acts: int = ACTS, under: Sequence[str] = (), kill: int = 0, after: float = 0,
             rest: bool = False, beside: Callable[[], None] | None = None) -> bool:  # fmt: skip
        """The desk works while the camera shoots; killed ``after`` seconds past its line ``kill``; whether it ended."""
        argv = [*under, sys.executable, desk_worker.__file__, str(self.path), str(self.camera.folder),
                str(self.backups), seed, str(self.began), str(self.speed), str(acts)]  # fmt: skip
        lines: list[str] = []
        with subprocess.Popen(
            argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
        ) as desk, nullcontext() if rest else shooting(self.camera):
            assert desk.stdout is not None and desk.stderr is not None
            meanwhile = threading.Thread(target=beside)
            for line in desk.stdout:
                if not line.endswith("\n"):
                    break  # killed in the middle of the line: it was not said
                lines.append(line.rstrip("\n"))
                if lines[-1].strip() == "READY":
                    meanwhile.start()
                if kill and len(lines) == kill:
                    time.sleep(after)
                    desk.kill()
            errors = desk.stderr.read()
        if meanwhile.ident is not None:
            meanwhile.join()
        assert "Traceback" not in errors, errors
        return self.truth.hear(lines)

    def opened(self) -> OpenStudio:
        return founding.open_studio(self.path, found_studio.PASSPHRASE, clock=self.camera.clock)

    def look(self) -> set[str]:
        """Everything that was said holds, and frames are on whom they show or asked about; the hashes that are in."""
        with self.opened() as studio:
            for _ in range(2):
                found = upkeep.check_studio(studio, self.truth.acks)[0]
                assert found.problems == (), found.problems
            assert not any(found.tidied.values()), "one check tidies everything"
            return self._compare(studio)

    def _compare(self, studio: OpenStudio) -> set[str]:
        truth = self.truth
        (session,) = studio.archive.sessions.list()
        photos = {each.guid: each for each in studio.archive.photos.of_session(session.id)}
        assert len({each.image_sha256 for each in photos.values()}) == len(photos), "twice"
        log = self._switches(studio, session.id)
        culled = studio.archive.culling.of(tuple(photos))
        self.sure = 0
        for guid, photo in photos.items():
            name, at = self.camera.frames[photo.sha256]
            assert not truth.taken_out.get(photo.sha256), f"{name} was taken out and is back"
            truth.taken_out.pop(photo.sha256, None)
            now = photo.subjects, photo.flagged
            hands = truth.owners.get(guid, [None])
            if now in hands:
                truth.owners[guid] = [now]
            else:
                assert None in hands, (name, now, hands)
                truth.owners[guid] = [None]
                meant = max((each for each in log if each[0] <= at), default=(0, ()))[1]
                assert photo.flagged or photo.subjects == meant, (name, photo.subjects, meant)
                self.sure += not photo.flagged
            for key, value in {"rating": culled[guid].rating, "mark": culled[guid].mark.value,
                               "hidden": culled[guid].hidden}.items():  # fmt: skip
                if (guid, key) in truth.culled:
                    assert value in truth.culled[guid, key], (name, key, value, truth.culled[guid, key])
                    truth.culled[guid, key] = [value]
        for person, states in truth.present.items():
            state = studio.archive.attendance.get(SubjectId(person), session.id).state.value
            assert state in states
            truth.present[person] = [state]
        return {each.sha256 for each in photos.values()}

    def _switches(self, studio: OpenStudio, session: Any) -> list[tuple[int, tuple[str, ...]]]:
        """The true log: what was said, what may have been written as somebody was killed, and the camera's slates."""
        written = read_switches(studio, session)
        by_hand = {each.at_ms: each.subjects for each in written if each.how is How.ENTER}
        assert self.truth.switches.items() <= by_hand.items(), "a switch that was said is in the log"
        for at in by_hand.keys() - self.truth.switches.keys():
            self.truth.maybe_switched.remove(by_hand[at])
            self.truth.switches[at] = by_hand[at]
        self.truth.maybe_switched.clear()
        clocks = clocks_of(studio, session)
        slates = sorted((each.switch(clocks).at_ms, each.subjects[0]) for each in written if each.how is How.SLATE)
        assert set(slates) <= set(self.camera.slates) and len(set(slates)) == len(slates), "each slate switches once"
        return sorted([*self.truth.switches.items(), *((at, (who,)) for at, who in self.camera.slates)])


@contextmanager
def shooting(camera: TetheredCamera) -> Iterator[None]:
    ended = threading.Event()
    thread = threading.Thread(target=camera.keep_shooting, args=(ended,))
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@pytest.fixture
def speed() -> int:
    """How many seconds of the day pass in one."""
    return SPEED


@pytest.fixture
def day(tmp_path: Path, speed: int) -> Day:
    """A studio with a session and its people, a second place, and a camera whose clock is known."""
    path, drive, hot, backups = (tmp_path / name for name in ("studio", "drive", "hot", "backups"))
    hot.mkdir()
    backups.mkdir()
    began = time.time()
    clock = desk_worker.day_clock(began, speed)
    words = found_studio.PASSPHRASE
    with founding.found_studio(path, found_studio.WANTED, words, cost=FLOOR_COST, clock=clock) as made:
        kim, _ = add_staff(made, "Kim", frozenset({Role.PHOTOGRAPHER}))
        wanted = sessions.NewSession("Spring", "Nordwind", "Berlin", "DE", made.today(), kim.id)
        session, _ = sessions.new_session(made, wanted)
        for name in NAMES:
            subjects.add_subject(made, session, Subject(SubjectId(new_id()), name, Language("en"), Country("DE")))
        set_second_place(made, drive)
        people = sorted(made.archive.subjects.ids(session.id))[: -desk_worker.ABSENT]
    camera = TetheredCamera(hot, clock, random.Random(7), {each: slate_text(session.id, each) for each in people})
    camera.show_clock()
    return Day(path, camera, drive, backups, began, speed)


@pytest.mark.parametrize("which", DAYS)
def test_what_was_said_is_kept_however_often_the_desk_is_killed(
    which: int, day: Day, tmp_path: Path, stock_tool: Callable[[str], str]
) -> None:
    strace, dice, killed = stock_tool("strace"), random.Random(20261127 + which), 0
    for number in range(which * KILLS, (which + 1) * KILLS):
        if number % 2:
            call, when = dice.choice(CALLS), dice.randrange(1, 60)
            inject = ["-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={when}"]
            ended = day.work(str(number), under=[strace, "-f", "-qq", "-o", os.devnull, *inject])
        else:
            ended = day.work(str(number), kill=dice.randrange(4, 30), after=dice.random() * 0.1)
        killed += not ended
        day.camera.edit(day.look())
    assert day.truth.acts > KILLS
    assert killed >= KILLS / 3, "the points lie where something happens"
    is_accounted_for(day, tmp_path)


@pytest.mark.parametrize(
    # While another program keeps even readers out the folder is seen late, by less than a margin of real seconds.
    ("what", "speed"), [("disk", SPEED), ("folder", SPEED), *([("drive", SPEED), ("database", 1)] if LONG else [])]
)  # fmt: skip
def test_what_the_desk_rests_on_goes_and_comes_back(
    what: str, day: Day, tmp_path: Path, stock_tool: Callable[[str], str]
) -> None:
    strace, dice = stock_tool("strace"), random.Random(what)

    def away(place: Path) -> Callable[[], None]:
        def gone() -> None:
            time.sleep(dice.random())
            place.rename(aside := place.with_name("aside"))
            time.sleep(2)
            aside.rename(place)

        return gone

    def held() -> None:
        other = sqlite3.connect(day.path / "archive.sqlite", isolation_level=None, timeout=30)
        other.execute("BEGIN EXCLUSIVE")
        time.sleep(10)
        other.execute("ROLLBACK")
        other.close()

    for number in range(ROUNDS):
        under: list[str] = []
        if what == "disk":
            call, first = dice.choice(FAULTS), dice.randrange(1, 80)
            inject = f"inject={call}:error=ENOSPC:when={first}..{first + dice.randrange(1, 30)}"
            under = [strace, "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e", inject]
        beside = {"folder": away(day.camera.folder), "drive": away(day.drive), "database": held}.get(what)
        ended = day.work(f"{what} {number}", under=under, beside=beside)
        assert ended or what == "disk", "it goes on by itself"
        day.look()
    is_accounted_for(day, tmp_path)


def is_accounted_for(day: Day, tmp_path: Path) -> None:
    """A last quiet run: every file of the camera is in or listed, in two places, and backups of the day are whole."""
    assert day.work("last", acts=0, rest=True)
    taken, truth = day.look(), day.truth
    out = {sha256 for sha256, sure in truth.taken_out.items() if sure or sha256 not in taken}
    assert taken | out == day.camera.frames.keys() and not taken & out
    assert day.camera.torn <= truth.listed
    with day.opened() as studio:
        (session,) = studio.archive.sessions.list()
        slates = [each for each in read_switches(studio, session.id) if each.how is How.SLATE]
        assert len(slates) == len(day.camera.slates), "every slate was heard, once"
        copy_waiting(studio)
        places = in_two_places(studio, session)
        assert places.done == places.total == len(taken)
    for each in truth.backups:
        verify_backup(each)
    for each in set(day.backups.iterdir()) - truth.backups:
        with suppress(SafelightError):  # whole, or not taken for a backup
            verify_backup(each)
    print(f"{len(day.camera.frames)} frames, {day.sure} sure, {truth.acts} acts, "
          f"{len(truth.switches)} switches, {len(slates)} slates, {len(truth.backups)} backups")  # fmt: skip
    acks = tmp_path / "acks"
    acks.write_text("".join(f"ACK {id} {sha256}\n" for id, sha256 in truth.acks))
    passphrase = tmp_path / "passphrase"
    passphrase.touch(0o600)
    passphrase.write_text(found_studio.PASSPHRASE)
    argv = [sys.executable, "-m", "safelight", "--studio", str(day.path), "--passphrase-file", str(passphrase),
            "studio", "check", "--acks", str(acks)]  # fmt: skip
    done = subprocess.run(argv, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    shutil.rmtree(day.backups)

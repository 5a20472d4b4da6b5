"""A signing screen, a watched folder and commands from four processes on one studio, kills among them.

Afterwards each thing that was acknowledged is there once, each frame is one photo, the journal has no gap, and the
check finds nothing.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pytest
from PIL import Image

from safelight.domain.ids import SubjectId
from safelight.studio.founding import open_studio
from safelight.studio.queries.lookup import find_session
from safelight.studio.upkeep import check_studio
from support import screen_worker
from support.found_studio import PASSPHRASE, found_both
from support.sampling import LONG
from support.started_program import StartedProgram, started_program

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="commands are copies of a process, and killed")

WRITERS = 4
COMMANDS = 125 if LONG else 5
"""Of each of them."""
KILLED = 0.2
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


@dataclass
class Truth:
    """What was acknowledged, what was tried, and what was said that nobody should have heard."""

    acks: list[tuple[str, str]] = field(default_factory=list)
    added: dict[str, str] = field(default_factory=dict)
    """People by name, with the id that was acknowledged."""
    tried: list[str] = field(default_factory=list)
    frames: int = 0
    wrong: list[str] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def heard(self, said: subprocess.CompletedProcess[str], name: str = "") -> None:
        with self.guard:
            for line in said.stdout.splitlines():
                if line.startswith("ACK "):
                    _, id, sha256 = line.split(" ")
                    self.acks.append((id, sha256))
                    if name:
                        self.added[name] = id
            if said.returncode not in (0, -signal.SIGKILL):
                self.wrong.append(f"{said.args}: {said.returncode} {said.stdout} {said.stderr}")


class Writer:
    """One of four who type commands; some are killed at whatever they do."""

    def __init__(self, name: str, folder: Path, truth: Truth, program: StartedProgram) -> None:
        self.name, self.folder, self.truth, self._program = name, folder, truth, program
        self._dice = random.Random(name)
        self._people: list[str] = []

    def work(self) -> None:
        for number in range(COMMANDS):
            acts: Sequence[Callable[[int], None]] = (self._add, self._add, self._shoot, self._attend, self._look)
            self._dice.choice(acts)(number)

    def _add(self, number: int) -> None:
        name = f"{self.name} {number}"
        self.truth.tried.append(name)
        said = self._run("subject", "add", "Spring", name)
        self.truth.heard(said, name)
        if said.returncode == 0:
            self._people.append(name)

    def _shoot(self, number: int) -> None:
        """The very file that the camera writes is also taken in by hand."""
        drawn = io.BytesIO()
        colour = tuple(self._dice.randrange(256) for _ in range(3))
        Image.new("RGB", (120, 150), colour).save(drawn, "JPEG", comment=f"{self.name} {number}".encode())
        path = self.folder / "hot" / f"{self.name}{number}.jpg"
        path.write_bytes(drawn.getvalue())
        with self.truth.guard:
            self.truth.frames += 1
        self.truth.heard(self._run("capture", "add", "Spring", path))

    def _attend(self, _number: int) -> None:
        if self._people:
            person = self._dice.choice(self._people)
            self.truth.heard(self._run("subject", "attendance", "Spring", person, "absent"))

    def _look(self, _number: int) -> None:
        asked = self._dice.choice((("subject", "list"), ("photo", "list", "Spring"), ("studio", "check")))
        self.truth.heard(self._run(*asked))

    def _run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        place = ("--studio", self.folder / "studio", "--passphrase-file", self.folder / "passphrase", "--acks")
        killer = None
        if self._dice.random() < KILLED:
            killer = threading.Timer(0.1 + self._dice.random() * 0.4, self._kill)
            killer.start()
        try:
            return self._program.run([str(each) for each in (*place, *arguments)])
        finally:
            if killer is not None:
                killer.cancel()

    def _kill(self) -> None:
        process = self._program._process.pid
        with contextlib.suppress(OSError, ValueError):
            for copy in Path(f"/proc/{process}/task/{process}/children").read_text().split():
                os.kill(int(copy), signal.SIGKILL)


@contextlib.contextmanager
def running(*argv: str | Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, *map(str, argv)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def lines_of(process: subprocess.Popen[str]) -> list[str]:
    """What it says, growing until it ends."""
    said: list[str] = []

    def hear(stream: IO[str]) -> None:
        for line in iter(stream.readline, ""):
            said.append(line.strip())

    assert process.stdout is not None
    threading.Thread(target=hear, args=(process.stdout,), daemon=True).start()
    return said


def test_screen_watch_and_commands_from_four_processes_at_once(tmp_path: Path) -> None:
    found_both(tmp_path)
    (tmp_path / "hot").mkdir()
    truth = Truth()
    studio, place = tmp_path / "studio", ("--studio", tmp_path / "studio", "--passphrase-file", tmp_path / "passphrase")
    screen = (screen_worker.__file__, studio, PASSPHRASE)
    with (
        contextlib.ExitStack() as started,
        running(*screen, "Tablet") as tablet,
        running(*screen, "Fallen") as fallen,
        running("-m", "safelight", *place, "--acks", "capture", "watch", "Spring", tmp_path / "hot") as watch,
    ):
        told = [lines_of(each) for each in (tablet, fallen, watch)]
        writers = [
            Writer(name, tmp_path, truth, started.enter_context(started_program()))
            for name in ("Ada", "Ben", "Cleo", "Dan")
        ]
        until(lambda: any("SIGNED" in each for each in told[0]) and any("SIGNED" in each for each in told[1]))
        with ThreadPoolExecutor(WRITERS) as pool:
            working = [pool.submit(each.work) for each in writers]
            until(lambda: len(truth.acks) >= 3)
            fallen.kill()
            for each in working:
                each.result()
        until(lambda: taken_in(studio) == truth.frames)
        assert tablet.stdin is not None
        tablet.stdin.write("enough\n")
        tablet.stdin.flush()
        until(lambda: told[0][-1:] == ["END"])
        watch.send_signal(signal.SIGINT)
        watch.wait(60)
    assert truth.wrong == []
    for line in told[2]:
        if line.startswith("ACK "):
            truth.acks.append((line.split(" ")[1], line.split(" ")[2]))
    look_at_it(studio, truth, told)


def until(so: Callable[[], bool], seconds: float = 240) -> None:
    end = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.1)


def taken_in(studio: Path) -> int:
    with open_studio(studio, PASSPHRASE) as looking:
        return looking.archive.photos.count()


def look_at_it(folder: Path, truth: Truth, told: list[list[str]]) -> None:
    with open_studio(folder, PASSPHRASE) as studio:
        session = find_session(studio, "Spring")
        report, _ = check_studio(studio, truth.acks)
        assert report.problems == () and report.others == ()
        entries = studio.archive.journal.entries()
        assert [each.number for each in entries] == list(range(1, len(entries) + 1))
        people = {each.id: each.name for each in studio.archive.subjects.opened(session.id)}
        names = Counter(people.values())
        assert max(names.values()) == 1
        assert {name: people[SubjectId(id)] for name, id in truth.added.items()} == {name: name for name in truth.added}
        begun = [line.removeprefix("BEGIN ") for said in told[:2] for line in said if line.startswith("BEGIN")]
        assert set(names) <= {*truth.tried, *begun}
        receipts = Counter(people[who] for _, who in studio.archive.consents.receipt_ids())
        assert set(receipts.values()) == {1}
        signed = {line.removeprefix("SIGNED ") for said in told[:2] for line in said if line.startswith("SIGNED")}
        # Somebody at the screen that was killed may have signed without having been told.
        assert signed <= set(receipts) and len(set(receipts) - signed) <= 1
        photos = list(studio.archive.photos.of_session(session.id))
        assert len({each.image_sha256 for each in photos}) == len(photos) == truth.frames
        kinds = Counter(each.kind for each in entries)
        assert kinds["photo-added"] == len(photos) and kinds["consent-recorded"] == sum(receipts.values())
        assert kinds["subject-added"] == len(people)

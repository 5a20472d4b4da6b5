"""The hot folder of a session: watched on a thread of its own, whatever screen is shown and also while covered.

The writer's lane stays free: frames come in beside it, and what they change is told to ``Jobs`` like any other change.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from safelight.desk.desk import Desk
from safelight.domain.changes import Changes
from safelight.domain.errors import SafelightError
from safelight.domain.session import Session
from safelight.qt.lanes import surprise
from safelight.settings.background import step_back
from safelight.studio.frame_binding import BySwitchLog
from safelight.studio.hot_intake import HotIntake, IntakeListener

if TYPE_CHECKING:
    from safelight.studio.intake import Intake

AGAIN_S = 2.0
"""A folder that could not be watched, because it is not there yet, is tried again after so long."""
MOST_WATCHED = 200
"""So many folders the system is asked to watch; in the others a look each second notices."""


@dataclass(frozen=True, slots=True)
class SourceNews:
    """How a folder is doing: there or not, seconds since the last frame, whole files that are not in yet."""

    folder: Path
    there: bool
    silent: float
    behind: int


class IntakeSource(QObject):
    """Watches one folder at a time. All signals come on the window's thread."""

    frame_came = Signal()
    """Something was taken in."""
    left_out = Signal(str, str)
    """A file was not taken in: its name, and why."""
    waits = Signal(int, str)
    """So many files wait because the studio could not write, and why; 0 when it can again."""
    changed = Signal()
    """The folder went or came back."""
    _watch_also = Signal(str)
    _ended = Signal(object, object)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._watcher: QFileSystemWatcher | None = None
        self._run: _Run | None = None
        self._wanted: tuple[Session, Path] | None = None
        self._again = QTimer(self, singleShot=True, interval=round(AGAIN_S * 1000))
        self._again.timeout.connect(self._start)
        self._watch_also.connect(self._watch)
        self._ended.connect(self._begin_again)
        self._fault = ""

    @property
    def news(self) -> SourceNews | None:
        """How it is doing; None while no folder is watched."""
        if self._wanted is None:
            return None
        run = self._run
        if run is None:
            return SourceNews(self._wanted[1], False, 0.0, 0)
        return SourceNews(self._wanted[1], run.there, time.monotonic() - run.last, run.behind)

    def watch(self, session: Session | None, folder: Path | None) -> None:
        """Watch ``folder`` for ``session`` from now on, and nothing else; None: nothing."""
        wanted = None if session is None or folder is None else (session, folder)
        if wanted == self._wanted and (wanted is None or self._run is not None):
            return
        self.stop()
        self._wanted = wanted
        self._start()

    def stop(self) -> None:
        """End it; what was under way is finished first. Nothing is told afterwards."""
        self._again.stop()
        self._wanted = None
        run, self._run = self._run, None
        if run is not None:
            run.end()
        if self._watcher is not None:
            self._watcher.deleteLater()
            self._watcher = None

    def _start(self) -> None:
        if self._wanted is None or not self._desk.is_open:
            return
        session, folder = self._wanted
        wake = threading.Event()
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(lambda _: wake.set())
        run = _Run(self)
        try:
            binder = BySwitchLog(self._desk.studio, session, self._desk.by.id)
            intake = HotIntake(self._desk.studio, session, folder, self._desk.decoders, binder, run, wake=wake)
        except SafelightError:  # it is not there; the chip says so
            self._watcher.deleteLater()
            self._watcher = None
            self._again.start()
            self.changed.emit()
            return
        self._run = run
        run.begin(intake)
        self.changed.emit()

    def _watch(self, folder: str) -> None:
        if self._watcher is not None and len(self._watcher.directories()) < MOST_WATCHED:
            self._watcher.addPath(folder)

    def told(self, run: _Run, intake: Intake, changes: Changes) -> None:
        """On the thread of ``run``: one file is dealt with."""
        if run is not self._run:
            return
        self._fault = ""
        for name, why in intake.left_out:
            self.left_out.emit(name, why)
        if intake.added or intake.slates or intake.clocks:
            self.frame_came.emit()
        self._desk.jobs.tell(changes, self)

    def told_waiting(self, run: _Run, number: int, why: str) -> None:
        """On the thread of ``run``: so many files wait."""
        if run is self._run:
            self.waits.emit(number, why)

    def told_folder(self, run: _Run) -> None:
        """On the thread of ``run``: the folder went or came back."""
        if run is self._run:
            self.changed.emit()

    def told_into(self, run: _Run, folder: Path) -> None:
        """On the thread of ``run``: this folder is looked into from now on."""
        if run is self._run or self._run is None:
            self._watch_also.emit(str(folder))

    def told_torn(self, run: _Run, name: str, why: str) -> None:
        """On the thread of ``run``: a file began and did not become whole."""
        if run is self._run:
            self.left_out.emit(name, why)

    def told_failed(self, run: _Run, error: SafelightError) -> None:
        """On the thread of ``run``: it ended by itself."""
        self._ended.emit(run, error)

    def _begin_again(self, run: object, error: SafelightError) -> None:
        """Said once; it is begun again until it goes, and meanwhile the chip says that nothing is watched."""
        if self._run is None or run is not self._run:
            return
        self._run = None
        if self._watcher is not None:
            self._watcher.deleteLater()
            self._watcher = None
        if error.title != self._fault:
            self._fault = error.title
            self._desk.failed(error)
        self._again.start()
        self.changed.emit()


class _Run(IntakeListener):
    """One thread that takes in from one folder, and what it tells."""

    def __init__(self, source: IntakeSource) -> None:
        self._source = source
        self._stop = threading.Event()
        self._intake: HotIntake | None = None
        self._thread = threading.Thread(target=self._work, name="hot-intake", daemon=True)
        self._torn: set[Path] = set()
        self.there = True
        self.last = time.monotonic()

    @property
    def behind(self) -> int:
        return self._intake.behind if self._intake is not None else 0

    def begin(self, intake: HotIntake) -> None:
        self._intake = intake
        self._thread.start()

    def end(self) -> None:
        self._stop.set()
        if self._intake is not None:
            self._intake.folder.wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        step_back()
        try:
            if self._intake is not None:
                self._intake.run(self._stop.is_set)
        except SafelightError as error:
            self._source.told_failed(self, error.with_traceback(None))
        except BaseException as error:  # noqa: BLE001 - told in the window: frames must not stay out unseen
            self._source.told_failed(self, surprise(error))

    def took_in(self, intake: Intake, changes: Changes, /) -> None:
        if intake.added:
            self.last = time.monotonic()
        self._source.told(self, intake, changes)

    def waiting(self, names: tuple[str, ...], why: str, /) -> None:
        self._source.told_waiting(self, len(names), why)

    def gone(self) -> None:
        self.there = False
        self._source.told_folder(self)

    def back(self) -> None:
        self.there = True
        self._source.told_folder(self)

    def looks_into(self, folder: Path) -> None:
        self._source.told_into(self, folder)

    def waits(self, path: Path, why: str) -> None:  # noqa: ARG002 - it may still become whole
        self._torn.add(path)

    def aside(self, path: Path, why: str) -> None:
        # What never looked like a frame is nobody's news; what began as one and broke is.
        if path in self._torn:
            self._torn.discard(path)
            self._source.told_torn(self, path.name, why)

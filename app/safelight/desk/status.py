"""What the bars of the window show, whichever screen is open: counts, the source, long jobs, backup, space."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from safelight.domain.changes import Changes
from safelight.domain.errors import SafelightError
from safelight.domain.progress import Report
from safelight.qt.jobs import Jobs
from safelight.qt.lanes import Job

T = TypeVar("T")


class SourceState(StrEnum):
    """How the folder that is watched is doing; ``NONE`` while none is."""

    NONE = "none"
    LIVE = "live"
    QUIET = "quiet"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Count:
    """A number in the top bar under a word: both are shown as they are."""

    number: str
    word: str


@dataclass(slots=True, eq=False)
class Running:
    """A long job in the bottom bar: ``done`` of ``total`` (0: nobody knows yet)."""

    label: str
    job: Job | None = None
    done: int = 0
    total: int = 0
    what: str = field(default="", repr=False)


class Status(QObject):
    """Held by the desk; screens write into it, the window paints it."""

    changed = Signal()

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.counts: tuple[Count, ...] = ()
        self.source, self.source_words = SourceState.NONE, ""
        self.backup, self.space = "", ""
        self.alarming = False
        self.running: list[Running] = []

    def show_counts(self, *counts: Count) -> None:
        """At most four numbers of the open session."""
        self.counts = counts
        self.changed.emit()

    def show_source(self, state: SourceState, words: str) -> None:
        """What feeds the session, and how it is doing."""
        self.source, self.source_words = state, words
        self.changed.emit()

    def show_backup(self, words: str) -> None:
        """How many frames are in two places."""
        self.backup = words
        self.changed.emit()

    def show_space(self, words: str, *, alarming: bool = False) -> None:
        """How much room is left on the disk."""
        self.space, self.alarming = words, alarming
        self.changed.emit()

    def long(
        self,
        label: str,
        work: Callable[[Report], tuple[T, Changes]],
        succeeded: Callable[[T], None],
        failed: Callable[[SafelightError], None],
        *,
        cancelled: Callable[[], None] | None = None,
        initiator: object = None,
    ) -> Job:
        """As ``Jobs.long``, with a bar, a count and a cancel at the foot of the window while it runs."""
        running = Running(label)

        def progressed(done: int, total: int, what: str = "") -> None:
            running.done, running.total, running.what = done, total, what
            self.changed.emit()

        def ended() -> None:
            self.running.remove(running)
            self.changed.emit()

        def done(result: T) -> None:
            ended()
            succeeded(result)

        def broke(error: SafelightError) -> None:
            ended()
            failed(error)

        def stopped() -> None:
            ended()
            if cancelled is not None:
                cancelled()

        self.running.append(running)
        running.job = self._jobs.long(work, done, broke, progressed=progressed, cancelled=stopped, initiator=initiator)
        self.changed.emit()
        return running.job

    def cancel(self) -> bool:
        """Stop the long job that began last; whether there was one."""
        if not self.running:
            return False
        job = self.running[-1].job
        if job is not None:
            job.cancel()
        return True

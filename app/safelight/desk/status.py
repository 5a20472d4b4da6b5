"""What the bars of the window show, whichever screen is open: counts, the source, long jobs, backup, space."""

from __future__ import annotations

import math
import time
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


LEAST_S = 1.0
"""Before a second has passed no speed is told: it would jump."""


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
    bytes_of: str = ""
    """The part of the job (its ``what``) that counts bytes; other parts count things."""
    began: float = 0.0
    first: int = 0
    now: float = 0.0

    def note(self, done: int, total: int, what: str, now: float) -> None:
        """How far it is at ``now`` (seconds of any clock that only goes forward); another part is timed anew."""
        before, self.what = self.counts_bytes, what
        if not self.began or self.counts_bytes is not before or done < self.done:
            self.began, self.first = now, done
        self.done, self.total, self.now = done, total, now

    @property
    def counts_bytes(self) -> bool:
        """Whether ``done`` and ``total`` are bytes now."""
        return bool(self.bytes_of) and self.what == self.bytes_of

    @property
    def speed(self) -> float:
        """So many a second, since this part began; 0 while nobody can say."""
        passed = self.now - self.began
        return (self.done - self.first) / passed if passed >= LEAST_S else 0.0

    @property
    def seconds_left(self) -> int | None:
        """At this speed; None while nobody can say."""
        return math.ceil((self.total - self.done) / self.speed) if self.speed > 0 else None


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
        if counts != self.counts:
            self.counts = counts
            self.changed.emit()

    def show_source(self, state: SourceState, words: str) -> None:
        """What feeds the session, and how it is doing."""
        if (state, words) != (self.source, self.source_words):
            self.source, self.source_words = state, words
            self.changed.emit()

    def show_backup(self, words: str) -> None:
        """How many frames are in two places."""
        if words != self.backup:
            self.backup = words
            self.changed.emit()

    def show_space(self, words: str, *, alarming: bool = False) -> None:
        """How much room is left on the disk."""
        if (words, alarming) != (self.space, self.alarming):
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
        bytes_of: str = "",
    ) -> Job:
        """As ``Jobs.long``, with a bar, a count and a cancel at the foot of the window while it runs."""
        running = Running(label, bytes_of=bytes_of)

        def progressed(done: int, total: int, what: str = "") -> None:
            running.note(done, total, what, time.monotonic())
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

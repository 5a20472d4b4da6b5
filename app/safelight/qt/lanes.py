"""Worker threads and what they do: one task each, its outcome handed back as a call, nothing of it kept."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from safelight.domain.errors import Cancelled, SafelightError
from safelight.domain.progress import Report
from safelight.settings.background import step_back

T = TypeVar("T")
Failed = Callable[[SafelightError], None]
Call = Callable[[], None]
REPORT_EVERY_S = 1 / 30
"""Progress reaches the window no more often; the last report of a task always does."""

_LOG = logging.getLogger(__name__)


def nothing() -> None:
    """For whoever need not be told."""


class Job:
    """The handle of a task. It can ask the task to stop and holds nothing of it, so anybody may keep it."""

    __slots__ = ("_stop",)

    def __init__(self) -> None:
        self._stop = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop: before it begins, or at its next report."""
        self._stop.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether it was asked to stop; it may have been done all the same."""
        return self._stop.is_set()


@dataclass(eq=False, slots=True)
class Task(Generic[T]):
    """Work, and the calls of which exactly one tells how it ended; all of them run on the window's thread."""

    work: Callable[[Report], T]
    succeeded: Callable[[T], None]
    failed: Failed
    cancelled: Call
    progressed: Report | None = None
    in_part: Call = nothing
    """Told after a failure, or a stop of what had begun: a part of the work may have been done."""
    only_reads: bool = False
    """Then, once it is cancelled, neither result nor error interest anybody."""
    job: Job = field(default_factory=Job)

    def attempt(self, stopped: Callable[[], bool], post: Callable[[Call], None]) -> Call:
        """Do the work on this thread, unless it is stopped before; returns the call that tells the outcome.

        ``stopped`` is asked at every report; ``post`` takes calls that tell of progress.
        """
        if stopped():
            return self.cancelled
        pace = _Pace(self.progressed, self.job, post)

        def report(done: int, total: int, what: str = "") -> None:
            if stopped():
                raise Cancelled
            pace.take(done, total, what)

        try:
            result = self.work(report)
        except Cancelled:
            return self._both(self.cancelled)
        except SafelightError as error:
            # Its traceback holds the frames of the work, and with them what the work was about.
            told = error.with_traceback(None)
            told.__cause__ = told.__context__ = None
            return self._unless_cancelled(self._both(lambda: self.failed(told)))
        except BaseException as error:  # noqa: BLE001 - the last to know; it travels on as an outcome
            unforeseen = surprise(error)
            return self._unless_cancelled(self._both(lambda: self.failed(unforeseen)))
        pace.flush()
        return self._unless_cancelled(lambda: self.succeeded(result))

    def _both(self, call: Call) -> Call:
        def both() -> None:
            try:
                call()
            finally:
                self.in_part()

        return both

    def _unless_cancelled(self, call: Call) -> Call:
        def tell() -> None:
            (self.cancelled if self.only_reads and self.job.is_cancelled else call)()

        return tell


class _Pace:
    """Passes reports on at a rate a window can paint; the newest replaces those that were not passed on."""

    def __init__(self, progressed: Report | None, job: Job, post: Callable[[Call], None]) -> None:
        self._progressed, self._job, self._post = progressed, job, post
        self._latest: tuple[int, int, str] | None = None
        self._passed = float("-inf")

    def take(self, done: int, total: int, what: str) -> None:
        if self._progressed is not None:
            self._latest = (done, total, what)
            if time.monotonic() - self._passed >= REPORT_EVERY_S:
                self.flush()

    def flush(self) -> None:
        latest, self._latest = self._latest, None
        if latest is not None and self._progressed is not None:
            self._passed = time.monotonic()
            tell, job = self._progressed, self._job
            self._post(lambda: None if job.is_cancelled else tell(*latest))


class Lane:
    """Threads that take work in the order it is handed in; with one thread it is also done in that order."""

    def __init__(self, name: str, threads: int, ended: Callable[[list[Call]], None]) -> None:
        """``ended`` is called on the worker's thread with the call that tells the outcome, which it takes out."""
        self._names = [f"job-{name}-{number}" for number in range(threads)]
        self._threads: list[threading.Thread] = []
        self._waiting: SimpleQueue[Callable[[], Call] | None] = SimpleQueue()
        self._ended = ended

    def put(self, attempt: Callable[[], Call]) -> None:
        """Have ``attempt`` made by the next free thread; it must not raise."""
        if not self._threads:  # a program that needs no such lane pays for none
            self._threads = [threading.Thread(target=self._run, name=name, daemon=True) for name in self._names]
            for thread in self._threads:
                thread.start()
        self._waiting.put(attempt)

    def end(self) -> None:
        """Take nothing more; what waits is still attempted."""
        for _ in self._threads:
            self._waiting.put(None)

    def join(self) -> None:
        """Wait until everything is done, after :meth:`end`."""
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        step_back()
        while (attempt := self._waiting.get()) is not None:
            outcome = [attempt()]
            # Neither may be held here when the outcome is told, which may be at once, nor until the next work comes.
            del attempt
            self._ended(outcome)


def surprise(error: BaseException) -> SafelightError:
    """What a person hears when the program itself is at fault; the log names the place, never the data."""
    place: Any = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place is not None else "an unknown place"
    _LOG.error("a job failed unexpectedly: %s at %s", type(error).__name__, where)
    return SafelightError(
        "Something went wrong that was not foreseen.",
        "Everything kept before is safe. Try again; if it stays, tell whoever looks after this computer.",
    )

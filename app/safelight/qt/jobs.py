"""Slow work off the window's thread: every outcome comes back on that thread, and nothing of the work is kept."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from safelight.domain.changes import Changes
from safelight.domain.errors import Cancelled
from safelight.domain.progress import Report

from .lanes import Call, Failed, Job, Lane, Task, nothing

T = TypeVar("T")
EVERYTHING = ~Changes.NONE
"""After work that ended half-way nobody knows better."""


class Jobs(QObject):
    """Three lanes: one writer in order, two readers beside it, and one for what takes minutes.

    Everything handed in ends in exactly one call, on this thread and from its event loop: ``succeeded`` with the
    result, ``failed`` with two sentences, or ``cancelled``. What travels between threads are plain Python queues; Qt
    only hears that something arrived. So once that call has returned, no queue, signal, thread or :class:`Job` holds
    the work, its result or its error any more.
    """

    changed = Signal(object, object)
    """:class:`Changes` and the ``initiator`` that was handed in with the work: whatever is shown looks again.

    The one refresh signal. It comes after the call that tells the outcome; never with ``Changes.NONE``.
    """
    idle = Signal()
    """Nothing is left to do and every outcome was delivered."""
    _arrived = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._writer = Lane("writer", 1, self._ended)
        self._readers = Lane("reader", 2, self._ended)
        self._long = Lane("long", 1, self._ended)
        self._arrivals: deque[tuple[Call, bool]] = deque()  # with whether the call tells how something ended
        self._timers: dict[QTimer, Call] = {}
        self._open = 0
        self._closed = threading.Event()
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether the outcome of anything handed in has not been delivered."""
        return self._open > 0

    def run(self, work: Callable[[], T], succeeded: Callable[[T], None], failed: Failed) -> None:
        """Do ``work`` on the writer, after everything handed to it before; nobody can stop it.

        Raises RuntimeError after :meth:`close`, as all that hand in work do.
        """
        self._hand_in(self._writer, Task(lambda _: work(), succeeded, failed, lambda: failed(Cancelled())))

    def read(
        self,
        work: Callable[[Report], T],
        succeeded: Callable[[T], None],
        failed: Failed,
        *,
        progressed: Report | None = None,
        cancelled: Call = nothing,
    ) -> Job:
        """Do ``work``, which changes nothing, beside the writer. Once it is cancelled nobody hears its result."""
        return self._hand_in(self._readers, Task(work, succeeded, failed, cancelled, progressed, only_reads=True))

    def write(
        self,
        work: Callable[[Report], tuple[T, Changes]],
        succeeded: Callable[[T], None],
        failed: Failed,
        *,
        initiator: object = None,
        progressed: Report | None = None,
        cancelled: Call = nothing,
    ) -> Job:
        """Do ``work``, a verb that returns its result and what it changed, after everything written before.

        A verb that began and then failed or was stopped may have kept a part: then everything counts as changed.
        """
        return self._hand_in(self._writer, self._verb(work, succeeded, failed, initiator, progressed, cancelled))

    def long(
        self,
        work: Callable[[Report], tuple[T, Changes]],
        succeeded: Callable[[T], None],
        failed: Failed,
        *,
        initiator: object = None,
        progressed: Report | None = None,
        cancelled: Call = nothing,
    ) -> Job:
        """As :meth:`write`, for what takes minutes: one such verb at a time, and the writer goes on beside it."""
        return self._hand_in(self._long, self._verb(work, succeeded, failed, initiator, progressed, cancelled))

    def tell(self, changes: Changes, initiator: object = None) -> None:
        """Emit ``changed`` for what was changed by other means; may be called on any thread."""
        if not self._closed.is_set():
            self._post(lambda: self._emit(changes, initiator))

    def later(self, seconds: float, call: Call) -> Call:
        """Make ``call`` here after so long; returns what calls it off."""
        timer = QTimer(self, singleShot=True, interval=round(seconds * 1000))
        self._timers[timer] = call
        timer.timeout.connect(lambda: (self._take_off(timer) or nothing)())
        timer.start()

        def call_off() -> None:
            self._take_off(timer)

        return call_off

    def close(self) -> None:
        """Do what the writer was handed; stop the other lanes at their next report, and drop what waits there.

        Nothing is delivered any more: whoever asked may be gone.
        """
        if self._closed.is_set():
            return
        self._closed.set()
        for timer in list(self._timers):
            self._take_off(timer)
        lanes = (self._readers, self._long, self._writer)
        for lane in lanes:
            lane.end()
        for lane in lanes:
            lane.join()
        self._arrivals.clear()
        self._open = 0

    # Inside.

    def _verb(
        self,
        work: Callable[[Report], tuple[T, Changes]],
        succeeded: Callable[[T], None],
        failed: Failed,
        initiator: object,
        progressed: Report | None,
        cancelled: Call,
    ) -> Task[tuple[T, Changes]]:
        def done(outcome: tuple[T, Changes]) -> None:
            result, changes = outcome
            try:
                succeeded(result)
            finally:
                self._emit(changes, initiator)

        return Task(work, done, failed, cancelled, progressed, in_part=lambda: self._emit(EVERYTHING, initiator))

    def _hand_in(self, lane: Lane, task: Task[Any]) -> Job:
        if self._closed.is_set():
            raise RuntimeError("these workers have gone home")
        job, closes = task.job, lane is not self._writer

        def stopped() -> bool:
            return job.is_cancelled or (closes and self._closed.is_set())

        self._open += 1
        lane.put(lambda: task.attempt(stopped, self._post))
        return job

    def _emit(self, changes: Changes, initiator: object) -> None:
        if changes:
            self.changed.emit(changes, initiator)

    def _take_off(self, timer: QTimer) -> Call | None:
        call = self._timers.pop(timer, None)
        if call is not None:
            timer.stop()
            timer.deleteLater()
        return call

    def _post(self, call: Call) -> None:
        self._arrivals.append((call, False))
        self._arrived.emit()

    def _ended(self, outcome: list[Call]) -> None:
        self._arrivals.append((outcome.pop(), True))
        self._arrived.emit()

    @Slot()
    def _deliver(self) -> None:
        if self._closed.is_set() or not self._arrivals:
            return
        call, ends = self._arrivals.popleft()
        self._open -= ends
        try:
            call()
        finally:
            del call
            if ends and not self._open:
                self.idle.emit()

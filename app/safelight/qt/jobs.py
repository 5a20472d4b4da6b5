"""Slow work off the window's thread: every outcome comes back on that thread, and nothing of the work is kept."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from safelight.domain.errors import SafelightError

T = TypeVar("T")
Failed = Callable[[SafelightError], None]

_LOG = logging.getLogger(__name__)


class Jobs(QObject):
    """Worker threads that take work in the order it is handed in; with one thread it is also done in that order.

    What travels between threads are plain Python queues; Qt only hears that something arrived. So once a callback has
    returned, no queue, signal or thread holds the work, its result or its error any more.
    """

    idle = Signal()
    """Nothing is left to do and every outcome was delivered."""
    _arrived = Signal()

    def __init__(self, threads: int = 1, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work: SimpleQueue[Callable[[], Callable[[], None]] | None] = SimpleQueue()
        self._outcomes: deque[Callable[[], None]] = deque()
        self._open = 0
        self._closed = False
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._threads = [threading.Thread(target=self._run, name=f"job-{n}", daemon=True) for n in range(threads)]
        for thread in self._threads:
            thread.start()

    @property
    def busy(self) -> bool:
        """Whether anything handed in has not been delivered."""
        return self._open > 0

    def run(self, work: Callable[[], T], succeeded: Callable[[T], None], failed: Failed) -> None:
        """Do ``work`` on a worker thread, then call one of the two here, on this thread, from its event loop.

        Raises RuntimeError after :meth:`close`.
        """
        if self._closed:
            raise RuntimeError("these workers have gone home")

        def attempt() -> Callable[[], None]:
            try:
                result = work()
            except SafelightError as error:
                # Its traceback holds the frames of the work, and with them what the work was about.
                told = error.with_traceback(None)
                told.__cause__ = told.__context__ = None
                return lambda: failed(told)
            except BaseException as error:  # noqa: BLE001 - the last to know; it travels on as an outcome
                surprise = _surprise(error)
                return lambda: failed(surprise)
            return lambda: succeeded(result)

        self._open += 1
        self._work.put(attempt)

    def close(self) -> None:
        """Wait until everything handed in is done. Nothing is delivered any more: who asked may be gone."""
        if self._closed:
            return
        self._closed = True
        for _ in self._threads:
            self._work.put(None)
        for thread in self._threads:
            thread.join()
        self._outcomes.clear()
        self._open = 0

    def _run(self) -> None:
        while (attempt := self._work.get()) is not None:
            self._outcomes.append(attempt())
            del attempt  # or it would be held until the next work comes
            self._arrived.emit()

    @Slot()
    def _deliver(self) -> None:
        if self._closed or not self._outcomes:
            return
        outcome = self._outcomes.popleft()
        self._open -= 1
        outcome()
        del outcome
        if not self._open:
            self.idle.emit()


def _surprise(error: BaseException) -> SafelightError:
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

"""Keeps the second place up to date while the desk is open: on a thread of its own, whatever screen is shown.

A job of minutes must not wait for it, nor the other way round; the writer's lane stays free as well, because the verb
writes in short transactions between the files.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from safelight.domain.changes import Changes
from safelight.domain.errors import Cancelled, DeviceFailure, SafelightError
from safelight.domain.session import Session
from safelight.qt.jobs import Jobs
from safelight.settings.background import step_back

if TYPE_CHECKING:
    from safelight.studio.open_studio import OpenStudio
    from safelight.studio.queries.second_place import TwoPlaces

LOOK_EVERY_S = 5.0
"""A drive that came back, and what was written by others, is noticed after so long."""
REST_S = 1.0
"""Between two runs at least, however fast frames come in."""
_WAKE = Changes.PHOTOS | Changes.RECEIPTS | Changes.STUDIO


class SecondCopies(QObject):
    """Copies what waits, again and again, between :meth:`start` and :meth:`stop`; nothing while there is no place."""

    failed = Signal(object)
    """The :class:`SafelightError`, told once until it goes again."""
    recovered = Signal()
    """It goes again."""
    counted = Signal()
    """:attr:`places` is another one."""

    def __init__(self, jobs: Jobs, parent: QObject | None = None, look_every_s: float = LOOK_EVERY_S) -> None:
        super().__init__(parent)
        self._jobs, self._look_every_s = jobs, look_every_s
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._fault: SafelightError | None = None
        self.places: TwoPlaces | None = None
        """How far the session is; None before it was counted, and while there is none."""
        jobs.changed.connect(self._changed)

    @property
    def fault(self) -> SafelightError | None:
        """What is wrong now; None while all is well."""
        return self._fault

    def start(self, studio: OpenStudio, session: Callable[[], Session | None] = lambda: None) -> None:
        """Copy for ``studio`` from now on; of ``session`` (asked on any thread) the frames are counted."""
        self.stop()
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(
            target=self._work, args=(studio, session, self._wake, self._stop), name="second-place", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Nothing of the studio is used once this returned: the file under way is finished first."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._stop.set()
            self._wake.set()
            thread.join()
        self._fault = self.places = None

    def look(self) -> None:
        """Look now: there may be another session to count."""
        self._wake.set()

    def _changed(self, changes: Changes, _initiator: object) -> None:
        if changes & _WAKE:
            self._wake.set()

    def _work(
        self,
        studio: OpenStudio,
        session: Callable[[], Session | None],
        wake: threading.Event,
        stop: threading.Event,
    ) -> None:
        step_back()
        # Imported here, because the first window loads no studio.
        from safelight.studio.queries.second_place import in_two_places
        from safelight.studio.second_place import copy_waiting, second_place

        def report(_done: int, _total: int, _what: str) -> None:
            if stop.is_set():
                raise Cancelled

        while not stop.is_set():
            wake.clear()
            try:
                if second_place(studio) is not None:
                    _, changes = copy_waiting(studio, report)
                    if changes:
                        self._jobs.tell(changes, self)
                self._tell(None)
            except Cancelled:
                # What was noted before it was stopped is told: somebody may look on, and nothing is asked again.
                self._jobs.tell(Changes.COPIES, self)
            except DeviceFailure as error:
                self._jobs.tell(Changes.COPIES, self)
                self._tell(error.with_traceback(None))
            except SafelightError as error:
                self._tell(error.with_traceback(None))
            self._count(session(), lambda shown: in_two_places(studio, shown))
            stop.wait(min(REST_S, self._look_every_s))
            wake.wait(self._look_every_s)

    def _count(self, session: Session | None, count: Callable[[Session], TwoPlaces]) -> None:
        """On the thread that copies."""
        try:
            now = None if session is None else count(session)
        except SafelightError:
            return  # what is wrong was said by the copying
        if now != self.places:
            self.places = now
            self.counted.emit()

    def _tell(self, error: SafelightError | None) -> None:
        """On the thread that copies."""
        before, self._fault = self._fault, error
        if error is not None and (before is None or before.title != error.title):
            self.failed.emit(error)
        elif before is not None and error is None:
            self.recovered.emit()

"""Hears that another program wrote to the open studio (a signing screen, a watched folder, a command)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from safelight.domain.errors import SafelightError
from safelight.settings.background import step_back

if TYPE_CHECKING:
    from safelight.domain.session import Session
    from safelight.studio.open_studio import OpenStudio

LOOK_EVERY_S = 1.0
"""Asking costs some microseconds; what others write is shown at most so often."""


class OtherPrograms(QObject):
    """Looks again and again between :meth:`start` and :meth:`stop`, on a thread of its own: the answer may wait."""

    wrote = Signal(object, object)
    """Another program wrote: the studio by the rules of now, and the session that is worked on as it is now, or None.

    What was written is not known, so everything counts as changed.
    """

    def __init__(self, parent: QObject | None = None, look_every_s: float = LOOK_EVERY_S) -> None:
        super().__init__(parent)
        self._look_every_s = look_every_s
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, studio: OpenStudio, session: Callable[[], Session | None]) -> None:
        """Look at ``studio`` from now on; ``session`` is asked on any thread."""
        self.stop()
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._work, args=(studio, session, self._stop), name="other-programs", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Nothing of the studio is used once this returned."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._stop.set()
            thread.join()

    def _work(self, studio: OpenStudio, session: Callable[[], Session | None], stop: threading.Event) -> None:
        step_back()
        # Imported here, because the first window loads no studio.
        from safelight.studio.queries.latest import latest_of, written_by_others

        seen = None
        while not stop.wait(0 if seen is None else self._look_every_s):
            try:
                now = written_by_others(studio)
                if now == seen or seen is None:
                    seen = now
                    continue
                latest = latest_of(studio, session())
            except SafelightError:
                continue  # whoever looks at the studio next is told what is wrong
            seen = now
            if not stop.is_set():
                self.wrote.emit(*latest)

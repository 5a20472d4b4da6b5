"""The one QApplication of a process: Fusion for every window, and no pen sample thrown away."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from signal import SIGINT, SIGTERM

from PySide6.QtCore import QCoreApplication, QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication


def make_application(argv: Sequence[str] = ()) -> QApplication:
    """The application of this process, made if there is none yet; ``argv`` is what Qt may read of the arguments.

    How a window looks is each window's own (``theme.apply``).
    """
    running = QApplication.instance()
    if isinstance(running, QApplication):
        application = running
    else:
        # A stroke is evidence: Qt would join samples that arrive faster than it can paint.
        QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, False)
        QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_CompressTabletEvents, False)
        # Qt's own dialogs would note in a file which folders somebody looked at, and those are named after people.
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, os.devnull)
        application = QApplication(["safelight", *argv])
        application.setApplicationName("safelight")
        application.setApplicationDisplayName("Safelight")
    application.setStyle("Fusion")
    return application


@contextmanager
def told_to_end(end: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C where it was started, or the system that shuts down, calls ``end``: what is being kept is kept."""
    before = {each: signal.signal(each, lambda *_: end()) for each in (SIGINT, SIGTERM)}
    pulse = QTimer()
    pulse.timeout.connect(lambda: None)  # Python hears of a signal only when Qt hands over to it
    pulse.start(200)
    try:
        yield
    finally:
        pulse.stop()
        for each, handler in before.items():
            signal.signal(each, handler)

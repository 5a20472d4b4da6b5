"""The one QApplication of a process: Fusion for every window, and no pen sample thrown away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
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
        application = QApplication(["safelight", *argv])
        application.setApplicationName("safelight")
        application.setApplicationDisplayName("Safelight")
    application.setStyle("Fusion")
    return application

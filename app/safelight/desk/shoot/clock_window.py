"""The clock card: a window with the time as a large code, for each camera to photograph once when a day begins."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from safelight.qt.controls import Button, TextLabel
from safelight.qt.matrix import MatrixView
from safelight.settings.desk_texts import DeskTexts

EVERY_MS = 250
"""The code says the time it is shown; a frame of it is then off by no more than this."""
Rows = Sequence[Sequence[bool]]


class ClockWindow(QWidget):
    """Shows what ``code`` gives, anew four times a second, and which cameras are known by now."""

    shut = Signal()

    def __init__(self, words: DeskTexts, code: Callable[[], Rows], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setProperty("role", "screen")
        self.setWindowTitle("Safelight")
        self._words, self._code = words, code
        self._matrix = MatrixView()
        self._known = TextLabel(words.get("shoot.clock-none"), "muted")
        done = Button(words.get("shoot.clock-done"), "primary")
        done.clicked.connect(self.close)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(24, 20, 24, 20)
        rows.setSpacing(12)
        rows.addWidget(TextLabel(words.get("shoot.clock-title"), "heading"))
        rows.addWidget(TextLabel(words.get("shoot.clock-hint"), "body"))
        rows.addWidget(self._matrix, 1)
        rows.addWidget(self._known)
        rows.addWidget(done, 0, Qt.AlignmentFlag.AlignTrailing)
        self.resize(640, 760)
        self._beat = QTimer(self, interval=EVERY_MS)
        self._beat.timeout.connect(self._draw)
        self._draw()
        self._beat.start()

    def show_cameras(self, known: Sequence[str], unknown: Sequence[str]) -> None:
        """Which cameras' clocks are known, and which frames came from without."""
        parts = [f"✓ {name}" for name in known] + [f"○ {name}" for name in unknown]
        self._known.setText("   ".join(parts) or self._words.get("shoot.clock-none"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._beat.stop()
        self.shut.emit()
        super().closeEvent(event)

    def _draw(self) -> None:
        self._matrix.show_matrix(self._code(), self._words.get("shoot.clock-title"))

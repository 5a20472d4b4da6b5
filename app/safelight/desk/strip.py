"""The strip under the top bar: what happened and what to do; it goes by itself and takes no focus."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from safelight.qt.controls import IconButton, TextLabel

LASTS_MS = 12_000


class Strip(QFrame):
    """Hidden until something is said; a new sentence takes the place of the last one."""

    def __init__(self, dismiss: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "strip")
        self.title, self.hint = TextLabel("", "heading"), TextLabel("", "body")
        self.dismiss = IconButton("close", dismiss)
        self.dismiss.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.dismiss.clicked.connect(self.hush)
        self._timer = QTimer(self, singleShot=True, interval=LASTS_MS)
        self._timer.timeout.connect(self.hush)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(16, 4, 8, 4)
        columns.setSpacing(12)
        columns.addWidget(self.title, 2)
        columns.addWidget(self.hint, 3)
        columns.addWidget(self.dismiss)
        self.hide()

    def say(self, title: str, hint: str) -> None:
        """Show one sentence and what to do."""
        self.title.setText(title)
        self.hint.setText(hint)
        self.setAccessibleName(f"{title} {hint}".strip())
        self.show()
        self._timer.start()

    def hush(self) -> None:
        """Show and remember nothing."""
        self._timer.stop()
        self.title.setText("")
        self.hint.setText("")
        self.setAccessibleName("")
        self.hide()

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
        self._columns = QHBoxLayout(self)
        self._columns.setContentsMargins(16, 4, 8, 4)
        self._columns.setSpacing(12)
        for part in (self.title, self.hint, self.dismiss):
            self._columns.addWidget(part)
        self.hide()

    def say(self, title: str, hint: str) -> None:
        """Show one sentence and what to do."""
        self.title.setText(title)
        self.hint.setText(hint)
        self.setAccessibleName(f"{title} {hint}".strip())
        self.show()
        # As wide as their words: on a small screen a second line would take from the page what it needs itself.
        for column, part in enumerate((self.title, self.hint)):
            part.ensurePolished()
            self._columns.setStretch(column, part.fontMetrics().horizontalAdvance(part.text()))
        self._timer.start()

    def hush(self) -> None:
        """Show and remember nothing."""
        self._timer.stop()
        self.title.setText("")
        self.hint.setText("")
        self.setAccessibleName("")
        self.hide()

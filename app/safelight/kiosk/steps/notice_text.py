"""The full notice, word for word what is hashed: what "tell me more" opens from the cards."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from safelight.domain.notice import Notice
from safelight.qt.controls import Button, TextLabel
from safelight.settings.texts import Texts

from .page import Column


class NoticeText(QWidget):
    """Every item under its heading, to scroll through, and one button to close it."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panel = Column(900)
        self._close = Button("", "choice")
        self._close.clicked.connect(self.closed)
        self._shown: str | None = None
        self._parts: list[QWidget] = []
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._panel, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 8, 20, 8)
        foot.addStretch(1)
        foot.addWidget(self._close)
        foot.addStretch(1)
        box.addLayout(foot)

    def show_notice(self, notice: Notice | None, texts: Texts) -> None:
        """Paint ``notice``; the close button is there from the start, also while the text is on its way."""
        self._close.set_words(texts.ceremony["close"])
        self._panel.say(notice.title if notice is not None else texts.notice_title)
        if notice is None or notice.sha256 == self._shown:
            return
        self._shown = notice.sha256
        for part in self._parts:
            self._panel.body.removeWidget(part)
            part.deleteLater()
        self._parts = []
        for item in notice.items:
            self._parts += [TextLabel(item.heading, "heading"), TextLabel(item.text, "body")]
        for index, part in enumerate(self._parts):
            self._panel.body.insertWidget(2 + index, part)
        self._panel.area.verticalScrollBar().setValue(0)

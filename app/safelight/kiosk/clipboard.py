"""What was copied at the signing screen goes with the person; what others copied elsewhere stays."""

from __future__ import annotations

import hashlib
import os

from PySide6.QtCore import QObject
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QApplication, QWidget

Mode = QClipboard.Mode


class OwnClipboard(QObject):
    """Knows again what was copied, or only selected, in one window, without keeping it.

    By its text, not by who offers it: a clipboard manager takes over what was copied and offers it in its own name.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._key = os.urandom(32)
        self._copied: dict[Mode, bytes] = {}
        QApplication.clipboard().changed.connect(self._changed)

    def clear(self) -> None:
        """Take back what was copied here and is still there."""
        board = QApplication.clipboard()
        copied, self._copied = self._copied, {}
        for mode, digest in copied.items():
            if self._digest(board.text(mode)) == digest:
                board.clear(mode)

    def _changed(self, mode: Mode) -> None:
        if QApplication.activeWindow() is self._window:
            self._copied[mode] = self._digest(QApplication.clipboard().text(mode))

    def _digest(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode(), key=self._key, digest_size=16).digest()

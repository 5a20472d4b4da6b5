"""Which keys count as something typed, and which fold the roster."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

NO_KEYS = frozenset(
    {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta,
     Qt.Key.Key_AltGr, Qt.Key.Key_CapsLock}
)  # fmt: skip
"""Enter itself, and what is no key on its own."""


def is_tab(event: QKeyEvent) -> bool:
    """Whether Tab alone is pressed."""
    return event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab and not event.modifiers()

"""Gives a widget the desk's type; before its window is dressed there is nothing to give."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from safelight.qt import theme


def dress(widget: QWidget, role: str) -> None:
    """As ``theme.dress``, for a role that the desk alone has."""
    if role in theme.tokens_of(widget).density.type:
        theme.dress(widget, role)

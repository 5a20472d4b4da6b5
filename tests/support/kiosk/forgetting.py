"""What of somebody can still be reached in this process: by Python's own objects, and by what Qt shows or undoes."""

from __future__ import annotations

import contextlib
import gc
import sys
import types
from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from support.alive import alive

FIRST = "Quillmarker"
SECOND = "7319x"
"""The marker is both together; apart they may stand in this file's own constants."""


def marker() -> str:
    return f"{FIRST} {SECOND}"


def marked(thing: object) -> bool:
    if isinstance(thing, str):
        return FIRST in thing and SECOND in thing
    if isinstance(thing, bytes | bytearray):
        return FIRST.encode() in thing and SECOND.encode() in thing
    return False


def holders() -> list[str]:
    """Every reachable object that holds the marker, with whoever holds it in turn."""
    found: list[Any] = []
    with alive() as things:
        for thing in things:
            if isinstance(thing, types.FrameType) or thing is found:
                continue
            for each in gc.get_referents(thing):
                if marked(each):
                    owners = [type(owner).__name__ for owner in gc.get_referrers(thing) if owner is not sys._getframe()]
                    found.append(f"{type(thing).__name__} held by {owners[:6]}: {str(thing)[:120]!r}")
    return found


def spoken(objects: Sequence[QWidget]) -> list[str]:
    """Everything Qt would show or say of ``objects``, undo and all."""
    told = []
    for each in objects:
        if isinstance(each, QLabel):
            told.append(each.text())
        if isinstance(each, QLineEdit):
            told.append(each.text())
            while each.isUndoAvailable():
                each.undo()
                told.append(each.text())
        for name in ("accessibleName", "accessibleDescription", "toolTip", "windowTitle", "objectName"):
            ask = getattr(each, name, None)
            if ask is not None:
                told.append(ask())
        for key in each.dynamicPropertyNames():
            name = bytes(key.data()).decode()
            with contextlib.suppress(RuntimeError):  # Qt's own values, which Python cannot hold
                told.append(str(each.property(name)))
    return told

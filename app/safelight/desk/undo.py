"""What was done and can be taken back, newest first; each act brings the call that undoes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

Call = Callable[[], None]
MOST = 200


@dataclass(frozen=True, slots=True)
class _Act:
    label: str
    undo: Call
    redo: Call | None


class Undo(QObject):
    """A stack of acts. A verb that fails is no act: push once it succeeded."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._done: list[_Act] = []
        self._undone: list[_Act] = []

    @property
    def label(self) -> str:
        """What would be undone now; empty when there is nothing."""
        return self._done[-1].label if self._done else ""

    def push(self, label: str, undo: Call, redo: Call | None = None) -> None:
        """Somebody did ``label``; ``undo`` takes it back and brings back place, selection and filter.

        Without ``redo`` it cannot be done again by Ctrl+Shift+Z.
        """
        self._done.append(_Act(label, undo, redo))
        del self._done[:-MOST]
        self._undone.clear()
        self.changed.emit()

    def undo(self) -> str:
        """Take the newest act back; gives its label, empty when there was none."""
        if not self._done:
            return ""
        act = self._done.pop()
        if act.redo is not None:
            self._undone.append(act)
        else:
            self._undone.clear()
        act.undo()
        self.changed.emit()
        return act.label

    def redo(self) -> str:
        """Do again what was taken back last; gives its label, empty when there is nothing."""
        if not self._undone:
            return ""
        act = self._undone.pop()
        self._done.append(act)
        if act.redo is not None:
            act.redo()
        self.changed.emit()
        return act.label

    def clear(self) -> None:
        """Forget everything: another session, or the desk is closed."""
        self._done.clear()
        self._undone.clear()
        self.changed.emit()

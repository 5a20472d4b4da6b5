"""Frames carried from one place of the window to another: ids only, in a form that no other program reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

FRAMES_FORMAT = "x-safelight/frames"
_MOST_BYTES = 1 << 20


def frames_data(shots: Sequence[str]) -> QMimeData:
    """What is carried: no picture, no file, no name, as it could be let go over another program."""
    data = QMimeData()
    data.setData(FRAMES_FORMAT, "\n".join(shots).encode("ascii"))
    return data


def frames_in(data: QMimeData) -> tuple[str, ...]:
    """The shots that are carried; none for anything else."""
    carried = bytes(data.data(FRAMES_FORMAT).data()) if data.hasFormat(FRAMES_FORMAT) else b""
    if len(carried) > _MOST_BYTES or not carried.isascii():
        return ()
    return tuple(each for each in carried.decode("ascii").split("\n") if each)


class FrameDrop(QObject):
    """Lets frames be dropped on the rows of ``target`` (the viewport of a list): the person they belong to."""

    over = Signal(object)
    """The row the frames are over, to be shown; None when there is none any more."""
    dropped = Signal(object, object)
    """The shots (a tuple of ids) and the row they were let go on."""

    def __init__(self, target: QWidget, row_at: Callable[[QPoint], str | None]) -> None:
        """``row_at`` gives the id of the row at a point of ``target``; None where nobody can take frames."""
        super().__init__(target)
        self._row_at = row_at
        self._over: str | None = None
        target.setAcceptDrops(True)
        target.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 - one target
        kind = event.type()
        if kind in (QEvent.Type.DragEnter, QEvent.Type.DragMove):
            return self._moves(cast(QDragEnterEvent | QDragMoveEvent, event))
        if kind == QEvent.Type.Drop:
            return self._drops(cast(QDropEvent, event))
        if kind == QEvent.Type.DragLeave:
            self._show(None)
        return False

    def _moves(self, event: QDragEnterEvent | QDragMoveEvent) -> bool:
        if not self._is_ours(event):
            return False
        row = self._row_at(event.position().toPoint())
        self._show(row)
        if row is None and event.type() == QEvent.Type.DragMove:
            event.ignore()
        else:
            event.setDropAction(Qt.DropAction.MoveAction)
            event.accept()
        return True

    def _drops(self, event: QDropEvent) -> bool:
        if not self._is_ours(event):
            return False
        row, shots = self._row_at(event.position().toPoint()), frames_in(event.mimeData())
        self._show(None)
        if row is None or not shots:
            event.ignore()
            return True
        event.setDropAction(Qt.DropAction.MoveAction)
        event.accept()
        self.dropped.emit(shots, row)
        return True

    @staticmethod
    def _is_ours(event: QDropEvent) -> bool:
        # The same form from another program (another Safelight, say) has no source here.
        return event.mimeData().hasFormat(FRAMES_FORMAT) and event.source() is not None

    def _show(self, row: str | None) -> None:
        if row != self._over:
            self._over = row
            self.over.emit(row)

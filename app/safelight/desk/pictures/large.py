"""The newest frame large, under hands: looked at by keys of its own, judged by the same keys as in the grid."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from safelight.settings.desk_texts import DeskTexts

from . import large_painting as painting
from .acts import Act, ActOf, act_of_event
from .frame_source import FrameSource
from .large_canvas import LargeCanvas

_STEPS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageDown: 1}
_STEPS |= {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageUp: -1}


class LargeView(LargeCanvas):
    """One frame at a time; acts go out as from the grid, looks are its own."""

    act_asked = Signal(object, object)
    """An :class:`Act` and the shot (a tuple of one id)."""
    step_asked = Signal(int)
    """The next frame (1) or the one before (-1) is wanted."""

    def __init__(
        self, source: FrameSource, words: DeskTexts, act_of: ActOf, name: str = "", parent: QWidget | None = None
    ) -> None:
        """``name`` is what the view is called for whoever listens; ``act_of`` says what a key means."""
        super().__init__(source, words, name, parent)
        self._act_of = act_of
        self._held: QPointF | None = None

    def look(self, act: Act) -> None:
        """Switch the look that ``act`` stands for, as its key does, wherever the focus is."""
        if act.only_looks:
            self.set_looks(replace(self._looks, **{act.value: not getattr(self._looks, act.value)}))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = act_of_event(event, self._act_of)
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        step = _STEPS.get(Qt.Key(event.key()), 0)
        if act is not None and act.only_looks:
            self.look(act)
        elif act is not None and self._frame is not None:
            self.act_asked.emit(act, (self._frame.shot,))
        elif step and held == Qt.KeyboardModifier.NoModifier:
            is_level = event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right)
            self.step_asked.emit(-step if is_level and self.isRightToLeft() else step)
        elif step and held == Qt.KeyboardModifier.ShiftModifier and self._looks.whole_size:
            quarter = self._room().size() / 4
            across = event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right)
            self._move(QPointF(-step * quarter.width(), 0) if across else QPointF(0, -step * quarter.height()))
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._looks.whole_size:
            self._held = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            self._move(event.position() - self._held)
            self._held = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002 - whichever button
        self._held = None
        self.unsetCursor()

    def _move(self, by: QPointF) -> None:
        """Move the picture under the view, and never beyond its edge."""
        frame = self._frame
        if frame is None:
            return
        ratio = self.devicePixelRatioF()
        room = self._rooms()[0][1]
        place = painting.at_full_size(frame, room, self._centre(frame), ratio).translated(by)
        middle = room.center() - place.topLeft()
        asked = QPointF(middle.x() / place.width(), middle.y() / place.height())
        held = painting.at_full_size(frame, room, asked, ratio)
        middle = room.center() - held.topLeft()
        self._places[frame.person] = QPointF(middle.x() / held.width(), middle.y() / held.height())
        self._news()

"""The pictures of the shoot screen as one: the newest large, this person's shots, everybody's last frames.

The newest is followed until somebody moves the focus; from then on what they look at stays, whatever comes in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget

from safelight.desk import keys
from safelight.desk.pictures.acts import Act
from safelight.desk.pictures.frame_source import FrameSource, LargeFrame
from safelight.desk.pictures.grid import FrameGrid
from safelight.desk.pictures.large import LargeView
from safelight.desk.pictures.thumbnails import Thumbnails
from safelight.desk.pictures.tile_look import TileShape
from safelight.desk.pictures.tiles import ShotTile
from safelight.settings.desk_texts import DeskTexts

SHOT = TileShape(134, 138, 3)
"""Two of them stand side by side beside the newest frame, one on a low window."""
LAST = TileShape(64, 64, 2)
LAST_LOW = TileShape(52, 56, 0)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the panel shows: tiles with their large frames by shot; ``person`` says whose the shots are."""

    shots: tuple[ShotTile, ...] = ()
    last: tuple[ShotTile, ...] = ()
    frames: Mapping[str, LargeFrame] = field(default_factory=dict)
    planned: int = 0
    person: str = ""


class PicturesPanel(QObject):
    """Makes the widgets (the view places them), shows :class:`Shown`, and says what is wanted of which shots."""

    act_asked = Signal(object, object)
    """An :class:`Act` and the shots it is about (a tuple of ids)."""
    many_asked = Signal(int)
    """An act on so many shots waits for Enter."""
    follow_changed = Signal(bool)

    def __init__(
        self,
        thumbnails: Thumbnails,
        source: FrameSource,
        words: DeskTexts,
        hand: keys.Hand = keys.Hand.LETTERS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._hand, self._thumbnails, self._source = hand, thumbnails, source
        self._waiting: FrameGrid | None = None
        self._shown, self._following, self._showing = Shown(), True, False
        self.large = LargeView(source, words, self._act_of, words.get("shoot.newest"))
        self.shots = FrameGrid(thumbnails, words, self._act_of, SHOT, name=words.get("shoot.this-person"))
        told = words.get("shoot.last-frames")
        self.last = FrameGrid(thumbnails, words, self._act_of, LAST, one_line=True, name=told)
        self.last_low = FrameGrid(thumbnails, words, self._act_of, LAST_LOW, one_line=True, name=told)
        self.last_low.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # arrows and wheel go on
        self.strip = QStackedWidget()
        self.strip.addWidget(self.last)
        self.strip.addWidget(self.last_low)
        for grid in (self.shots, self.last, self.last_low):
            grid.act_asked.connect(self._act)
            grid.many_asked.connect(lambda _, number, grid=grid: self._wait(grid, number))
            grid.many_settled.connect(self._settled)
            grid.focus_moved.connect(lambda shot, grid=grid: self._focused(grid, shot))
        self.large.act_asked.connect(self._act)
        self.large.step_asked.connect(self._step)

    @property
    def following(self) -> bool:
        """Whether the newest frame is shown as it comes."""
        return self._following

    @property
    def looked_at(self) -> str:
        """The shot that is shown large; empty for none."""
        frame = self.large.frame
        return frame.shot if frame is not None else ""

    def set_hand(self, hand: keys.Hand) -> None:
        """Another set of letters is in force."""
        self._hand = hand

    def set_low(self, low: bool) -> None:
        """A low window has a lower line of last frames, without words."""
        self.strip.setCurrentWidget(self.last_low if low else self.last)

    def set_following(self, following: bool) -> None:
        """Follow the newest frame, or stay where one is."""
        if following != self._following:
            self._following = following
            self.follow_changed.emit(following)
        if following:
            self._show_newest()

    def show(self, shown: Shown) -> None:
        """Show this; another person begins at their newest frame, also if an earlier one was looked at before."""
        other, newest = shown.person != self._shown.person, self._newest()
        self._shown, self._showing = shown, True
        try:
            self.shots.show_tiles(shown.shots, max(0, shown.planned - len(shown.shots)))
            self.last.show_tiles(shown.last)
            self.last_low.show_tiles(shown.last)
        finally:
            self._showing = False
        if other:
            self.set_following(True)
        elif self._following and newest != self._newest():
            self._show_newest()  # not again where it is shown: somebody may scroll through the others meanwhile
        else:
            self._show_large(self.looked_at)

    def selection(self) -> tuple[tuple[str, ...], str | None]:
        """What is chosen among this person's shots, and which has the focus."""
        return self.shots.chosen, self.shots.focused

    def select(self, chosen: Sequence[str], focus: str | None) -> None:
        """Bring a selection back."""
        self.shots.choose(chosen, focus)

    def confirm(self) -> bool:
        """Enter: do what waits for it in one of the lists; whether anything did."""
        waiting = self._waiting
        if waiting is not None:
            waiting.confirm_many()
        return waiting is not None

    def forget(self) -> None:
        """Drop every picture and name."""
        self._shown = Shown()
        self.large.forget()
        for grid in (self.shots, self.last, self.last_low):
            grid.forget()
        self._thumbnails.forget()
        self._source.forget()

    def _wait(self, grid: FrameGrid, number: int) -> None:
        self._waiting = grid
        self.many_asked.emit(number)

    def _settled(self) -> None:
        self._waiting = None

    def _act_of(self, event: QKeyEvent) -> str:
        return keys.letter_act(event, self._hand)

    def _act(self, act: Act, shots: tuple[str, ...]) -> None:
        if act.only_looks:
            if shots and shots[0] != self.looked_at:
                self._show_large(shots[0])
            self.large.look(act)
        else:
            self.act_asked.emit(act, shots)

    def _focused(self, grid: FrameGrid, shot: str | None) -> None:
        if self._showing or shot is None or not grid.hasFocus():
            return
        newest = self._newest()
        self.set_following(shot == newest)
        if shot != newest:
            self._show_large(shot)

    def _step(self, step: int) -> None:
        order = [each.shot for each in self._shown.shots]
        if self.looked_at in order:
            at = min(len(order) - 1, max(0, order.index(self.looked_at) + step))
            self.shots.choose((order[at],), order[at])
            self.set_following(order[at] == self._newest())
            self._show_large(order[at])

    def _newest(self) -> str:
        if self._shown.shots:
            return self._shown.shots[-1].shot
        return "" if self._shown.person or not self._shown.last else self._shown.last[0].shot

    def _show_newest(self) -> None:
        newest = self._newest()
        self._show_large(newest)
        if newest and len(self.shots.chosen) <= 1:  # several that somebody chose stay chosen
            self._showing = True
            try:
                self.shots.choose((newest,), newest)
            finally:
                self._showing = False

    def _show_large(self, shot: str) -> None:
        frames = self._shown.frames
        order = [each.shot for each in self._shown.shots]
        beside: tuple[LargeFrame, ...] = ()
        if shot in order:
            at = order.index(shot)
            near = (*order[at + 1 : at + 2], *order[max(0, at - 1) : at])
            beside = tuple(frames[each] for each in near if each in frames)
        self.large.show_frame(frames.get(shot), beside)
        name = next((each.owner for each in self._shown.last if each.shot == shot), "")
        number = order.index(shot) + 1 if shot in order else 0
        self.large.show_caption(name, number, self._shown.planned)

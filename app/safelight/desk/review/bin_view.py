"""What lies in the bin of the session: to be taken out again, or deleted now and proved to be gone."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from safelight.desk.pictures.frame_view import FrameView
from safelight.desk.pictures.thumbnails import Thumbnails
from safelight.desk.pictures.tile_look import LAST_FRAMES
from safelight.desk.pictures.tiles import ShotTile
from safelight.qt.controls import Button, TextLabel
from safelight.settings.desk_texts import DeskTexts


class BinView(QWidget):
    """Hidden while the bin is empty. Deleting is asked for twice: it is the one act here that nothing takes back."""

    take_out_asked = Signal()
    delete_asked = Signal(object)
    """These (guids), of which somebody was asked twice."""

    def __init__(self, words: DeskTexts, pictures: Thumbnails) -> None:
        super().__init__()
        self._words, self._asking = words, False
        self.title = TextLabel("", "heading")
        self.frames = FrameView(pictures, words, LAST_FRAMES, one_line=True, name=words.get("review.bin_frames"))
        self.take_out = Button(words.get("review.bin_take_out"))
        self.delete, self.keep = Button(words.get("review.bin_delete")), Button(words.get("review.bin_keep"), "quiet")
        buttons = QHBoxLayout()
        for each in (self.take_out, self.delete, self.keep):
            buttons.addWidget(each)
        buttons.addStretch(1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 8, 0, 0)
        rows.addWidget(self.title)
        rows.addWidget(self.frames)
        rows.addLayout(buttons)
        self.take_out.clicked.connect(self.take_out_asked)
        self.delete.clicked.connect(self._delete)
        self.keep.clicked.connect(lambda: self._ask(False))
        self.show_tiles(())

    def show_tiles(self, tiles: Sequence[ShotTile]) -> None:
        """These lie in it."""
        self.title.setText(self._words.get("review.bin", n=len(tiles)))
        self.frames.show_tiles(tiles)
        self.setVisible(bool(tiles))
        self._ask(False)

    def _delete(self) -> None:
        if self._asking:
            self._ask(False)
            self.delete_asked.emit(tuple(each.guid for each in self.frames.tiles))
        else:
            self._ask(True)

    def _ask(self, asking: bool) -> None:
        self._asking = asking
        sure = self._words.get("review.bin_sure", n=len(self.frames.tiles))
        self.delete.set_words(sure if asking else self._words.get("review.bin_delete"))
        self.keep.setVisible(asking)

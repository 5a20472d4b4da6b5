"""The sheet a second person checks: the receipt's pages, the pictures beside them, five points, a name and a PIN."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from safelight.desk.pictures.frame_view import FrameView
from safelight.desk.pictures.thumbnails import Thumbnails
from safelight.desk.pictures.tile_look import LAST_FRAMES
from safelight.domain.clearance import CHECK_POINTS
from safelight.domain.ids import PersonId
from safelight.qt.controls import Button, EntryField, TextLabel
from safelight.qt.frames import FocusLine
from safelight.qt.page_view import PageView
from safelight.qt.picker import Picker
from safelight.qt.tick_line import TickLine
from safelight.settings.desk_texts import DeskTexts

from .rows import Sheet

LEAST_PAGE = 420
"""A page lower than this cannot be read; what does not fit below it is scrolled to."""


class SheetView(QWidget):
    """Nothing is confirmed beforehand; the button works once every point is, and a PIN is there."""

    validate_asked = Signal(str, str, tuple)
    """The reviewer's id, what was typed as PIN, and the points that were confirmed."""

    def __init__(self, words: DeskTexts, pictures: Thumbnails) -> None:
        super().__init__()
        self._words = words
        self._sheet: Sheet | None = None
        self._looked: set[int] = set()
        self._number = 0
        self.title, self.told = TextLabel("", "heading"), TextLabel("", "muted")
        self.pages, self.next = PageView(), Button(words.get("review.next_receipt", number=1, count=1), "quiet")
        self.picks = FrameView(pictures, words, LAST_FRAMES, one_line=True, name=words.get("review.pictures"))
        FocusLine(self.picks)
        self.points = {each: TickLine(words.get(f"review.point_{each}")) for each in CHECK_POINTS}
        self.reviewer = Picker(words.get("review.reviewer"))
        self.pages.setMinimumHeight(LEAST_PAGE)
        self.pin = EntryField(words.get("review.pin"))
        self.pin.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.edit.setMaxLength(12)
        self.validate = Button(words.get("review.validate"))
        who = QHBoxLayout()
        who.addWidget(self.reviewer, 2)
        who.addWidget(self.pin, 1)
        self.form = QWidget()
        asked = QVBoxLayout(self.form)
        asked.setContentsMargins(0, 0, 0, 0)
        asked.setSpacing(2)
        for box in self.points.values():
            asked.addWidget(box)
            box.toggled.connect(self._look)
        asked.addLayout(who)
        asked.addWidget(self.validate)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        for part in (self.title, self.pages, self.next, self.picks, self.told, self.form):
            rows.addWidget(part, 1 if part is self.pages else 0)
        self.next.clicked.connect(self._show_next)
        self.pin.edited.connect(self._look)
        self.reviewer.chosen.connect(self._look)
        self.pin.entered.connect(self._validate)
        self.validate.clicked.connect(self._validate)
        self.show_sheet(None)

    def show_sheet(self, sheet: Sheet | None) -> None:
        """Another person's sheet: every point open, no PIN; None while nobody is chosen."""
        self.pin.edit.clear()
        for box in self.points.values():
            box.set_ticked(False)
        self.title.setText(sheet.name if sheet else "")
        self.picks.show_tiles(sheet.tiles if sheet else ())
        self.picks.setVisible(bool(sheet and sheet.tiles))
        self._sheet, self._looked = sheet, set()
        self._show_pages(0)
        told = "" if sheet is None else sheet.checked or sheet.why_not
        self.told.setText(told if sheet is not None else self._words.get("review.choose_somebody"))
        self.form.setVisible(bool(sheet and sheet.reviewers))
        reviewers = sheet.reviewers if sheet else ()
        self.reviewer.offer(reviewers, reviewers[0][0] if len(reviewers) == 1 else None)
        self._look()

    def _show_pages(self, number: int) -> None:
        """One of the receipts; every one of them has to have been on the screen before anything can be confirmed."""
        pdfs = self._sheet.pdfs if self._sheet else ()
        self._number = number
        self.pages.setVisible(bool(pdfs))
        self.next.setVisible(len(pdfs) > 1)
        if self._sheet is None or not pdfs:
            self.pages.clear()
            return
        self._looked.add(number)
        self.pages.show_pdf(pdfs[number], self._words.get("review.receipt_of", name=self._sheet.name))
        self.next.set_words(self._words.get("review.next_receipt", number=number + 1, count=len(pdfs)))
        self._look()

    def _show_next(self) -> None:
        if self._sheet is not None and self._sheet.pdfs:
            self._show_pages((self._number + 1) % len(self._sheet.pdfs))

    def show_checking(self, checking: bool) -> None:
        """The PIN is being looked at, which takes longer with every wrong one."""
        self.form.setEnabled(not checking)
        if checking:
            self.pin.edit.clear()
        else:
            self._look()

    def _look(self, *_: object) -> None:
        whole = all(box.ticked for box in self.points.values())
        whole = whole and self._sheet is not None and len(self._looked) == len(self._sheet.pdfs)
        self.validate.setEnabled(whole and self.reviewer.value is not None and len(self.pin.text()) >= 4)

    def _validate(self) -> None:
        reviewer = self.reviewer.value
        if self.validate.isEnabled() and reviewer is not None:
            confirmed = tuple(key for key, box in self.points.items() if box.ticked)
            self.validate_asked.emit(PersonId(reviewer), self.pin.text(), confirmed)

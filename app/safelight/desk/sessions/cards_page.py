"""Badges, slates and spare cards of a session: which ones, on which paper, as they will be printed; saved as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from safelight.domain.sheets import Paper, SheetKind
from safelight.qt import theme
from safelight.qt.choices import OneOf
from safelight.qt.controls import Button, EntryField, TextLabel
from safelight.qt.frames import Scroll
from safelight.qt.page_view import PageView
from safelight.qt.picker import Picker
from safelight.settings.desk_texts import DeskTexts

from .page import GAP, Page, of_fixed_height

LEFT = 400


class CardsPage(Page):
    """What is wanted goes out, the PDF comes in."""

    wanted = Signal()
    """Other cards, another paper or language: :attr:`kind`, :attr:`paper` and :attr:`language` say which."""
    path_chosen = Signal(Path)
    spares_asked = Signal(str)
    """Make so many new spare cards, as it was typed."""
    drop_asked = Signal()

    def __init__(self, words: DeskTexts) -> None:
        super().__init__(words)
        self._file = ""
        self._saved: Path | None = None
        self.kinds, self.papers = OneOf(words.get("sessions.cards")), OneOf(words.get("sessions.paper"))
        self.kinds.offer([(each, words.get(f"sessions.cards_{each}")) for each in SheetKind], SheetKind.BADGES)
        self.papers.offer([(each, words.get(f"sessions.paper_{each}")) for each in Paper], Paper.A4)
        self.words_in = Picker(words.get("sessions.cards_language"))
        self.spares = QWidget()
        self.count = of_fixed_height(EntryField(words.get("sessions.spares_count")))
        self.make, self.drop = Button(words.get("sessions.spares_make")), Button(words.get("sessions.spares_drop"))
        self.told = TextLabel("", "muted")
        self.save, self.reveal = Button(words.get("sessions.save_pdf"), "primary"), Button(words.get("sessions.reveal"))
        self.sheet = PageView()
        self.nothing = TextLabel("", "lead")
        self._lay_out()
        self.foot.add(self.reveal, self.save)
        for choice in (self.kinds, self.papers):
            choice.chosen.connect(lambda _: self._want())
        self.words_in.chosen.connect(lambda _: self._want())
        self.save.clicked.connect(self._ask_where)
        self.reveal.clicked.connect(self._reveal)
        self.make.clicked.connect(lambda: self.spares_asked.emit(self.count.text()))
        self.count.entered.connect(lambda: self.spares_asked.emit(self.count.text()))
        self.drop.clicked.connect(self.drop_asked)
        self.spares.hide()
        self.reveal.hide()

    @property
    def kind(self) -> SheetKind:
        """Which cards."""
        return SheetKind(self.kinds.value or SheetKind.BADGES)

    @property
    def paper(self) -> Paper:
        """On which paper."""
        return Paper(self.papers.value or Paper.A4)

    @property
    def language(self) -> str:
        """The language of the words on them."""
        return self.words_in.value or "en"

    def offer(self, languages: Sequence[tuple[str, str]], language: str, paper: Paper) -> None:
        """The languages there are, and what is chosen at first."""
        self.words_in.offer(languages, language)
        self.papers.set_value(paper)
        self._want()

    def show_making(self) -> None:
        """The cards are being drawn."""
        self.save.setEnabled(False)
        self.nothing.setText(self.words.get("sessions.drawing"))
        self._show_sheet(False)

    def show_sheet(self, pdf: bytes, file: str) -> None:
        """The cards as they will be printed; ``file`` is what they would be called."""
        self._file = file
        self.sheet.show_pdf(pdf, self.words.get(f"sessions.cards_{self.kind}"))
        pages = self.sheet.pages
        self.told.setText(self.words.get("sessions.pages", n=pages))
        self._show_sheet(True)
        self.save.setEnabled(True)
        self.show_error("")

    def show_nothing(self, title: str, hint: str) -> None:
        """There is nobody to print a card for, or it went wrong."""
        self.sheet.clear()
        self.save.setEnabled(False)
        self.told.setText("")
        self.nothing.setText(f"{title} {hint}".strip())
        self._show_sheet(False)

    def show_saved(self, path: Path | None, sentence: str = "") -> None:
        """Where the cards are now; its folder can be shown."""
        self._saved = path
        self.reveal.setVisible(path is not None)
        if path is not None:
            self.told.setText(sentence)
            self.reveal.setFocus()

    def work(self) -> None:
        """The focus goes to the kinds of cards."""
        self.kinds.buttons[0].setFocus()

    def forget(self) -> None:
        """Show and remember nobody."""
        self.sheet.clear()
        self.show_saved(None)
        for part in (self.told, self.nothing):
            part.setText("")
        self.show_head("")
        self.show_error("")

    def _lay_out(self) -> None:
        words = self.words
        spares = QVBoxLayout(self.spares)
        spares.setContentsMargins(0, 0, 0, 0)
        spares.setSpacing(8)
        spares.addWidget(TextLabel(words.get("sessions.spares_about"), "muted"))
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.count, 1)
        line.addWidget(self.make, 0, Qt.AlignmentFlag.AlignBottom)
        spares.addLayout(line)
        spares.addWidget(self.drop)
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 8, 0)
        rows.setSpacing(GAP)
        rows.addWidget(TextLabel(words.get("sessions.cards"), "heading"))
        rows.addWidget(self.kinds)
        rows.addWidget(self.spares)
        rows.addWidget(TextLabel(words.get("sessions.paper"), "heading"))
        rows.addWidget(self.papers)
        rows.addWidget(self.words_in)
        rows.addWidget(self.told)
        rows.addStretch(1)
        self.choices = Scroll(inside, words.get("sessions.cards"))
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        columns = QHBoxLayout()
        columns.setSpacing(20)
        columns.addWidget(self.choices)
        columns.addWidget(self.sheet, 1)
        columns.addWidget(self.nothing, 1)
        self.middle.addLayout(columns)

    def _show_sheet(self, there: bool) -> None:
        self.choices.setFixedWidth(theme.tokens_of(self).px(LEFT))
        self.sheet.setVisible(there)
        self.nothing.setVisible(not there)

    def _want(self) -> None:
        self.spares.setVisible(self.kind is SheetKind.SPARES)
        self.show_saved(None)
        self.wanted.emit()

    def _ask_where(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        asking = QFileDialog(self, self.words.get("sessions.save_where"), folder)
        asking.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        asking.setDefaultSuffix("pdf")
        asking.setNameFilters(["PDF (*.pdf)"])
        asking.selectFile(self._file)
        asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asking.fileSelected.connect(lambda path: self.path_chosen.emit(Path(path)))
        asking.open()

    def _reveal(self) -> None:
        if self._saved is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._saved.parent)))

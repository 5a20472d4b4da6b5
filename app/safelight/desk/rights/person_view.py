"""One person's page: what they allow and how it is taken back, their pictures, who holds some, what they asked."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from safelight.desk.pictures.grid import FrameGrid
from safelight.desk.pictures.thumbnails import Thumbnails
from safelight.desk.pictures.tile_look import LAST_FRAMES
from safelight.qt.controls import Button, TextLabel
from safelight.qt.frames import CardFrame
from safelight.qt.picker import Picker
from safelight.settings.desk_texts import DeskTexts

from .access_card import AccessCard
from .keeping_view import KeepingView
from .mail_view import MailCard
from .parts import Act, Line, LinesCard
from .rows import HolderLine, Keeping, PersonPage, RequestLine, UseLine

KINDS = ("access", "erasure", "correction", "restriction", "objection", "portability")
"""What can be asked for; what is taken back needs no request, it ends at once."""


class PersonView(QWidget):
    """Shows a :class:`PersonPage`; what is wanted of it goes out, and nothing is done from here."""

    take_back_asked = Signal(object)
    """These uses (a tuple of ids) are to be taken back; empty: all."""
    strike_asked = Signal(str)
    """This photo is to be struck out."""
    stop_asked = Signal(str)
    """Nothing of them is to be used for now (``restrict``), or it goes on again (``lift``)."""
    receipt_asked = Signal()
    """The receipt of what was taken back a moment ago is to be saved."""
    access_asked = Signal(str)
    """Everything about them is to be written: ``.zip`` to hand over, ``.pdf`` to send."""
    request_asked = Signal(str)
    """A request of this kind is to be entered."""
    recipient_asked = Signal(str)
    """The notices to this recipient are to be seen."""
    answer_asked = Signal(str, str)
    """What is wanted of a request (``answered``, ``refused``, ``longer``, ``seen``), and which."""

    def __init__(self, words: DeskTexts, pictures: Thumbnails) -> None:
        super().__init__()
        self._words, self._page = words, PersonPage("", "", "", "", (), (), (), frozenset(), (), (), Keeping())
        self.name, self.about = TextLabel("", "title"), TextLabel("", "muted")
        self.restricted, self.stop = TextLabel("", "heading"), Button(words.get("rights.restrict"))
        self.uses = LinesCard(words.get("rights.allows"), words.get("rights.allows_nothing"))
        self.ended = TextLabel("", "muted")
        self.all = Button(words.get("rights.take_back_all"))
        self.receipt = Button(words.get("rights.save_receipt"))
        self.final = TextLabel(words.get("rights.final"), "muted")
        self.pictures = _PicturesCard(words, pictures)
        self.holders = LinesCard(words.get("rights.holders"), words.get("rights.no_holders"))
        self.requests = LinesCard(words.get("rights.requests"), words.get("rights.no_requests"))
        self.kind, self.enter = Picker(words.get("rights.kind")), Button(words.get("rights.enter"))
        self.kind.offer([(each, words.get(f"rights.kind_{each}")) for each in KINDS], KINDS[0])
        for part in (self.final, self.all, self.ended, self.receipt):
            self.uses.body.addWidget(part)
        self.uses.body.setAlignment(self.receipt, Qt.AlignmentFlag.AlignLeading)
        self.receipt.hide()
        self.access = AccessCard(words, self.access_asked.emit)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.restricted, 1)
        head.addWidget(self.stop, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addStretch(0)
        self.keeping, self.mail = KeepingView(words), MailCard(words)
        self.uses.body.setAlignment(self.all, Qt.AlignmentFlag.AlignLeading)
        new = QHBoxLayout()
        new.setSpacing(12)
        new.addWidget(self.kind, 1)
        new.addWidget(self.enter, 0, Qt.AlignmentFlag.AlignBottom)
        new.addStretch(1)
        self.requests.body.addLayout(new)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 8, 12)
        rows.setSpacing(12)
        for each in (
            self.name, self.about, self.mail, self.uses, self.pictures, self.holders, self.requests,
            self.access, self.keeping,
        ):  # fmt: skip
            rows.addWidget(each)
        rows.insertLayout(2, head)
        rows.addStretch(1)
        self.stop.clicked.connect(lambda: self.stop_asked.emit("lift" if self._page.restricted else "restrict"))
        self.all.clicked.connect(lambda: self.take_back_asked.emit(()))
        self.receipt.clicked.connect(self.receipt_asked)
        self.enter.clicked.connect(lambda: self.request_asked.emit(self.kind.value or KINDS[0]))
        self.pictures.strike_asked.connect(self.strike_asked)

    @property
    def id(self) -> str:
        """Who is shown."""
        return self._page.id

    def show_person(self, page: PersonPage) -> None:
        """Another person, or the same one after something changed."""
        self._page = page
        self.setAccessibleName(page.name)
        for label, text in ((self.name, page.name), (self.about, page.about), (self.restricted, page.restricted)):
            label.setText(text)
            label.setVisible(bool(text))
        self.stop.set_words(self._words.get("rights.lift" if page.restricted else "rights.restrict"))
        self.uses.show_lines([self._use(each) for each in page.uses])
        for part in (self.all, self.final):
            part.setVisible(bool(page.uses))
        self.ended.setText("\n".join(page.ended))
        self.ended.setVisible(bool(page.ended))
        self.pictures.show_page(page)
        self.holders.show_lines([self._holder(each) for each in page.holders])
        self.requests.show_lines([self._request(each) for each in page.requests])
        self.keeping.show_keeping(page.keeping)

    def show_receipt(self, there: bool) -> None:
        """Whether something was taken back a moment ago, of which a receipt can be saved."""
        self.receipt.setVisible(there)

    def forget(self) -> None:
        """Show and remember nobody."""
        self.show_person(PersonPage("", "", "", "", (), (), (), frozenset(), (), (), Keeping()))
        self.pictures.grid.forget()

    def work(self) -> None:
        """The focus goes to the first thing that can be done."""
        buttons = [each.buttons[0] for each in self.uses.lines if each.buttons]
        (buttons[0] if buttons else self.enter).setFocus()

    def _use(self, use: UseLine) -> Line:
        label = self._words.get("rights.take_back")
        act: Act = (label, f"{label}: {use.title}", lambda: self.take_back_asked.emit((use.scope,)))
        return Line(use.scope, use.title, (use.until,), (act,))

    def _holder(self, holder: HolderLine) -> Line:
        label = self._words.get("rights.see_notices")
        see: Act = (label, f"{label}: {holder.name}", lambda: self.recipient_asked.emit(holder.id))
        return Line(holder.id, holder.name, (holder.told, holder.answer), (see,) if holder.answer else ())

    def _request(self, request: RequestLine) -> Line:
        if not request.waiting:
            return Line(request.id, request.title, (request.told,))
        acts = ("answered", "refused", *(("longer",) if request.longer else ()), "seen")
        made: list[Act] = []
        for each in acts:
            label = self._words.get(f"rights.act_{each}")
            made.append((label, f"{label}: {request.title}", partial(self.answer_asked.emit, each, request.id)))
        return Line(request.id, request.title, (request.told,), made)


class _PicturesCard(CardFrame):
    strike_asked = Signal(str)

    def __init__(self, words: DeskTexts, pictures: Thumbnails) -> None:
        super().__init__()
        self._words, self._struck = words, frozenset[str]()
        title = words.get("rights.pictures")
        self.setAccessibleName(title)
        self.grid = FrameGrid(pictures, words, lambda _: "", LAST_FRAMES, one_line=True, name=title)
        self.grid.setDragEnabled(False)
        self.strike, self.told = Button(words.get("rights.strike")), TextLabel("", "muted")
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.strike)
        row.addWidget(self.told, 1)
        self.body.setContentsMargins(16, 12, 16, 12)
        self.body.setSpacing(8)
        self.body.addWidget(TextLabel(title, "heading"))
        self.body.addWidget(self.grid)
        self.body.addLayout(row)
        self.grid.focus_moved.connect(self._look)
        self.strike.clicked.connect(self._strike)

    def show_page(self, page: PersonPage) -> None:
        """Another person's pictures, or the same after one was struck out."""
        self._struck = page.struck_out
        self.grid.show_tiles(page.tiles)
        self.setVisible(bool(page.tiles))
        self._look()

    def _look(self, *_: object) -> None:
        struck = self.grid.focused in self._struck
        self.strike.setVisible(not struck)
        self.told.setText(self._words.get("rights.is_struck" if struck else "rights.strike_told"))

    def _strike(self) -> None:
        tile = next((each for each in self.grid.tiles if each.shot == self.grid.focused), None)
        if tile is not None:
            self.strike_asked.emit(tile.guid)

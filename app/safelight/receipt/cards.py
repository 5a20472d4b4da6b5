"""Badges, spare cards and slates as PDF: whose they are, the code a camera reads, the letters to type without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from safelight.domain.plain_text import clean, isolate_ltr, name
from safelight.domain.sheets import Paper, SheetKind
from safelight.settings.sheet_texts import SheetTexts, sheet_texts

from . import fonts, look
from .archive import archive
from .fitting import fitted
from .page import QrMatrix
from .page_canvas import PageCanvas
from .text import Style, para

_MM = 72 / 25.4
_WIDE, _TALL = 86 * _MM, 52 * _MM
"""A badge: it fits the sleeves that are sold for conference badges and bank cards' holders when cut."""
_ACROSS, _DOWN = 2, 5
_BADGE_CODE, _QUIET = 36 * _MM, 4.6 * _MM
"""The code on a badge, and the white a reader needs around it: four of its 33 modules (ISO/IEC 18004, 5.3.8)."""
_PAD = 11.0
_SLATE_CODE, _HALF_CODE = 150 * _MM, 92 * _MM
_TYPED = Style(17, 22, fonts.BOLD, look.INK)


@dataclass(frozen=True, slots=True)
class Card:
    """One person's card: the name as it is known, their number if any, the letters to type, the code as modules.

    A ``spare`` card has a line to write the name on in place of the number.
    """

    name: str
    number: str
    typed: str
    code: QrMatrix
    spare: bool = False


@dataclass(frozen=True, slots=True)
class CardSheet:
    """What is printed: which cards in which order, on what, for which session. ``made_at`` is the date of the PDF."""

    kind: SheetKind
    paper: Paper
    cards: Sequence[Card]
    studio_name: str
    session_name: str
    language: str
    made_at: datetime


def render_cards(sheet: CardSheet) -> bytes:
    """The sheet as PDF/A-3b, tagged; at least one page, as many as the cards need and none that is empty."""
    words = sheet_texts(sheet.language)
    title = clean(f"{words.say(_TITLES[sheet.kind])} · {sheet.session_name}")
    author = clean(sheet.studio_name)
    size = sheet.paper.points
    canvas = PageCanvas(title=title, author=author, language=words.language, rtl=words.rtl, size=size)
    drawn = _Drawn(sheet, words, canvas, *size)
    per_page = {SheetKind.SLATES: 1, SheetKind.HALF_SLATES: 2}.get(sheet.kind, _ACROSS * _DOWN)
    for number, card in enumerate(sheet.cards):
        if number and number % per_page == 0:
            canvas.next_page()
        if per_page == 1:
            drawn.slate(card)
        elif per_page == 2:
            drawn.half_slate(card, number % 2)
        else:
            drawn.badge(card, number % per_page)
    return archive(
        canvas.finish(), canvas.pieces, None, title=title, author=author, language=words.language, at=sheet.made_at
    )


_TITLES = {
    SheetKind.BADGES: "badges",
    SheetKind.SLATES: "slates",
    SheetKind.HALF_SLATES: "slates",
    SheetKind.SPARES: "spares",
}


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Draws one card after the other onto the canvas."""

    sheet: CardSheet
    words: SheetTexts
    canvas: PageCanvas
    width: float
    height: float

    def badge(self, card: Card, place: int) -> None:
        """The card at ``place`` of its page, from the top leading corner, with a line to cut along."""
        left = (self.width - _ACROSS * _WIDE) / 2 + place % _ACROSS * _WIDE
        top = (self.height - _DOWN * _TALL) / 2 + place // _ACROSS * _TALL
        self.canvas.outline(left, top, _WIDE, _TALL, look.HAIR)
        code_left = left + _WIDE - _BADGE_CODE - _QUIET
        room = code_left - _QUIET - left - _PAD
        self.code(card, code_left, top + (_TALL - _BADGE_CODE) / 2, _BADGE_CODE)
        at = left + _PAD
        self.line(self.sheet.session_name, at, top + 9, room, 10, (7.5,), look.GREY, fonts.REGULAR)
        foot = top + _TALL - 9 - _TYPED.leading
        if card.spare:
            self.line(card.name, at, top + 22, room, 28, (22, 16))
            self.canvas.rule(at, foot - 27, room, look.INK, 0.6)
            self.plain(self.words.say("write_name"), at, foot - 26, room, look.LABEL)
        else:
            below = foot - 12 - (12 if card.number else 0)
            self.line(card.name, at, top + 22, room, below - top - 24, (16, 14, 12, 10.5, 9, 8))
            if card.number:
                number = self.words.say("number", number=clean(card.number))
                self.line(number, at, below, room, 11, (8.5, 7), look.GREY, fonts.REGULAR)
        self.typed(card, at, foot, room, _TYPED)

    def slate(self, card: Card) -> None:
        """A page for one person: the code as large as the paper allows, the name below."""
        size = min(_SLATE_CODE, self.width - 2 * look.MARGIN)
        room = self.width - 2 * look.MARGIN
        top = 92.0
        self.head(34)
        self.code(card, (self.width - size) / 2, top, size)
        self.line(card.name, look.MARGIN, top + size + 34, room, 110, (44, 36, 30, 24, 18), centred=True)
        self.typed(card, look.MARGIN, top + size + 152, room, Style(24, 32, fonts.BOLD, look.INK, True))
        self.plain(self.words.say("slate_do"), look.MARGIN, self.height - 62, room, _centred(look.ASIDE))

    def half_slate(self, card: Card, place: int) -> None:
        """Half a page for one person: the code leads, the name beside it; a line to cut along between the halves."""
        half = self.height / 2
        top = place * half
        if place == 0:
            self.canvas.dashed(24, half, self.width - 48, look.GREY)
        code_left = look.MARGIN
        text_left = code_left + _HALF_CODE + 36
        room = self.width - text_left - look.MARGIN / 1.5
        self.head(top + 34)
        middle = top + (half - _HALF_CODE) / 2 + 14
        self.code(card, code_left, middle, _HALF_CODE)
        self.line(card.name, text_left, middle, room, 170, (30, 26, 22, 18, 15, 12))
        self.typed(card, text_left, middle + _HALF_CODE - 30, room, Style(22, 30, fonts.BOLD, look.INK))
        self.plain(self.words.say("slate_do"), look.MARGIN, top + half - 34, self.width - 2 * look.MARGIN, look.ASIDE)

    def head(self, top: float) -> None:
        """Studio and session, small: whoever finds the page knows whose it is."""
        with self.canvas.artifact():
            told = f"{name(self.sheet.studio_name, 60)} · {name(self.sheet.session_name, 60)}"
            room = self.width - 2 * look.MARGIN
            self.canvas.para(
                para(told, look.RUNNING, room, rtl=self.words.rtl, language=self.words.language), look.MARGIN, top
            )

    def code(self, card: Card, left: float, top: float, size: float) -> None:
        """The QR code, which says to a screen reader whose it is."""
        with self.canvas.content("Figure", alternative=self.words.say("qr_badge", name=clean(card.name))):
            self.canvas.qr(card.code, left, top, size)

    def typed(self, card: Card, left: float, top: float, room: float, style: Style) -> None:
        """The letters to type where there is no camera, in two groups, with what they are above."""
        label = Style(look.LABEL.size, look.LABEL.leading, look.LABEL.weight, look.LABEL.colour, style.centred)
        self.plain(self.words.say("code"), left, top - label.leading, room, label)
        half = len(card.typed) // 2
        self.plain(isolate_ltr(f"{card.typed[:half]}\u00a0{card.typed[half:]}"), left, top, room, style)

    def plain(self, text: str, left: float, top: float, room: float, style: Style) -> None:
        """Wording of ours."""
        with self.canvas.content("P"):
            self.canvas.para(
                para(text, style, room, rtl=self.words.rtl, language=self.words.language), left, top
            )

    def line(
        self,
        text: str,
        left: float,
        top: float,
        room: float,
        height: float,
        sizes: Sequence[float],
        colour: tuple[float, float, float] = look.INK,
        weight: int = fonts.BOLD,
        *,
        centred: bool = False,
    ) -> None:
        """Somebody's words, as large as their box allows."""
        with self.canvas.content("P"):
            self.canvas.para(
                fitted(text, room, height, sizes, weight=weight, colour=colour, rtl=self.words.rtl,
                       language=self.words.language, centred=centred),
                left, top,
            )  # fmt: skip


def _centred(style: Style) -> Style:
    return Style(style.size, style.leading, style.weight, style.colour, True)

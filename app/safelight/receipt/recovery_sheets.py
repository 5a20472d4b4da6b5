"""The recovery sheets: three pages of numbered words, any two of which open a studio whose passphrase is lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from safelight.domain.plain_text import clean, isolate_ltr, name
from safelight.domain.sheets import Paper
from safelight.settings.sheet_texts import SheetTexts, sheet_texts

from . import fonts, look
from .archive import archive
from .fitting import fitted
from .page_canvas import PageCanvas
from .text import Para, Style, para

LETTERS = "ABC"
"""What the three sheets are called."""
_COMMAND = "safelight studio recover"
_COLUMNS = 3
_WORD = Style(13.5, 24, fonts.BOLD, look.INK)
_NUMBER = Style(10, 24, fonts.REGULAR, look.GREY)


def render_recovery_sheets(
    shares: Sequence[str], studio_name: str, language: str, paper: Paper, made_at: datetime
) -> bytes:
    """A page for each of ``shares`` (words with blanks between) as PDF/A-3b, tagged.

    What is on them opens the studio: the caller writes them where only the person who prints them can read.
    """
    words = sheet_texts(language)
    title, author = clean(f"{words.say('recovery')} · {studio_name}"), clean(studio_name)
    size = paper.points
    canvas = PageCanvas(title=title, author=author, language=words.language, rtl=words.rtl, size=size)
    for place, share in enumerate(shares):
        if place:
            canvas.next_page()
        _Sheet(canvas, words, size[0]).draw(LETTERS[place], share.split(), studio_name, made_at)
    return archive(
        canvas.finish(), canvas.pieces, None, title=title, author=author, language=words.language, at=made_at
    )


class _Sheet:
    """One page while it is drawn; everything stands below what came before."""

    def __init__(self, canvas: PageCanvas, words: SheetTexts, width: float) -> None:
        self._canvas, self._words = canvas, words
        self._room = width - 2 * look.MARGIN
        self._top = 48.0

    def draw(self, letter: str, share: Sequence[str], studio_name: str, made_at: datetime) -> None:
        """The whole page."""
        say = self._words.say
        studio = fitted(studio_name, self._room, 20, (11, 9, 7), colour=look.ACCENT, rtl=self._words.rtl)
        with self._canvas.content("P"):
            self._canvas.para(studio, look.MARGIN, self._top)
        self._top += 24
        self._say(say("recovery_title", letter=letter), look.TITLE, "H1", 8)
        self._say(say("recovery_for", studio=name(studio_name)), look.LEAD, "P", 8)
        self._say(say("recovery_keep"), look.BODY, "P", 16)
        self._say(say("recovery_words", count=str(len(share))), look.HEADING, "H2", 8)
        self._list(share)
        self._top += 18
        self._say(say("recovery_use", command=isolate_ltr(_COMMAND)), look.BODY, "P", 6)
        self._say(say("recovery_new"), look.BODY, "P", 6)
        self._say(say("printed", day=isolate_ltr(made_at.date().isoformat())), look.ASIDE, "P", 0)

    def _list(self, share: Sequence[str]) -> None:
        """The words by number, down one column after the other; they are English in every language."""
        rows = -(-len(share) // _COLUMNS)
        wide = self._room / _COLUMNS
        self._canvas.panel(look.MARGIN, self._top, self._room, rows * _WORD.leading + 20, look.TINT)
        for number, word in enumerate(share):
            left = look.MARGIN + 14 + number // rows * wide
            top = self._top + 10 + number % rows * _WORD.leading
            with self._canvas.content("P"):
                self._canvas.para(self._set(f"{number + 1}.", _NUMBER, 26), left, top)
                self._canvas.para(self._set(isolate_ltr(clean(word)), _WORD, wide - 46), left + 28, top)
        self._top += rows * _WORD.leading + 20

    def _say(self, text: str, style: Style, kind: str, after: float) -> None:
        told = self._set(text, style, self._room)
        with self._canvas.content(kind):
            self._canvas.para(told, look.MARGIN, self._top)
        self._top += told.height + after

    def _set(self, text: str, style: Style, width: float) -> Para:
        return para(text, style, width, rtl=self._words.rtl, language=self._words.language)

"""Draws letters, certificates and registers, which come as data (``domain/page_document``), as PDF/A-3b."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from safelight.domain import page_document as data
from safelight.domain.plain_text import clean, name, without_isolates
from safelight.settings.texts import Texts, texts

from . import look
from .archive import archive
from .blocks import Block, Cell, Gap, Panel, Row, Rule, Stack, TextBlock
from .page_canvas import PageCanvas
from .pages import Frame, Placed, balanced
from .text import Style, width_of

_MARK, _LINE = 0.035, 0.965
"""How much of a point's width its mark has, and how much its words have."""
_ACROSS = 3
"""How many facts stand side by side."""
_UNPARTED = 170.0
"""Points a table may be tall and still be moved to the next page as a whole."""


def render_document(document: data.PageDocument) -> bytes:
    """The unsigned PDF/A-3b, tagged; the same document gives the same bytes."""
    drawn = _Drawing(document, texts(document.language))
    title, author = without_isolates(document.title), clean(document.studio_name)
    canvas = PageCanvas(title=title, author=author, language=drawn.language, rtl=drawn.rtl)
    frame = Frame(look.TOP, look.BOTTOM)
    pages = balanced(drawn.blocks(), look.ROOM, frame, frame)
    for number, placed in enumerate(pages, 1):
        if number > 1:
            canvas.next_page()
        drawn.page(canvas, placed, number, len(pages))
    return archive(
        canvas.finish(), canvas.pieces, None, title=title, author=author, language=drawn.language, at=document.at
    )


class _Drawing:
    """The blocks of one document, in its language and direction."""

    def __init__(self, document: data.PageDocument, words: Texts) -> None:
        self._document, self._words = document, words
        self.language, self.rtl = words.language, words.rtl
        self._tables = 0

    def blocks(self) -> list[Block]:
        """Everything, in the order it is read."""
        drawn: list[Block] = [
            self._text(self._document.title, look.TITLE, "H1", True),
            Gap(4),
            self._text(self._document.lead, look.LEAD),
        ]
        if self._document.blocks and isinstance(self._document.blocks[0], data.Table):
            drawn.append(Gap(8))
        for each, after in pairwise((*self._document.blocks, None)):
            # What introduces a table or a command stands on its page.
            drawn += self._block(each, isinstance(after, data.Table | data.Command)) if each is not None else []
        return drawn

    def page(self, canvas: PageCanvas, placed: Sequence[Placed], number: int, count: int) -> None:
        """One page: the running head, then its blocks."""
        page = self._words.words["page"].format_map({"page": str(number), "pages": str(count)})
        end = f"{self._document.reference}  ·  {page}" if self._document.reference else page
        room = width_of(end, look.RUNNING) + 0.1
        with canvas.artifact():
            # The running head is decoration to a screen reader; the same words stand in the text.
            studio = self._text(name(self._document.studio_name), look.STUDIO)
            canvas.para(studio.at(look.ROOM - room - 20), look.MARGIN, 34)
            canvas.para(self._text(end, look.RUNNING).at(room), look.MARGIN + look.ROOM - room, 35.5)
        for each in placed:
            each.block.draw(canvas, look.MARGIN, each.top, look.ROOM, ())

    def _block(self, block: data.Block, introduces: bool) -> list[Block]:
        match block:
            case data.Heading(text):
                return [Gap(look.SNUG.above), self._text(text, look.HEADING, "H2", True), Gap(look.SNUG.below)]
            case data.Paragraph(text, remark):
                words = self._text(text, look.NOTE if remark else look.BODY)
                words.keep_next = True
                return [Gap(6), Panel([words], look.TINT, 9), Gap(5, False)] if remark else [words, Gap(4, introduces)]
            case data.Points(lines, numbered):
                return [self._point(f"{at}." if numbered else "–", line) for at, line in enumerate(lines, 1)]
            case data.Facts(pairs):
                return self._facts([pair for pair in pairs if pair[1]])
            case data.Table():
                return self._table(block)
            case data.Command(text):
                words = TextBlock(text, look.SMALL, False, self.language)
                return [Gap(1), Panel([words], look.TINT, 5, keep_next=True), Gap(2, introduces)]

    def _text(self, text: str, style: Style, kind: str = "P", keep_next: bool = False) -> TextBlock:
        return TextBlock(text, style, self.rtl, self.language, kind, keep_next)

    def _point(self, mark: str, line: str) -> Row:
        cells = [Cell(_MARK, [self._text(mark, look.BODY, "Lbl")]), Cell(_LINE, [self._text(line, look.BODY)])]
        return Row(cells, gap=2, pad=look.AIRY.line)

    def _facts(self, pairs: Sequence[tuple[str, str]]) -> list[Block]:
        told = [Stack([self._text(label, look.LABEL), self._text(value, look.VALUE)]) for label, value in pairs]
        rows: list[Block] = []
        for at in range(0, len(told), _ACROSS):
            row: list[Block] = [*told[at : at + _ACROSS], *[Gap(0)] * (_ACROSS - len(told[at : at + _ACROSS]))]
            rows.append(Row([Cell(1, [each], "") for each in row], pad=4, gap=14))
        return [Gap(8), Rule(look.HAIR, 2), *rows, Rule(look.HAIR, 2)]

    def _table(self, table: data.Table) -> list[Block]:
        self._tables += 1
        key = f"table{self._tables}"
        heads = [self._text(each, look.LABEL) for each in table.heads]
        header = Row(
            [Cell(share, [head], "TH", "Column") for share, head in zip(table.shares, heads, strict=True)],
            table=key, pad=2.5, rule=look.HAIR, keep_next=True,
        )  # fmt: skip
        rows = [
            Row(
                [self._cell(at, table.shares[at], each) for at, each in enumerate(row)],
                table=key, pad=4.2, rule=look.HAIR, header=header,
            )
            for row in table.rows
        ]  # fmt: skip
        whole = sum(each.height(look.ROOM) for each in rows) <= _UNPARTED
        return [header, *(replace(each, keep_next=whole) for each in rows), Gap(5, False)]

    def _cell(self, at: int, share: int, paragraphs: data.Cell) -> Cell:
        first = look.AIRY.strong if at == 0 else look.AIRY.cell
        styles = [first, *[look.AIRY.cell] * len(paragraphs)]
        told = [self._text(text, style) for text, style in zip(paragraphs, styles, strict=False)]
        return Cell(share, told, "TH" if at == 0 else "TD", "Row" if at == 0 else "")

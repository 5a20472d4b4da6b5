"""Makes blocks of words in the receipt's language and direction, with more or less spacing between them."""

from __future__ import annotations

from . import look
from .blocks import Block, Cell, Gap, Row, Stack, TextBlock
from .look import Spacing
from .page import ReceiptContent
from .text import Style
from .wording import Wording


class BlockWriter:
    """Makes blocks; ``spacing`` is how closely they stand, so that a long receipt still fits its pages."""

    def __init__(self, wording: Wording, spacing: Spacing = look.AIRY) -> None:
        self.wording = wording
        self.spacing = spacing
        self.content: ReceiptContent = wording.content
        self.rtl = wording.texts.rtl

    def words(self, text: str, style: Style, kind: str = "P", keep_next: bool = False) -> TextBlock:
        """A paragraph."""
        return TextBlock(text, style, self.rtl, self.wording.texts.language, kind, keep_next)

    def heading(self, key: str) -> list[Block]:
        """A heading with spacing above, never alone at the end of a page."""
        return [
            Gap(self.spacing.above),
            self.words(self.wording.say(key), look.HEADING, "H2", True),
            Gap(self.spacing.below),
        ]

    def fact(self, key: str, value: str) -> Stack:
        """A label over its value."""
        return Stack([self.words(self.wording.say(key), look.LABEL), self.words(value, look.VALUE)])

    def listed(self, lines: list[str] | tuple[str, ...], style: Style, numbered: bool = False) -> list[Block]:
        """Lines under each other, each with a small mark or its number."""
        return [
            Row(
                [
                    Cell(0.035, [self.words(f"{number}." if numbered else "–", style, "Lbl")]),
                    Cell(0.965, [self.words(line, style)]),
                ],
                gap=2,
                pad=self.spacing.line,
            )
            for number, line in enumerate(lines, 1)
        ]

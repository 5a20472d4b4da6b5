"""The building blocks of a page: words, rows, panels, pictures; each knows its height and draws itself.

A block is as wide as it is told and is never broken over two pages; ``pages.py`` decides which page it lands on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from .page import QrMatrix
from .page_canvas import Colour, PageCanvas, Path
from .text import Para, Style, para


class Block(Protocol):
    """One indivisible piece of a page; lengths in points."""

    @property
    def keep_next(self) -> bool:
        """Whether it must not be the last thing on a page (headings)."""

    def height(self, width: float) -> float:
        """How much room it takes at ``width``."""

    def draw(self, canvas: PageCanvas, x: float, top: float, width: float, path: Path) -> None:
        """Draw it with its upper leading corner at ``x``, ``top``; ``path`` is where it hangs in the structure."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Empty paper."""

    points: float
    keep_next: bool = True

    def height(self, width: float) -> float:
        """Always the same."""
        return self.points if width else 0.0

    def draw(self, canvas: PageCanvas, x: float, top: float, width: float, path: Path) -> None:
        """Nothing to draw."""


@dataclass(slots=True)
class TextBlock:
    """A paragraph or heading; ``kind`` is its structure type (``P``, ``H1``, ``H2``, ``Lbl``)."""

    text: str
    style: Style
    rtl: bool
    language: str
    kind: str = "P"
    keep_next: bool = False
    _set: Para | None = field(default=None, repr=False)

    def height(self, width: float) -> float:
        """The height of its lines."""
        return self.at(width).height

    def draw(self, canvas: PageCanvas, x: float, top: float, width: float, path: Path) -> None:
        """Set and drawn."""
        with canvas.content(self.kind, path):
            canvas.para(self.at(width), x, top)

    def at(self, width: float) -> Para:
        """Its lines at ``width`` points."""
        if self._set is None or self._set.width != width:
            self._set = para(self.text, self.style, width, rtl=self.rtl, language=self.language)
        return self._set


@dataclass(frozen=True, slots=True)
class Stack:
    """Blocks one below the other that stay together."""

    blocks: Sequence[Block]
    keep_next: bool = False

    def height(self, width: float) -> float:
        """The sum of all."""
        return sum(each.height(width) for each in self.blocks)

    def draw(self, canvas: PageCanvas, x: float, top: float, width: float, path: Path) -> None:
        """One below the other."""
        for each in self.blocks:
            each.draw(canvas, x, top, width, path)
            top += each.height(width)


@dataclass(frozen=True, slots=True)
class Panel:
    """Blocks on a tinted ground."""

    blocks: Sequence[Block]
    colour: Colour
    pad: float = 12.0
    keep_next: bool = False

    def height(self, width: float) -> float:
        """Its content and the padding."""
        return Stack(self.blocks).height(width - 2 * self.pad) + 2 * self.pad

    def draw(self, canvas: PageCanvas, x: float, top: float, width: float, path: Path) -> None:
        """Ground first, then what stands on it."""
        canvas.panel(x, top, width, self.height(width), self.colour)
        Stack(self.blocks).draw(canvas, x + self.pad, top + self.pad, width - 2 * self.pad, path)


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a row: its share of the width and what it holds; ``kind`` is ``TD`` or ``TH`` in tables.

    ``attribute`` is what the structure tree says of it (see ``canvas.Path``).
    """

    share: float
    blocks: Sequence[Block]
    kind: str = "TD"
    attribute: str = ""
    middle: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Cells side by side. ``table`` groups the rows of one table; ``header`` is repeated when its table breaks."""

    cells: Sequence[Cell]
    table: str = ""
    gap: float = 10.0
    pad: float = 5.5
    rule: Colour | None = None
    header: Row | None = None
    keep_next: bool = False
    _tall: dict[float, float] = field(default_factory=dict, repr=False, compare=False)

    def height(self, width: float) -> float:
        """As tall as its tallest cell."""
        if width not in self._tall:
            own = max(Stack(cell.blocks).height(room) for cell, _, room in self._columns(width))
            self._tall[width] = own + 2 * self.pad
        return self._tall[width]

    def draw(self, canvas: PageCanvas, x: float, top: float, width: float, path: Path) -> None:
        """Every cell at its place, and the rule below."""
        tall = self.height(width)
        for number, (cell, at, room) in enumerate(self._columns(width)):
            own = Stack(cell.blocks).height(room)
            down = (tall - own) / 2 if cell.middle else self.pad
            inside = path
            if self.table:
                row = f"{canvas.page}:{top:.2f}"
                inside = (
                    *path,
                    ("Table", self.table, ""),
                    ("TR", row, ""),
                    (cell.kind, f"{row}:{number}", cell.attribute),
                )
            Stack(cell.blocks).draw(canvas, x + at, top + down, room, inside)
        if self.rule is not None:
            canvas.rule(x, top + tall, width, self.rule)

    def _columns(self, width: float) -> list[tuple[Cell, float, float]]:
        room = width - self.gap * (len(self.cells) - 1)
        whole = sum(cell.share for cell in self.cells)
        columns, at = [], 0.0
        for cell in self.cells:
            own = room * cell.share / whole
            columns.append((cell, at, own))
            at += own + self.gap
        return columns


@dataclass(frozen=True, slots=True)
class Verdict:
    """Yes or no: a disc with a tick or cross, and the word."""

    yes: bool
    word: TextBlock
    colour: Colour
    keep_next: bool = False

    def height(self, width: float) -> float:
        """The disc's size, or the word's if it is taller."""
        return max(17.0, self.word.height(max(1.0, width - 22)))

    def draw(self, canvas: PageCanvas, x: float, top: float, width: float, path: Path) -> None:
        """The disc leads, the word follows."""
        canvas.mark(x, top + 1, self.yes, self.colour)
        word = self.word.height(max(1.0, width - 22))
        self.word.draw(canvas, x + 21, top + (17 - word) / 2 if word < 17 else top, max(1.0, width - 22), path)


@dataclass(frozen=True, slots=True)
class Box:
    """An empty box to tick by hand, and what a tick means."""

    word: TextBlock
    colour: Colour
    keep_next: bool = False

    def height(self, width: float) -> float:
        """The box's size with the spacing a pen needs, or the words' if they are taller."""
        return max(16.0, self.word.height(max(1.0, width - 17)))

    def draw(self, canvas: PageCanvas, x: float, top: float, width: float, path: Path) -> None:
        """The box leads, the words follow."""
        canvas.frame(x, top + 2, 11, self.colour)
        word = self.word.height(max(1.0, width - 17))
        self.word.draw(canvas, x + 17, top + (15 - word) / 2 if word < 15 else top, max(1.0, width - 17), path)


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo or a drawn signature in a box of its own size, at the leading or the trailing edge of its room."""

    data: bytes
    across: float
    down: float
    alternative: str
    trailing: bool = False
    keep_next: bool = False

    def height(self, width: float) -> float:
        """The box's height."""
        return self.down if width else 0.0

    def draw(self, canvas: PageCanvas, x: float, top: float, width: float, path: Path) -> None:
        """Fitted into the box."""
        with canvas.content("Figure", path, self.alternative):
            canvas.picture(self.data, x, top, min(width, self.across), self.down, width if self.trailing else 0.0)


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code."""

    matrix: QrMatrix
    size: float
    alternative: str
    keep_next: bool = False

    def height(self, width: float) -> float:
        """It is square."""
        return self.size if width else 0.0

    def draw(self, canvas: PageCanvas, x: float, top: float, width: float, path: Path) -> None:
        """At the trailing edge of its room."""
        with canvas.content("Figure", path, self.alternative):
            canvas.qr(self.matrix, x + max(0.0, width - self.size), top, self.size)


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line with spacing around it."""

    colour: Colour
    spacing: float = 6.0
    thickness: float = 0.5
    keep_next: bool = True

    def height(self, width: float) -> float:
        """The spacing above and below."""
        return 2 * self.spacing if width else 0.0

    def draw(self, canvas: PageCanvas, x: float, top: float, width: float, _path: Path) -> None:
        """In the middle of its spacing."""
        canvas.rule(x, top + self.spacing, width, self.colour, self.thickness)

"""Letters, certificates and registers as data: what stands on their pages, in order, before anybody draws them.

Every text is plain: names in it went through ``plain_text.name``, codes through ``plain_text.isolate_ltr``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .ids import Language


@dataclass(frozen=True, slots=True)
class Heading:
    """What the blocks below it are about; never the last thing on a page."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; ``remark`` sets it on a tinted ground, for what must not be overlooked."""

    text: str
    remark: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """Lines under each other, with a mark or their numbers."""

    lines: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels over their values, three side by side; what has no value is left out."""

    pairs: tuple[tuple[str, str], ...]


Cell = tuple[str, ...]
"""The paragraphs of one cell; the first of a row's first cell is set strong, for it names the row."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under column heads, which are repeated on every page; ``shares`` is how wide each column is."""

    heads: tuple[str, ...]
    shares: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Command:
    """A line to type into a terminal: always left to right, small, never hyphenated."""

    text: str


Block = Heading | Paragraph | Points | Facts | Table | Command


@dataclass(frozen=True, slots=True)
class PageDocument:
    """One letter, certificate or register. ``at`` (aware) dates the file.

    ``reference`` stands at the head of every page. The same document gives the same bytes.
    """

    title: str
    lead: str
    blocks: tuple[Block, ...]
    language: Language
    studio_name: str
    reference: str
    at: datetime

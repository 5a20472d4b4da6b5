"""The paper: draws set text, rules, marks, pictures and QR codes on pages, mirrored for right-to-left languages.

Positions are given from the leading edge (left in English, right in Arabic) and from the top, in points. Every piece of
content says what it is (paragraph, heading, table cell, figure) for the structure tree; the rest is an artifact.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from .embedding import BLANK, EmbeddedFont
from .fonts import Shaped
from .page import QrMatrix
from .text import Line, Para

rl_config.useA85 = 0  # text-safe streams cost a fifth of the time and a quarter more bytes, for nothing

WIDTH, HEIGHT = 595.28, 841.89
"""A4 in points."""
Colour = tuple[float, float, float]
Path = tuple[tuple[str, str, str], ...]
"""Where content hangs in the structure tree, from the outside in: (kind, key, attribute) such as ``("TR", "a1", "")``.

An attribute is ``Row`` or ``Column`` (what a heading cell heads) or the number of columns a cell spans.
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of marked content: what it is, where in the tree, on which page, under which number."""

    kind: str
    path: Path
    page: int
    number: int
    alternative: str = ""


class PageCanvas:
    """One document while it is drawn."""

    def __init__(
        self, *, title: str, author: str, language: str, rtl: bool, size: tuple[float, float] = (WIDTH, HEIGHT)
    ) -> None:
        self._width, self._height = size
        self._buffer = io.BytesIO()
        # invariant: no clock and no random id in the file, so that the same receipt gives the same bytes.
        self._canvas = Canvas(
            self._buffer, pagesize=size, invariant=1, pageCompression=1, initialFontName=BLANK, lang=language
        )
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._fonts: dict[tuple[str, int], EmbeddedFont] = {}
        self._numbers = 0
        self.page = 0
        self.rtl = rtl
        self.pieces: list[Piece] = []

    def next_page(self) -> None:
        """Finish this page and begin another."""
        self._canvas.showPage()
        self.page += 1
        self._numbers = 0

    def finish(self) -> bytes:
        """The whole document as ReportLab writes it."""
        self._canvas.showPage()
        self._canvas.save()
        return self._buffer.getvalue()

    @contextmanager
    def content(self, kind: str, path: Path = (), alternative: str = "") -> Iterator[None]:
        """What is drawn inside is read aloud as ``kind`` (``P``, ``H1``, ``Figure`` …)."""
        self.pieces.append(Piece(kind, path, self.page, self._numbers, alternative))
        self._write(f"/{kind} <</MCID {self._numbers}>> BDC")
        self._numbers += 1
        yield
        self._write("EMC")

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """What is drawn inside only decorates."""
        self._write("/Artifact BMC")
        yield
        self._write("EMC")

    def para(self, para: Para, x: float, top: float) -> None:
        """Draw a set paragraph; its right-to-left or centred lines are aligned inside its width."""
        left = self._left(x, para.width)
        style = para.style
        self._write("BT {:.3f} {:.3f} {:.3f} rg".format(*style.colour))
        for number, line in enumerate(para.lines):
            slack = para.width - line.width
            indent = slack / 2 if style.centred else slack if para.rtl else 0.0
            # The baseline sits so that the letters look centred in their line.
            base = self._height - top - number * style.leading - style.leading / 2 - style.size * 0.35
            self._line(line, left + indent, base, style.size)
        self._write("ET")

    def _line(self, line: Line, x: float, y: float, size: float) -> None:
        for unit in line.units:
            shaped = unit.shaped
            font = self._font(shaped.face, shaped.weight)
            codes = [font.code(each) for each in shaped.glyphs]
            self._write(f"/{font.internal} {size:g} Tf")
            if any(each.dx or each.dy or not each.text for each in shaped.glyphs):
                self._pieces(codes, shaped, x, y, size)
            else:
                self._write(f"1 0 0 1 {x:.3f} {y:.3f} Tm [{self._adjusted(font, codes, shaped)}] TJ")
            x += shaped.width * size / 1000

    def _pieces(self, codes: Sequence[int], shaped: Shaped, x: float, y: float, size: float) -> None:
        """Glyphs one by one; dots and marks that are part of a letter come last, so that words stay whole when read."""
        letters: list[str] = []
        parts: list[str] = []
        at = 0.0
        for code, glyph in zip(codes, shaped.glyphs, strict=True):
            px, py = x + (at + glyph.dx) * size / 1000, y + glyph.dy * size / 1000
            (letters if glyph.text else parts).append(f"1 0 0 1 {px:.3f} {py:.3f} Tm <{code:04x}> Tj")
            at += glyph.advance
        self._write("\n".join(letters))
        if parts:
            # What was told with its letter already is read as nothing (ISO 32000-1, 14.9.4).
            self._write("/Span <</ActualText <feff>>> BDC\n" + "\n".join(parts) + "\nEMC")

    def _adjusted(self, font: EmbeddedFont, codes: Sequence[int], shaped: Shaped) -> str:
        parts, run = [], ""
        for code, glyph in zip(codes, shaped.glyphs, strict=True):
            run += f"{code:04x}"
            kern = font.natural(glyph.id) - glyph.advance
            if kern:
                parts.append(f"<{run}> {kern}")
                run = ""
        return " ".join(parts + ([f"<{run}>"] if run else []))

    def rule(self, x: float, top: float, width: float, colour: Colour, thickness: float = 0.5) -> None:
        """A horizontal line."""
        with self.artifact():
            self._box(x, top, width, thickness, colour)

    def dashed(self, x: float, top: float, width: float, colour: Colour) -> None:
        """A dashed horizontal line, to cut along."""
        left, y = self._left(x, width), self._height - top
        with self.artifact():
            self._write("q {:.3f} {:.3f} {:.3f} RG 0.7 w [4 3] 0 d".format(*colour))
            self._write(f"{left:.2f} {y:.2f} m {left + width:.2f} {y:.2f} l S Q")

    def panel(self, x: float, top: float, width: float, height: float, colour: Colour) -> None:
        """A filled box with slightly rounded corners."""
        with self.artifact():
            self._canvas.setFillColorRGB(*colour)
            left, y = self._left(x, width), self._height - top - height
            self._canvas.roundRect(left, y, width, height, 4, stroke=0, fill=1)

    def mark(self, x: float, top: float, yes: bool, colour: Colour, size: float = 15) -> None:
        """A filled disc with a tick (yes) or a cross (no); the word stands beside it, so colour alone says nothing."""
        left, y = self._left(x, size), self._height - top - size
        with self.artifact():
            self._canvas.setFillColorRGB(*colour)
            self._canvas.circle(left + size / 2, y + size / 2, size / 2, stroke=0, fill=1)
            self._write(f"q 1 1 1 RG {size / 9:.2f} w 1 J 1 j")
            points = ((0.27, 0.5), (0.44, 0.33), (0.74, 0.66)) if yes else ((0.33, 0.33), (0.67, 0.67))
            self._path([(left + a * size, y + b * size) for a, b in points])
            if not yes:
                self._path([(left + a * size, y + (1 - b) * size) for a, b in points])
            self._write("Q")

    def frame(self, x: float, top: float, size: float, colour: Colour) -> None:
        """An empty square."""
        left, y = self._left(x, size), self._height - top - size
        with self.artifact():
            self._write("q {:.3f} {:.3f} {:.3f} RG 0.9 w".format(*colour))
            self._write(f"{left:.2f} {y:.2f} {size:.2f} {size:.2f} re S Q")

    def outline(self, x: float, top: float, width: float, height: float, colour: Colour) -> None:
        """A dashed box, to cut along."""
        left, y = self._left(x, width), self._height - top - height
        with self.artifact():
            self._write("q {:.3f} {:.3f} {:.3f} RG 0.5 w [3 3] 0 d".format(*colour))
            self._write(f"{left:.2f} {y:.2f} {width:.2f} {height:.2f} re S Q")

    def scissors(self, x: float, top: float, colour: Colour) -> None:
        """A small pair of scissors, drawn, whose blades point along the line they cut."""
        left, y = self._left(x, 16), self._height - top
        turn = -1 if self.rtl else 1
        origin = left + (16 if self.rtl else 0)
        with self.artifact():
            self._write("q {:.3f} {:.3f} {:.3f} RG 0.9 w 1 J".format(*colour))
            self._path([(origin + turn * 4.6, y + 1.6), (origin + turn * 15, y - 2.6)])
            self._path([(origin + turn * 4.6, y - 1.6), (origin + turn * 15, y + 2.6)])
            for up in (3.0, -3.0):
                self._canvas.circle(origin + turn * 2.6, y + up, 2.1, stroke=1, fill=0)
            self._write("Q")

    def picture(self, data: bytes, x: float, top: float, width: float, height: float, room: float = 0.0) -> None:
        """A JPEG or PNG, fitted into the box without distortion; at the end of ``room`` if that is given."""
        reader = ImageReader(io.BytesIO(data))
        across, down = reader.getSize()
        scale = min(width / across, height / down)
        fitted, tall = across * scale, down * scale
        left = self._left(x + max(0.0, room - fitted), fitted)
        self._canvas.drawImage(reader, left, self._height - top - tall, fitted, tall, mask="auto")

    def qr(self, matrix: QrMatrix, x: float, top: float, size: float) -> None:
        """A QR code of ``size`` points, modules only (white paper is its quiet zone)."""
        module = size / max(1, len(matrix))
        left, y = self._left(x, size), self._height - top
        self._write("0.08 0.08 0.09 rg")
        for row, modules in enumerate(matrix):
            start = None
            for column, dark in enumerate((*modules, False)):
                if dark and start is None:
                    start = column
                elif not dark and start is not None:
                    run = (column - start) * module
                    at = left + start * module
                    self._write(f"{at:.3f} {y - (row + 1) * module:.3f} {run:.3f} {module:.3f} re")
                    start = None
        self._write("f")

    def _path(self, points: Sequence[tuple[float, float]]) -> None:
        (x, y), *rest = points
        self._write(f"{x:.2f} {y:.2f} m " + " ".join(f"{a:.2f} {b:.2f} l" for a, b in rest) + " S")

    def _box(self, x: float, top: float, width: float, height: float, colour: Colour) -> None:
        left = self._left(x, width)
        self._write("{:.3f} {:.3f} {:.3f} rg".format(*colour))
        self._write(f"{left:.2f} {self._height - top - height:.2f} {width:.2f} {height:.2f} re f")

    def _left(self, x: float, width: float) -> float:
        return self._width - x - width if self.rtl else x

    def _font(self, face: str, weight: int) -> EmbeddedFont:
        font = self._fonts.get((face, weight))
        if font is None:
            font = self._fonts[face, weight] = EmbeddedFont(face, weight, f"F{len(self._fonts) + 1}")
            document = self._canvas._doc
            document.fontMapping[font.fontName] = f"/{font.internal}"
            document.delayedFonts.append(font)
        return font

    def _write(self, operators: str) -> None:
        self._canvas._code.append(operators)

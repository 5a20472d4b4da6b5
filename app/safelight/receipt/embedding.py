"""Puts the used glyphs of a typeface into a PDF: an Identity-H font with its own numbering and its text beside it.

ReportLab's own TrueType code cannot shape right-to-left paragraphs, loses the text of shaped letters, and rejects
what it cannot parse; so it is asked only to carry these objects.
"""

from __future__ import annotations

import zlib
from typing import Any

from reportlab.pdfbase import pdfdoc, pdfmetrics

from . import fonts


class EmbeddedFont:
    """The glyphs one document uses of one typeface at one weight. ReportLab asks it for PDF objects when it saves."""

    _dynamicFont = 1  # noqa: N815 - ReportLab's names: it embeds such fonts at the end, when all glyphs are known
    _multiByte = 1  # noqa: N815

    def __init__(self, face: str, weight: int, internal: str) -> None:
        self.fontName = f"{face}-{weight}"
        self.internal = internal
        self._face, self._weight = face, weight
        self._numbers: dict[tuple[int, str], int] = {(0, ""): 0}

    def code(self, glyph: fonts.Glyph) -> int:
        """The number of a glyph in this document.

        A glyph that stands for different letters in different places (Arabic letters share their bodies and differ
        by dots) gets a number for each, so that every number has one text.
        """
        return self._numbers.setdefault((glyph.id, glyph.text), len(self._numbers))

    def natural(self, glyph: int) -> int:
        """The advance the PDF lists for a glyph, in thousandths."""
        return fonts.natural_width(self._face, self._weight, glyph)

    def addObjects(self, document: Any) -> None:  # noqa: N802 - ReportLab calls it by this name
        """Called by ReportLab when the document is complete."""
        glyphs = tuple(glyph for glyph, _ in self._numbers)
        program = fonts.embed(self._face, self._weight, glyphs)
        name = f"{program.tag}+{self._face}-{'Bold' if self._weight == fonts.BOLD else 'Regular'}"
        widths = [fonts.natural_width(self._face, self._weight, each) for each in glyphs]
        places = b"".join(place.to_bytes(2, "big") for place in program.places)
        descriptor = pdfdoc.PDFDictionary(
            {
                "Type": "/FontDescriptor",
                "FontName": f"/{name}",
                "Flags": 4,  # symbolic: glyphs are named by number, not by a Latin encoding
                "FontBBox": pdfdoc.PDFArray(list(program.box)),
                "ItalicAngle": 0,
                "Ascent": program.ascent,
                "Descent": program.descent,
                "CapHeight": program.ascent,
                "StemV": 120 if self._weight == fonts.BOLD else 80,
                "FontFile2": _stream(document, program.data, f"program:{name}", Length1=len(program.data)),
            }
        )
        descendant = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": f"/{name}",
                "CIDSystemInfo": pdfdoc.PDFDictionary(
                    {"Registry": pdfdoc.PDFString("Adobe"), "Ordering": pdfdoc.PDFString("Identity"), "Supplement": 0}
                ),
                "FontDescriptor": document.Reference(descriptor, f"descriptor:{name}"),
                "W": pdfdoc.PDFArray([0, pdfdoc.PDFArray(widths)]),
                "CIDToGIDMap": _stream(document, places, f"places:{name}"),
            }
        )
        font = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/Type0",
                "BaseFont": f"/{name}",
                "Encoding": "/Identity-H",
                "DescendantFonts": pdfdoc.PDFArray([document.Reference(descendant, f"descendant:{name}")]),
                "ToUnicode": _stream(document, self._to_unicode(), f"tounicode:{name}"),
            }
        )
        document.Reference(font, self.internal)
        document.idToObject["BasicFonts"].dict[self.internal] = document.Reference(font, self.internal)

    def _to_unicode(self) -> bytes:
        """A ToUnicode CMap (ISO 32000-1, 9.10.3), 100 lines a block."""
        # Parts of a letter have no text of their own (the page says so, see canvas.py); a joiner changes nothing.
        texts = [(number, text or "\u200d") for (_, text), number in self._numbers.items() if number]
        lines = [f"<{number:04x}> <{text.encode('utf-16-be', 'replace').hex()}>" for number, text in texts]
        blocks = [lines[at : at + 100] for at in range(0, len(lines), 100)]
        body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            f"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n{body}\n"
            "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
        ).encode("ascii")


class _Blank:
    """The font ReportLab thinks pages begin with: it draws nothing, so no unembedded Helvetica slips in."""

    fontName = "safelight-blank"  # noqa: N815
    _dynamicFont = 1  # noqa: N815 - ReportLab's name


BLANK = _Blank.fontName
pdfmetrics._fonts.setdefault(BLANK, _Blank())


def _stream(document: Any, data: bytes, name: str, **entries: int) -> Any:
    dictionary = pdfdoc.PDFDictionary({**entries, "Filter": "/FlateDecode"})
    return document.Reference(pdfdoc.PDFStream(dictionary, zlib.compress(data, 6)), name)

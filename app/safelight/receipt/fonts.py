"""The typefaces of a receipt: which one has a letter, how a run of text is shaped in it, and how it is embedded.

Letters are never left out: what no typeface has is spelled as its code point (``[U+1F9FF]``). Only the glyphs used
are embedded, at a fixed weight, so a receipt stays small and shows the same on every machine.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache, lru_cache

import uharfbuzz

from safelight.settings import typefaces

REGULAR, BOLD = 400, 700

_EAST_ASIAN_MARKS = frozenset("“”‘’…—")
"""Marks that Latin and East Asian writing share, but not their width."""
BASE = "NotoSans"

# Tables only a text engine needs; a PDF places glyphs by number (ISO 32000-1, 9.9).
_UNEMBEDDED = ("GSUB", "GPOS", "GDEF", "STAT", "BASE", "name", "OS/2", "post", "cmap", "gasp", "vhea", "vmtx", "DSIG")


@dataclass(frozen=True, slots=True)
class Glyph:
    """One placed glyph, in thousandths of the type size; ``text`` is what it stands for, "" inside a cluster."""

    id: int
    advance: int
    dx: int
    dy: int
    text: str


@dataclass(frozen=True, slots=True)
class Shaped:
    """A run of text in one typeface, its glyphs from left to right; ``width`` in thousandths."""

    face: str
    weight: int
    text: str
    glyphs: tuple[Glyph, ...]
    width: int


@cache
def _face(name: str) -> uharfbuzz.Face:
    # from_file_path maps the file, so that the large East Asian faces cost only the pages that are read.
    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(typefaces.path(name))))


@cache
def _font(name: str, weight: int) -> uharfbuzz.Font:
    font = uharfbuzz.Font(_face(name))
    font.set_variations({"wght": weight})
    return font


@lru_cache(maxsize=8192)
def face_for(character: str, language: str = "en") -> str | None:
    """The first typeface that has ``character``; ``language`` decides between East Asian forms; None if none has."""
    order = typefaces.order(language)
    preferred = typefaces.FIRST_FOR.get(language)
    if preferred in typefaces.LARGE and character in _EAST_ASIAN_MARKS:
        order = (preferred, *order)
    for name in order:
        if _font(name, REGULAR).get_nominal_glyph(ord(character)):
            return name
    return None


def has(face: str, character: str) -> bool:
    """Whether ``face`` has a glyph of its own for ``character``."""
    return bool(_font(face, REGULAR).get_nominal_glyph(ord(character)))


def shape_once(face: str, weight: int, text: str, rtl: bool) -> Shaped:
    """Turn ``text`` (one direction, one script) into glyphs in visual order (HarfBuzz)."""
    font = _font(face, weight)
    buffer = uharfbuzz.Buffer()
    buffer.cluster_level = uharfbuzz.BufferClusterLevel.MONOTONE_GRAPHEMES
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if rtl else "ltr"
    # Ligatures of Latin letters save nothing on a form and cost text extraction its plainness.
    uharfbuzz.shape(font, buffer, {"liga": False, "dlig": False} if face == BASE else {})
    scale = 1000 / _face(face).upem
    starts = sorted({info.cluster for info in buffer.glyph_infos})
    ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
    placed = list(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True))
    # The widest glyph of a cluster tells its text: dots and marks take no room, and readers split words at them.
    bearers: dict[int, int] = {}
    for index, (info, position) in enumerate(placed):
        bearer = bearers.setdefault(info.cluster, index)
        if position.x_advance > placed[bearer][1].x_advance:
            bearers[info.cluster] = index
    glyphs = [
        Glyph(
            info.codepoint,
            round(position.x_advance * scale),
            round(position.x_offset * scale),
            round(position.y_offset * scale),
            text[info.cluster : ends[info.cluster]] if bearers[info.cluster] == index else "",
        )
        for index, (info, position) in enumerate(placed)
    ]
    return Shaped(face, weight, text, tuple(glyphs), sum(each.advance for each in glyphs))


shape = lru_cache(maxsize=16384)(shape_once)
"""As :func:`shape_once`, remembered: for words that ship with the program, never for what tells of a person."""


@lru_cache(maxsize=16384)
def natural_width(face: str, weight: int, glyph: int) -> int:
    """The advance a glyph has in the typeface itself, in thousandths: what the PDF lists as its width."""
    advance: float = _font(face, weight).get_glyph_h_advance(glyph) * 1000 / _face(face).upem
    return round(advance)


@dataclass(frozen=True, slots=True)
class Program:
    """An embedded subset: its bytes (TrueType), where each glyph went in it, and the metrics a descriptor lists."""

    data: bytes
    places: tuple[int, ...]
    tag: str
    ascent: int
    descent: int
    box: tuple[int, int, int, int]


def embed(face: str, weight: int, glyphs: tuple[int, ...]) -> Program:
    """A subset with just ``glyphs`` (numbers of the whole face) at ``weight``; the same input gives the same bytes."""
    whole = _face(face)
    wanted = uharfbuzz.SubsetInput()
    wanted.glyph_set.update(glyphs)
    wanted.pin_axis_location(whole, "wght", weight)
    wanted.drop_table_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in _UNEMBEDDED)
    plan = uharfbuzz.SubsetPlan(whole, wanted)
    data = plan.execute().blob.data
    moved = dict(plan.old_to_new_glyph_mapping.items())
    scale = 1000 / whole.upem
    extents = _font(face, weight).get_font_extents("ltr")
    boxes = [_font(face, weight).get_glyph_extents(each) for each in glyphs]
    box = (
        round(min((each.x_bearing for each in boxes if each), default=0) * scale),
        round(min((each.y_bearing + each.height for each in boxes if each), default=0) * scale),
        round(max((each.x_bearing + each.width for each in boxes if each), default=0) * scale),
        round(max((each.y_bearing for each in boxes if each), default=0) * scale),
    )
    # Six capital letters that name this very subset (ISO 32000-1, 9.6.4).
    digest = hashlib.sha256(data).digest()
    tag = "".join(chr(65 + byte % 26) for byte in digest[:6])
    return Program(
        data,
        tuple(moved[each] for each in glyphs),
        tag,
        round(extents.ascender * scale),
        round(extents.descender * scale),
        box,
    )

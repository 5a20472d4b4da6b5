"""Sets plain text: chooses typefaces, breaks lines, orders both directions. There is no markup at all.

Names are other people's data. Nothing in this file interprets a single character of them: ``<img src=…>`` prints as
typed. ``para`` is the only door: what is drawn anywhere on a receipt went through it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from safelight.domain.plain_text import ISOLATES, KEPT_FORMATS

from . import bidi, fonts
from .breaks import may_break
from .shipped import shipped

_TEXT_LIMIT = 4000
_DRAWN_AS_NOTHING = ISOLATES | {"\ufe0e", "\ufe0f"}


@dataclass(frozen=True, slots=True)
class Style:
    """How a paragraph looks; lengths in points, colour as red, green, blue from 0 to 1."""

    size: float = 9.5
    leading: float = 13.5
    weight: int = fonts.REGULAR
    colour: tuple[float, float, float] = (0.13, 0.13, 0.14)
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of a line in one typeface and direction; a break is allowed after it if ``breaks``."""

    shaped: fonts.Shaped
    level: int
    space: bool
    breaks: bool


@dataclass(frozen=True, slots=True)
class Line:
    """Units from left to right, and their width in points."""

    units: tuple[Unit, ...]
    width: float


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph set to a width: its lines, ready to draw. ``text`` is what it says, cleaned."""

    text: str
    style: Style
    rtl: bool
    width: float
    lines: tuple[Line, ...]

    @property
    def height(self) -> float:
        """Height in points."""
        return len(self.lines) * self.style.leading


def para(text: str, style: Style, width: float, *, rtl: bool = False, language: str = "en") -> Para:
    """Set ``text`` in lines no wider than ``width`` points. Names in it went through ``plain_text.name`` before."""
    set_it = _remembered if text in shipped(language).sentences else _set
    return set_it(text, style, width, rtl, language)


def _set(text: str, style: Style, width: float, rtl: bool, language: str) -> Para:
    # A last sieve for callers' own sentences; names were cleaned before. The unassigned is spelled out, not dropped.
    shown = "".join(
        each
        for each in text[:_TEXT_LIMIT]
        if each in KEPT_FORMATS or unicodedata.category(each) not in {"Cc", "Cf", "Cs"}
    )
    lines = _break(_units(shown, style.weight, rtl, language), style.size, width)
    return Para(shown, style, rtl, width, lines)


_remembered = lru_cache(maxsize=4096)(_set)
"""Only for what ships with the program: whatever tells of a person is forgotten with their receipt."""


def width_of(text: str, style: Style, language: str = "en") -> float:
    """The width of ``text`` on one line, in points."""
    return sum(unit.shaped.width for unit in _units(text, style.weight, False, language)) * style.size / 1000


def widest_part(text: str, style: Style, language: str = "en") -> float:
    """The width of the widest piece of ``text`` that a line break never parts (a word, mostly), in points."""
    groups = _groups(list(_units(text, style.weight, False, language)))
    widths = (sum(unit.shaped.width for unit in group if not unit.space) for group in groups)
    return max(widths, default=0) * style.size / 1000


def _units(text: str, weight: int, rtl: bool, language: str) -> tuple[Unit, ...]:
    text = _spelled(text, language)
    known = shipped(language).words
    levels = bidi.levels(text, rtl)
    units: list[Unit] = []
    start = 0
    face = ""
    faces: list[str] = []
    for character in text:
        face = _face_of(character, face, language)
        faces.append(face)
    for index in range(1, len(text) + 1):
        if index == len(text) or _splits(text, index, levels, faces):
            piece = text[start:index]
            rest = "".join(each for each in piece if each not in _DRAWN_AS_NOTHING)
            if rest:
                level = levels[start]
                shape = fonts.shape if rest in known else fonts.shape_once
                shaped = shape(faces[start], weight, rest, bool(level % 2))
                space = rest.isspace()
                units.append(Unit(shaped, level, space, index < len(text) and may_break(text, index)))
            elif units and index < len(text) and may_break(text, index):
                units[-1] = replace(units[-1], breaks=True)
            start = index
    return tuple(units)


def _spelled(text: str, language: str) -> str:
    if text.isascii():
        return text
    return "".join(
        each if each in KEPT_FORMATS or each == " " or fonts.face_for(each, language) else f"[U+{ord(each):04X}]"
        for each in text
    )


def _face_of(character: str, before: str, language: str) -> str:
    # Marks and joiners stay in the typeface of what they follow, so that they attach and join.
    if character == " ":
        return fonts.BASE
    follows = unicodedata.category(character) in {"Mn", "Mc", "Me", "Cf"} or character in "-.'’"
    if before and follows and (character in KEPT_FORMATS or fonts.has(before, character)):
        return before
    if character in KEPT_FORMATS:
        return before or fonts.BASE
    preferred = "en" if character.isascii() else language
    return fonts.face_for(character, preferred) or fonts.BASE


def _splits(text: str, index: int, levels: list[int], faces: list[str]) -> bool:
    here, before = text[index], text[index - 1]
    if here in ISOLATES or before in ISOLATES:
        return True
    if levels[index] != levels[index - 1] or faces[index] != faces[index - 1]:
        return True
    if (here == " ") != (before == " "):
        return True
    return may_break(text, index)


def _break(units: tuple[Unit, ...], size: float, width: float) -> tuple[Line, ...]:
    room = width * 1000 / size
    lines: list[Line] = []
    line: list[Unit] = []
    used = 0
    for group in _groups(_fitting(units, room)):
        needed = sum(unit.shaped.width for unit in group)
        trailing = group[-1].shaped.width if group[-1].space else 0
        if line and used + needed - trailing > room + 0.5:
            lines.append(_line(line, size))
            line, used = [], 0
        line += group
        used += needed
    lines.append(_line(line, size))
    return tuple(lines)


def _groups(units: list[Unit]) -> list[list[Unit]]:
    groups: list[list[Unit]] = [[]]
    for unit in units:
        groups[-1].append(unit)
        if unit.breaks:
            groups.append([])
    return [each for each in groups if each]


def _fitting(units: tuple[Unit, ...], room: float) -> list[Unit]:
    fitting: list[Unit] = []
    since_break = 0
    for unit in units:
        if not unit.space and since_break + unit.shaped.width > room:
            # What may not be parted but is longer than a line is parted all the same rather than run off the paper,
            if since_break:
                fitting[-1] = replace(fitting[-1], breaks=True)
                since_break = 0
            # and a word longer than the line is cut between letters.
            if unit.shaped.width > room:
                fitting += _cut(unit)
                continue
        fitting.append(unit)
        since_break = 0 if unit.breaks else since_break + unit.shaped.width
    return fitting


def _cut(unit: Unit) -> list[Unit]:
    text, shaped = unit.shaped.text, unit.shaped
    starts = [
        i for i in range(len(text)) if i == 0 or unicodedata.category(text[i])[0] != "M" and text[i - 1] != "\u200d"
    ]
    pieces = [text[start:stop] for start, stop in zip(starts, [*starts[1:], len(text)], strict=True)]
    cut = [
        Unit(fonts.shape(shaped.face, shaped.weight, piece, bool(unit.level % 2)), unit.level, False, True)
        for piece in pieces
    ]
    return cut


def _line(units: list[Unit], size: float) -> Line:
    while units and units[-1].space:
        units = units[:-1]
    # Spaces that end a line were cut off above, which is all rule L1 asks for here.
    order = bidi.visual_order([unit.level for unit in units])
    return Line(tuple(units[index] for index in order), sum(unit.shaped.width for unit in units) * size / 1000)

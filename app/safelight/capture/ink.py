"""Handwriting: strokes of a pen, as W3C InkML (Recommendation of 2011-09-20) and as a picture for the receipt."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from safelight.domain.errors import Malformed, WrongUsage

MOST_BYTES = 8 << 20
MOST_STROKES = 2_000
MOST_POINTS = 100_000
SHORTEST = 60.0
"""Ink shorter than this in all, in the units it was written in (pixels of the pad), is a slip and signs nothing."""


@dataclass(frozen=True, slots=True)
class InkPoint:
    """One sample of the pen.

    ``x`` to the right and ``y`` down in the units of the pad, ``pressure`` 0..1 (constant where there is no stylus),
    ``t`` in whole ms since the first point, tilt in degrees or None (both or neither).
    """

    x: float
    y: float
    pressure: float
    t: int
    tilt_x: float | None = None
    tilt_y: float | None = None


Stroke = tuple[InkPoint, ...]

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<ink xmlns="http://www.w3.org/2003/InkML">\n'
    '<definitions><context xml:id="pen"><traceFormat>'
    '<channel name="X" type="decimal" units="dev"/><channel name="Y" type="decimal" units="dev"/>'
    '<channel name="F" type="decimal" min="0" max="1" units="dev"/><channel name="T" type="integer" units="ms"/>'
)
_TILT = '<channel name="OTx" type="decimal" units="deg"/><channel name="OTy" type="decimal" units="deg"/>'
_MIDDLE = "</traceFormat></context></definitions>\n"
_FOOT = "</ink>\n"
_TRACE = re.compile(r'<trace contextRef="#pen">([0-9., -]+)</trace>\n')


def inkml(strokes: Sequence[Stroke]) -> bytes:
    """The strokes as InkML, channels X Y F T, and OTx OTy when the first point knows its tilt.

    Places are rounded to 1/100, pressure to 1/1000, tilt to 1/10: equal strokes give equal bytes. Raises WrongUsage
    for numbers that are none, times that run backwards, or too much of it.
    """
    points = [point for stroke in strokes for point in stroke]
    if len(strokes) > MOST_STROKES or len(points) > MOST_POINTS or not all(strokes):
        raise WrongUsage(
            "This is more than a signature.", f"Ink has at most {MOST_POINTS:,} points and no empty stroke."
        )
    tilted = bool(points) and points[0].tilt_x is not None
    before = 0
    for point in points:
        _check(point, tilted, before)
        before = point.t
    lines = [_HEAD, _TILT if tilted else "", _MIDDLE]
    lines += [f'<trace contextRef="#pen">{", ".join(map(_written, stroke))}</trace>\n' for stroke in strokes]
    return "".join((*lines, _FOOT)).encode("ascii")


def _check(point: InkPoint, tilted: bool, before: int) -> None:
    tilts = (point.tilt_x, point.tilt_y)
    numbers = [point.x, point.y, point.pressure, *(tilt for tilt in tilts if tilt is not None)]
    if not all(math.isfinite(number) and abs(number) < 1_000_000 for number in numbers):
        raise WrongUsage("Ink is made of numbers.", "One of these is none, or is far off the pad.")
    if not 0 <= point.pressure <= 1 or tilts.count(None) != (0 if tilted else 2) or point.t < before:
        raise WrongUsage("Ink runs forward in time, with pressure from 0 to 1 and the same channels throughout.")


def _written(point: InkPoint) -> str:
    text = f"{_short(point.x, 2)} {_short(point.y, 2)} {_short(point.pressure, 3)} {point.t}"
    if point.tilt_x is not None and point.tilt_y is not None:
        text += f" {_short(point.tilt_x, 1)} {_short(point.tilt_y, 1)}"
    return text


def _short(number: float, places: int) -> str:
    text = f"{number:.{places}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def is_slip(strokes: Sequence[Stroke]) -> bool:
    """Whether this is too short to be a signature or initials: a dot, a tap, nothing at all."""
    return sum(math.dist((a.x, a.y), (b.x, b.y)) for each in strokes for a, b in pairwise(each)) < SHORTEST


def read_inkml(untrusted_bytes: bytes) -> tuple[Stroke, ...]:
    """Exactly what :func:`inkml` writes, and nothing more liberal: writing the result again gives the same bytes.

    Raises Malformed otherwise. It is no XML parser: ink of other programs is not signed by ours.
    """
    refusal = Malformed("This is not ink as it is kept here.", "It was changed, or comes from another program.")
    if len(untrusted_bytes) > MOST_BYTES or not untrusted_bytes.isascii():
        raise refusal
    text = untrusted_bytes.decode("ascii")
    body_at = text.find(_MIDDLE) + len(_MIDDLE)
    if body_at < len(_MIDDLE):
        raise refusal
    try:
        strokes = tuple(
            tuple(_point(point.split(" ")) for point in found[1].split(", "))
            for found in _TRACE.finditer(text, body_at)
        )
        again = inkml(strokes)
    except (ValueError, WrongUsage) as error:
        raise refusal from error
    if again != untrusted_bytes:
        raise refusal
    return strokes


def _point(numbers: list[str]) -> InkPoint:
    if len(numbers) not in (4, 6):
        raise ValueError("not a point")
    tilt = (float(numbers[4]), float(numbers[5])) if len(numbers) == 6 else (None, None)
    return InkPoint(float(numbers[0]), float(numbers[1]), float(numbers[2]), int(numbers[3]), *tilt)


def ink_png(strokes: Sequence[Stroke], width: int, height: int, *, margin: int = 8) -> bytes:
    """The ink as a PNG, black on transparent, scaled to fit ``width`` x ``height`` pixels and set in the middle.

    Raises WrongUsage if there is no ink, or no room for it.
    """
    from PIL import Image, ImageDraw

    inkml(strokes)  # checks it
    points = [point for stroke in strokes for point in stroke]
    room_x, room_y = width - 2 * margin, height - 2 * margin
    if not points or room_x < 1 or room_y < 1 or max(width, height) > 4096:
        raise WrongUsage("There is no ink to draw, or no room for it.")
    left, top = min(point.x for point in points), min(point.y for point in points)
    wide, high = max(point.x for point in points) - left, max(point.y for point in points) - top
    finer = 4  # drawn larger, then reduced, so that edges are smooth
    scale = finer * min(room_x / max(wide, 1e-6), room_y / max(high, 1e-6), 12.0)
    off_x = (width * finer - wide * scale) / 2 - left * scale
    off_y = (height * finer - high * scale) / 2 - top * scale
    thick = max(finer * 1.2, min(width, height) * finer * 0.022)
    mask = Image.new("L", (width * finer, height * finer), 0)
    pen = ImageDraw.Draw(mask)
    for stroke in strokes:
        for x, y, pressure in _smooth([(p.x * scale + off_x, p.y * scale + off_y, p.pressure) for p in stroke]):
            radius = thick * (0.35 + 0.65 * pressure) / 2
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    picture = Image.new("RGBA", (width, height), (16, 20, 36, 0))
    picture.putalpha(mask.reduce(finer))
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


_Place = tuple[float, float, float]


def _smooth(places: list[_Place]) -> list[_Place]:
    """Places a pen's width apart or closer along a Catmull-Rom curve through all of ``places``."""
    if len(places) == 1:
        return places
    ends = [places[0], *places, places[-1]]
    dots: list[_Place] = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        steps = max(1, min(400, int(math.hypot(c[0] - b[0], c[1] - b[1]) / 1.5)))
        for step in range(steps + 1):
            u = step / steps
            x, y = (
                0.5 * (2 * q + (r - p) * u + (2 * p - 5 * q + 4 * r - s) * u * u + (3 * q - p - 3 * r + s) * u**3)
                for p, q, r, s in zip(a[:2], b[:2], c[:2], d[:2], strict=True)
            )
            dots.append((x, y, b[2] + (c[2] - b[2]) * u))
    return dots

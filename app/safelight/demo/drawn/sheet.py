"""Shapes with soft and sharp edges on a sheet: what the drawn portraits are made of."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1000, 1250
"""The sheet everything is drawn on; the picture asked for is cut from it and enlarged."""

Colour = tuple[int, int, int]
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Form:
    """Outlines to be filled, and discs (x, y, rx, ry), in places of the sheet."""

    outlines: tuple[tuple[Place, ...], ...] = ()
    discs: tuple[tuple[float, float, float, float], ...] = ()

    def box(self, beyond: float) -> tuple[int, int, int, int]:
        """The part of the sheet it covers, with ``beyond`` around, as left, top, width and height."""
        xs = [x for ring in self.outlines for x, _ in ring] + [x + s * r for x, _, r, _ in self.discs for s in (-1, 1)]
        ys = [y for ring in self.outlines for _, y in ring] + [y + s * r for _, y, _, r in self.discs for s in (-1, 1)]
        left, top = max(0, math.floor(min(xs) - beyond)), max(0, math.floor(min(ys) - beyond))
        right, bottom = min(WIDTH, math.ceil(max(xs) + beyond)), min(HEIGHT, math.ceil(max(ys) + beyond))
        return left, top, max(1, right - left), max(1, bottom - top)


@dataclass(frozen=True, slots=True)
class Area:
    """How much of each point is covered (0..255), for the part of the sheet that begins at ``left``, ``top``."""

    cover: Image.Image
    left: int
    top: int

    def only(self, other: Area) -> Area:
        """What both cover."""
        return Area(ImageChops.multiply(self.cover, other._seen_from(self)), self.left, self.top)

    def without(self, other: Area) -> Area:
        """What ``other`` does not cover."""
        return Area(ImageChops.subtract(self.cover, other._seen_from(self)), self.left, self.top)

    def _seen_from(self, frame: Area) -> Image.Image:
        seen = Image.new("L", frame.cover.size, 0)
        seen.paste(self.cover, (self.left - frame.left, self.top - frame.top))
        return seen


class Sheet:
    """A picture in work: forms are laid on it with soft or sharp edges, inside an area or everywhere."""

    def __init__(self, colour: Colour) -> None:
        self.picture = Image.new("RGB", (WIDTH, HEIGHT), colour)

    @staticmethod
    def area(form: Form, blur: float = 0.0, inside: Area | None = None) -> Area:
        """What ``form`` covers, edges smoothed; ``blur`` in points of the sheet."""
        left, top, wide, high = form.box(blur * 2.5 + 2)
        scale = 2.0 if blur < 2 else 1.0 if blur < 8 else 0.25  # what is blurred needs no fine edges
        cover = Image.new("L", (max(1, round(wide * scale)), max(1, round(high * scale))), 0)
        on = ImageDraw.Draw(cover)
        for ring in form.outlines:
            on.polygon([((x - left) * scale, (y - top) * scale) for x, y in ring], fill=255)
        for x, y, rx, ry in form.discs:
            middle_x, middle_y = (x - left) * scale, (y - top) * scale
            on.ellipse(
                (middle_x - rx * scale, middle_y - ry * scale, middle_x + rx * scale, middle_y + ry * scale), fill=255
            )
        if blur:
            cover = cover.filter(ImageFilter.GaussianBlur(blur * scale))
        if cover.size != (wide, high):
            cover = cover.resize((wide, high), Image.Resampling.BILINEAR)
        area = Area(cover, left, top)
        return area if inside is None else area.only(inside)

    def fill(self, colour: Colour, area: Area, opacity: float = 1.0) -> None:
        """Lay ``colour`` on an area."""
        cover = area.cover if opacity >= 1 else area.cover.point(lambda value: value * opacity)
        self.picture.paste(colour, (area.left, area.top), cover)

    def lay(
        self, colour: Colour, form: Form, *, blur: float = 0.0, opacity: float = 1.0, inside: Area | None = None
    ) -> Area:
        """Lay ``colour`` where ``form`` is; returns the area, for laying more inside."""
        area = self.area(form, blur, inside)
        self.fill(colour, area, opacity)
        return area


def shade(colour: Colour, factor: float) -> Colour:
    """Darker (below 1) or toward white (above 1)."""
    if factor <= 1:
        red, green, blue = (round(part * factor) for part in colour)
    else:
        red, green, blue = (round(part + (255 - part) * (factor - 1)) for part in colour)
    return red, green, blue


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """``share`` of the other colour in the one."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def oval(x: float, y: float, rx: float, ry: float) -> Form:
    """An oval around a place."""
    return Form(discs=((x, y, rx, ry),))


def shape(*points: Place) -> Form:
    """A closed soft outline through ``points``."""
    ring = [*points[-1:], *points, *points[:2]]
    outline = [place for four in zip(ring, ring[1:], ring[2:], ring[3:], strict=False) for place in _curve(*four)]
    return Form(outlines=(tuple(outline),))


def line(width: float, *points: Place) -> Form:
    """A soft stroke through ``points``, thin at its ends."""
    ends = [points[0], *points, points[-1]]
    path = [place for four in zip(ends, ends[1:], ends[2:], ends[3:], strict=False) for place in _curve(*four)]
    discs = []
    for at, (x, y) in enumerate(path):
        radius = width * (0.35 + 0.65 * math.sin(math.pi * (at + 0.5) / len(path))) / 2
        discs.append((x, y, radius, radius))
    return Form(discs=tuple(discs))


def both(make: Callable[[int], Form]) -> Form:
    """The same on the left (-1) and on the right (+1) of the face."""
    left, right = make(-1), make(1)
    return Form(left.outlines + right.outlines, left.discs + right.discs)


def _curve(a: Place, b: Place, c: Place, d: Place) -> list[Place]:
    """Places of a Catmull-Rom curve from b to c, about three points apart."""
    steps = max(4, min(60, round(math.dist(b, c) / 3)))
    places = []
    for step in range(steps):
        u = step / steps
        x, y = (
            0.5 * (2 * q + (r - p) * u + (2 * p - 5 * q + 4 * r - s) * u * u + (3 * q - p - 3 * r + s) * u**3)
            for p, q, r, s in zip(a, b, c, d, strict=True)
        )
        places.append((x, y))
    return places

"""Draws hair, or the scarf over it, on a head of the demonstration."""

from __future__ import annotations

import math
import random

from safelight.demo.drawn.face import MIDDLE as _X
from safelight.demo.drawn.face import Face
from safelight.demo.drawn.sheet import Area, Sheet, line, mix, oval, shade, shape


def hair_behind(sheet: Sheet, face: Face) -> None:
    """What is seen of the hair behind head and shoulders."""
    hair, dark = face.hair, shade(face.hair, 0.72)
    if face.style == "long":
        sheet.lay(
            dark,
            shape(
                (500, 205),
                (690, 280),
                (735, 520),
                (760, 800),
                (720, 960),
                (600, 930),
                (400, 930),
                (280, 960),
                (240, 800),
                (265, 520),
                (310, 280),
            ),
        )
    elif face.style == "bob":
        sheet.lay(
            dark,
            shape(
                (500, 208),
                (680, 270),
                (728, 480),
                (722, 690),
                (640, 742),
                (360, 742),
                (278, 690),
                (272, 480),
                (320, 270),
            ),
        )
    elif face.style == "bun":
        sheet.lay(shade(hair, 0.9), oval(512, 186, 92, 80))
        sheet.lay(shade(hair, 1.12), oval(540, 160, 40, 26), blur=14, opacity=0.6)
    elif face.style == "curls":
        dice = random.Random(round(face.width * 100))  # noqa: S311 - where the curls fall
        sheet.lay(dark, oval(_X, 400, face.width + 44, 200))
        for _ in range(170):
            turn, out = dice.uniform(-3.5, 0.36), dice.uniform(0.72, 1.0) ** 0.5
            x = _X + math.cos(turn) * (face.width + 46) * out
            y = 410 + math.sin(turn) * 196 * out
            bright = 0.62 + 0.34 * (x - 250) / 500 + dice.uniform(-0.06, 0.06)
            sheet.lay(
                shade(hair, min(1.15, bright + 0.12)), oval(x, y, *(dice.uniform(20, 30),) * 2), blur=2.5, opacity=0.85
            )
    elif face.style == "scarf":
        sheet.lay(
            shade(face.cloth, 0.8),
            shape(
                (500, 205),
                (690, 280),
                (728, 520),
                (700, 740),
                (780, 960),
                (500, 1010),
                (220, 960),
                (300, 740),
                (272, 520),
                (310, 280),
            ),
        )


def hair_before(sheet: Sheet, face: Face, head: Area) -> None:
    """What lies on the head, over the face."""
    hair = face.hair
    wide = face.width
    left, right = _X - wide - 14, _X + wide + 14
    if face.style == "shaved":
        crown = shape(
            (500, 240), (640, 280), (right - 14, 420), (640, 372), (500, 352), (360, 372), (left + 14, 420), (360, 280)
        )
        sheet.lay(mix(hair, face.skin, 0.45), crown, blur=9, inside=head, opacity=0.7)
        return
    if face.style == "scarf":
        _scarf(sheet, face)
        return
    if face.style == "side":
        top: tuple[tuple[float, float], ...] = (
            (left, 470),
            (left + 4, 340),
            (390, 222),
            (540, 200),
            (672, 262),
            (right, 380),
            (right - 2, 470),
            (right - 22, 400),
            (600, 330),
            (440, 350),
            (352, 372),
            (left + 24, 412),
        )
    elif face.style in ("long", "bob"):
        top = (
            (left - 6, 640),
            (left - 8, 420),
            (360, 240),
            (500, 206),
            (640, 240),
            (right + 8, 420),
            (right + 6, 640),
            (right - 26, 560),
            (652, 420),
            (540, 300),
            (430, 352),
            (356, 430),
            (left + 26, 560),
        )
    elif face.style == "curls":
        top = (
            (left - 4, 470),
            (left + 2, 340),
            (400, 236),
            (500, 214),
            (600, 236),
            (right - 2, 340),
            (right + 4, 470),
            (right - 26, 392),
            (600, 322),
            (500, 306),
            (400, 322),
            (left + 26, 392),
        )
    else:
        top = (
            (left, 480),
            (left, 350),
            (380, 236),
            (500, 210),
            (620, 236),
            (right, 350),
            (right, 480),
            (right - 22, 410),
            (628, 330),
            (500, 300),
            (372, 330),
            (left + 22, 410),
        )
    cap = sheet.lay(hair, shape(*top))
    sheet.lay(
        shade(hair, 0.6),
        shape((left - 10, 250), (400, 220), (372, 420), (left - 10, 560)),
        blur=34,
        inside=cap,
        opacity=0.9,
    )
    sheet.lay(
        mix(shade(hair, 1.25), (255, 240, 220), 0.1),
        shape((540, 226), (640, 262), (676, 340), (600, 300)),
        blur=20,
        inside=cap,
        opacity=0.6,
    )
    dice = random.Random(round(wide * 100))  # noqa: S311 - strands
    for _ in range(26):
        x, drift = dice.uniform(left + 20, right - 20), dice.uniform(-40, 40)
        strand = line(
            dice.uniform(1, 2.4), (500 + (x - 500) * 0.5, 214), (x, 300), (x + drift * 0.6, 400), (x + drift, 560)
        )
        sheet.lay(shade(hair, dice.choice((0.72, 1.16))), strand, blur=1, inside=cap, opacity=0.5)


def _scarf(sheet: Sheet, face: Face) -> None:
    cloth, wide = face.cloth, face.width
    ring = sheet.area(
        shape(
            (500, 206),
            (660, 260),
            (_X + wide + 40, 480),
            (660, 720),
            (500, 790),
            (340, 720),
            (_X - wide - 40, 480),
            (340, 260),
        )
    )
    opening = sheet.area(
        shape(
            (500, 318),
            (610, 350),
            (_X + wide - 14, 480),
            (620, 660),
            (500, 738),
            (380, 660),
            (_X - wide + 14, 480),
            (390, 350),
        )
    )
    ring = ring.without(opening)
    sheet.fill(shade(cloth, 1.1), ring)
    sheet.lay(
        shade(cloth, 0.6),
        shape((300, 240), (400, 230), (352, 480), (420, 760), (290, 740)),
        blur=30,
        inside=ring,
        opacity=0.8,
    )
    for fold in (((430, 232), (352, 360), (338, 560), (400, 720)), ((600, 240), (668, 380), (672, 560), (610, 730))):
        sheet.lay(shade(cloth, 0.72), line(6, *fold), blur=4, inside=ring, opacity=0.7)
    sheet.lay(shade(cloth, 0.9), shape((380, 730), (500, 790), (640, 720), (760, 900), (560, 980), (330, 930)))
    sheet.lay(shade(cloth, 0.66), line(9, (400, 760), (520, 840), (690, 860)), blur=6, opacity=0.7)

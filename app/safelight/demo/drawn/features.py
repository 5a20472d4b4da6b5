"""Draws eyes, nose, mouth and glasses on a head of the demonstration."""

from __future__ import annotations

from safelight.demo.drawn.face import EYES, MOUTH, Face
from safelight.demo.drawn.face import MIDDLE as _X
from safelight.demo.drawn.sheet import Area, Sheet, both, line, mix, oval, shade, shape


def features(sheet: Sheet, face: Face, head: Area) -> None:
    """Eyes, brows, nose and mouth."""
    skin = face.skin
    for side in (-1, 1):
        x = _X + side * 74
        sheet.lay(shade(skin, 0.66), oval(x, EYES - 8, 52, 30), blur=14, inside=head, opacity=0.5)
        white = sheet.lay(
            (240, 236, 230),
            shape((x - 38, EYES + 4), (x - 14, EYES - 14), (x + 14, EYES - 14), (x + 38, EYES + 2), (x, EYES + 17)),
        )
        sheet.lay(shade(face.iris, 0.7), oval(x + 1, EYES + 1, 18.5, 18.5), inside=white)
        sheet.lay(face.iris, oval(x + 1, EYES + 3, 15, 14), blur=2, inside=white)
        sheet.lay((18, 14, 14), oval(x + 1, EYES + 1, 8, 8), inside=white)
        sheet.lay(shade(skin, 0.35), oval(x, EYES - 17, 40, 8), blur=4, inside=white, opacity=0.7)
        sheet.lay((255, 255, 255), oval(x + 8, EYES - 6, 4.2, 4.2))
        lid = ((x - 40, EYES + 4), (x - 16, EYES - 15), (x + 14, EYES - 16), (x + 40, EYES + 1))
        sheet.lay(mix((28, 20, 18), skin, 0.1), line(5.4, *lid))
        sheet.lay(
            shade(skin, 0.62),
            line(3, (x - 34, EYES - 20), (x, EYES - 32), (x + 36, EYES - 18)),
            blur=1.5,
            opacity=0.7,
        )
        sheet.lay(
            shade(skin, 0.66), line(3, (x - 30, EYES + 16), (x, EYES + 24), (x + 30, EYES + 14)), blur=3, opacity=0.6
        )
        brow = mix(face.hair if sum(face.hair) < 520 else shade(face.hair, 0.7), skin, 0.12)
        inner, outer = x - side * 40, x + side * 46
        points = ((inner, 448 - face.brows * 0.4), (x + side * 8, 432 - face.brows), (outer, 450))
        sheet.lay(brow, line(11 if face.lips < 0.7 else 8.5, *points), blur=1.6, opacity=0.92)
    nose = shade(skin, 0.7)
    sheet.lay(
        nose, shape((478, 470), (492, 468), (484, 560), (452, 590), (462, 560)), blur=12, inside=head, opacity=0.6
    )
    sheet.lay(
        shade(skin, 1.35), shape((504, 470), (514, 470), (518, 570), (504, 574)), blur=8, inside=head, opacity=0.55
    )
    sheet.lay(shade(skin, 0.5), both(lambda side: oval(_X + side * 19, 592, 9, 4.5)), blur=2.5, opacity=0.8)
    sheet.lay(nose, line(6, (458, 584), (474, 600), (500, 604), (526, 600), (542, 584)), blur=4, opacity=0.55)
    _mouth(sheet, face)


def _mouth(sheet: Sheet, face: Face) -> None:
    y, lift = MOUTH, 12 * face.smile
    wide = 54 + 14 * face.smile
    lip = mix(shade(face.skin, 0.78), (168, 62, 64), 0.42 * face.lips)
    upper = (
        (_X - wide, y - lift),
        (_X - 20, y - 13),
        (_X, y - 8),
        (_X + 20, y - 13),
        (_X + wide, y - lift),
        (_X, y + 4),
    )
    lower = (
        (_X - wide + 6, y - lift + 4),
        (_X, y + 3),
        (_X + wide - 6, y - lift + 4),
        (_X + 26, y + 22),
        (_X - 26, y + 22),
    )
    sheet.lay(shade(face.skin, 0.7), oval(_X, y + 34, 40, 9), blur=8, opacity=0.6)
    sheet.lay(lip, shape(*lower))
    if face.smile > 0.7:
        sheet.lay(
            (238, 232, 224),
            shape(
                (_X - wide + 12, y - lift + 4),
                (_X, y - 1),
                (_X + wide - 12, y - lift + 4),
                (_X, y + 10),
            ),
        )
    sheet.lay(shade(lip, 0.84), shape(*upper))
    corners = (
        (_X - wide - 3, y - lift - 1),
        (_X - 30, y - 2),
        (_X, y + 2),
        (_X + 30, y - 2),
        (_X + wide + 3, y - lift - 1),
    )
    sheet.lay(shade(lip, 0.45), line(3.4, *corners), blur=0.8, opacity=0.85)
    sheet.lay(shade(lip, 1.4), oval(_X + 10, y + 13, 20, 4), blur=3, opacity=0.5)


def glasses(sheet: Sheet) -> None:
    """A dark frame, and a little light in its lenses."""
    frame = (40, 34, 34)
    for side in (-1, 1):
        x = _X + side * 76
        rim = shape(
            (x - 58, EYES - 26),
            (x, EYES - 38),
            (x + 58, EYES - 26),
            (x + 54, EYES + 24),
            (x, EYES + 40),
            (x - 54, EYES + 24),
        )
        hole = shape(
            (x - 51, EYES - 21),
            (x, EYES - 31),
            (x + 51, EYES - 21),
            (x + 47, EYES + 19),
            (x, EYES + 33),
            (x - 47, EYES + 19),
        )
        outer, inner = sheet.area(rim), sheet.area(hole)
        sheet.fill((255, 255, 255), inner, 0.07)
        sheet.fill(frame, outer.without(inner))
        sheet.lay(frame, line(5, (x + side * 56, EYES - 20), (x + side * 84, EYES - 18), (x + side * 104, EYES - 10)))
    sheet.lay(frame, line(6, (_X - 20, EYES - 14), (_X, EYES - 22), (_X + 20, EYES - 14)))

"""Invents faces: a seed decides skin, hair, clothes and expression, and the rest is light."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image

from safelight.demo.drawn.face import MIDDLE as _X
from safelight.demo.drawn.face import Face, decide
from safelight.demo.drawn.features import features, glasses
from safelight.demo.drawn.hair import hair_before, hair_behind
from safelight.demo.drawn.sheet import HEIGHT, WIDTH, Area, Sheet, both, line, mix, oval, shade, shape


@lru_cache(4)
def _painted(seed: int) -> Image.Image:
    face = decide(seed)
    sheet = Sheet(face.backdrop)
    _backdrop(sheet, face)
    hair_behind(sheet, face)
    _body(sheet, face)
    head = _head(sheet, face)
    features(sheet, face, head)
    hair_before(sheet, face, head)
    if face.glasses:
        glasses(sheet)
    return sheet.picture


def drawn_person(seed: int) -> Image.Image:
    """A head and shoulders of nobody, WIDTH x HEIGHT, RGB, yours to draw on; equal seeds give equal pictures."""
    return _painted(seed).copy()


def _backdrop(sheet: Sheet, face: Face) -> None:
    sheet.lay(shade(face.backdrop, 0.55), oval(WIDTH / 2, HEIGHT / 2, WIDTH, HEIGHT))
    sheet.lay(face.backdrop, oval(560, 480, 520, 620), blur=170)
    sheet.lay(shade(face.backdrop, 1.35), oval(640, 420, 240, 330), blur=150, opacity=0.7)


def _body(sheet: Sheet, face: Face) -> None:
    cloth = face.cloth
    torso = shape(
        (500, 800), (640, 838), (790, 905), (880, 1010), (930, 1300), (70, 1300), (120, 1010), (210, 905), (360, 838)
    )
    body = sheet.lay(cloth, torso)
    sheet.lay(shade(cloth, 0.55), shape((60, 960), (250, 900), (330, 1300), (40, 1300)), blur=70, inside=body)
    sheet.lay(
        shade(cloth, 1.18), shape((620, 850), (820, 930), (880, 1080), (700, 1000)), blur=45, inside=body, opacity=0.8
    )
    skin = face.skin
    neck = sheet.lay(
        shade(skin, 0.86), shape((412, 640), (588, 640), (592, 780), (640, 848), (500, 905), (360, 848), (408, 780))
    )
    sheet.lay(shade(skin, 0.58), oval(488, 716, 112, 60), blur=26, inside=neck, opacity=0.85)
    sheet.lay(
        shade(skin, 1.12), shape((560, 760), (590, 790), (600, 850), (560, 850)), blur=14, inside=neck, opacity=0.5
    )
    if face.collar == "crew":
        sheet.lay(shade(cloth, 0.8), line(13, (352, 846), (420, 902), (500, 920), (580, 902), (648, 846)))
    elif face.collar == "roll":
        sheet.lay(
            shade(cloth, 0.62), shape((350, 838), (500, 800), (650, 838), (640, 900), (500, 935), (360, 900)), blur=3
        )
        roll = sheet.lay(cloth, shape((392, 772), (500, 800), (608, 772), (628, 850), (500, 890), (372, 850)))
        sheet.lay(shade(cloth, 0.6), shape((380, 760), (440, 780), (450, 880), (370, 870)), blur=18, inside=roll)
    else:
        shirt = (236, 234, 228) if face.collar == "blazer" else shade(cloth, 1.3)
        sheet.lay(shirt, shape((392, 800), (500, 905), (608, 800), (620, 880), (520, 1250), (480, 1250), (380, 880)))
        sheet.lay(shade(skin, 0.86), shape((432, 800), (568, 800), (500, 925)))
        for side in (-1, 1):
            flap = (
                (_X + side * 112, 788),
                (_X + side * 132, 850),
                (_X + side * 60, 952),
                (_X + side * 6, 922),
            )
            sheet.lay(shade(shirt, 0.97 if side > 0 else 0.88), shape(*flap))
            if face.collar == "blazer":
                lapel = (
                    (_X + side * 128, 830),
                    (_X + side * 200, 930),
                    (_X + side * 120, 1010),
                    (_X + side * 8, 1230),
                )
                sheet.lay(shade(cloth, 1.1 if side > 0 else 0.82), shape(*lapel, (_X + side * 70, 960)))


def _head(sheet: Sheet, face: Face) -> Area:
    wide, skin = face.width, face.skin
    for side in (-1, 1):
        ear = sheet.lay(shade(skin, 0.95 if side > 0 else 0.8), oval(_X + side * (wide + 2), 512, 24, 46))
        sheet.lay(shade(skin, 0.62), oval(_X + side * (wide + 6), 512, 10, 26), blur=6, inside=ear, opacity=0.7)
    chin, cheek = wide * (0.46 - face.jaw * 0.5), wide * (0.93 - face.jaw * 0.35)
    outline = [
        (_X, 246),
        (_X + wide * 0.56, 268),
        (_X + wide * 0.9, 348),
        (_X + wide, 470),
        (_X + cheek, 604),
    ]
    outline += [(_X + chin + 22, 690), (_X + chin * 0.45, 733)]
    mirrored = [(2 * _X - x, y) for x, y in reversed(outline[1:])]
    head = sheet.lay(skin, shape(*outline, (_X, 740), *mirrored))
    sheet.lay(
        shade(skin, 0.66), shape((300, 300), (360, 330), (372, 600), (440, 742), (300, 760)), blur=42, inside=head
    )
    sheet.lay(shade(skin, 0.8), oval(_X, 752, 120, 40), blur=24, inside=head, opacity=0.8)
    sheet.lay(shade(skin, 1.3), oval(548, 372, 92, 58), blur=36, inside=head, opacity=0.55)
    sheet.lay(shade(skin, 1.3), oval(594, 560, 40, 34), blur=20, inside=head, opacity=0.5)
    blush = mix(skin, (206, 84, 76), 0.35)
    sheet.lay(blush, both(lambda side: oval(_X + side * 96, 584, 46, 32)), blur=26, inside=head, opacity=0.55)
    if face.age > 0.6:
        for side in (-1, 1):
            fold = ((_X + side * 46, 590), (_X + side * 72, 622), (_X + side * 78, 656))
            sheet.lay(shade(skin, 0.7), line(4, *fold), blur=3, inside=head, opacity=(face.age - 0.4))
        sheet.lay(shade(skin, 0.75), line(3, (430, 372), (500, 366), (570, 372)), blur=3, opacity=0.5)
    if face.beard:
        jaw = shape(
            (322, 540),
            (352, 600),
            (430, 598),
            (500, 612),
            (570, 598),
            (648, 600),
            (678, 540),
            (660, 700),
            (560, 775),
            (440, 775),
            (340, 700),
        )
        sheet.lay(mix(face.hair, skin, 0.18), jaw, blur=12, inside=head, opacity=face.beard)
        sheet.lay(
            face.hair, line(17, (424, 622), (462, 606), (500, 612), (538, 606), (576, 622)), blur=5, opacity=face.beard
        )
    return head

"""Decides what somebody who does not exist looks like, from a seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from safelight.demo.drawn.sheet import Colour

MIDDLE, EYES, MOUTH = 500.0, 492.0, 640.0
"""Where the face is on the sheet: its middle from the left, its eyes and mouth from the top."""

_SKINS: Sequence[Colour] = (
    *((244, 214, 190), (235, 194, 164), (222, 174, 138), (204, 150, 112)),
    *((176, 120, 84), (146, 96, 66), (112, 72, 50), (86, 56, 42)),
)
_HAIRS: Sequence[Colour] = (
    *((38, 30, 28), (58, 42, 34), (92, 62, 42), (134, 92, 56)),
    *((186, 142, 88), (150, 72, 40), (128, 126, 126), (206, 204, 200)),
)
_CLOTHES: Sequence[Colour] = (
    *((44, 58, 84), (70, 76, 74), (126, 52, 54), (60, 92, 84)),
    *((196, 178, 150), (52, 48, 56), (92, 108, 134), (166, 110, 70)),
)
_BACKDROPS: Sequence[Colour] = (
    *((150, 158, 164), (176, 164, 150), (128, 142, 136), (170, 146, 134), (118, 128, 146), (186, 184, 178)),
)


@dataclass(frozen=True, slots=True)
class Face:
    """What a seed decided."""

    skin: Colour
    hair: Colour
    cloth: Colour
    backdrop: Colour
    style: str
    width: float
    jaw: float
    age: float
    iris: Colour
    brows: float
    smile: float
    glasses: bool
    beard: float
    collar: str
    lips: float


def decide(seed: int) -> Face:
    """The face of ``seed``; neighbouring seeds differ in skin, hair and clothes."""
    dice = random.Random(f"portrait {seed}")  # noqa: S311 - a picture, not a secret
    skin = _SKINS[(seed * 3 + 1 + dice.randrange(2)) % len(_SKINS)]  # neighbours in a row should differ
    style = ("short", "long", "side", "bun", "curls", "short", "bob", "side", "scarf", "long", "shaved", "curls")[
        seed % 12
    ]
    age = dice.random()
    dark = sum(skin) < 380
    hair = _HAIRS[dice.randrange(6, 8)] if age > 0.82 else _HAIRS[dice.randrange(2 if dark else 6)]
    bearded = style in ("short", "side", "shaved") and dice.random() < 0.5
    return Face(
        skin=skin,
        hair=hair,
        cloth=_CLOTHES[(seed * 5 + dice.randrange(3)) % len(_CLOTHES)],
        backdrop=_BACKDROPS[(seed * 7) % len(_BACKDROPS)],
        style=style,
        width=dice.uniform(158, 178),
        jaw=dice.uniform(0.1, 0.3),
        age=age,
        iris=(64, 44, 32) if dark else dice.choice(((84, 60, 40), (70, 98, 116), (82, 104, 76), (58, 42, 34))),
        brows=dice.uniform(-4, 6),
        smile=dice.uniform(0.3, 1.0),
        glasses=dice.random() < 0.3,
        beard=dice.uniform(0.55, 0.9) if bearded else 0.0,
        collar=dice.choice(("crew", "shirt", "blazer", "roll")),
        lips=0.6 if bearded or style == "shaved" else dice.uniform(0.6, 1.0),
    )

"""Invents signatures for the demonstration: a cursive hand whose letters follow the name and whose rhythm the seed."""

from __future__ import annotations

import math
import random
import unicodedata

from safelight.capture.ink import InkPoint, Stroke

_MS = 8
"""Time between samples: a pen display reports about 125 times a second."""

# Where the pen goes for each kind of letter: (forward, up) in x-heights, from the end of the letter before.
_UP = ((0.15, 0.5), (0.42, 1.9), (0.3, 2.25), (0.2, 1.5), (0.22, 0.25), (0.45, 0.0))
_DOWN = ((0.3, 0.9), (0.1, 0.55), (0.35, 0.05), (0.5, 0.8), (0.42, -0.9), (0.2, -1.2), (0.18, -0.7), (0.6, 0.1))
_ROUND = ((0.35, 0.95), (0.08, 0.6), (0.25, 0.02), (0.5, 0.5), (0.5, 0.9), (0.55, 0.05))
_HUMPS = ((0.12, 0.9), (0.18, 0.0), (0.4, 0.95), (0.5, 0.0))
_WIDE = ((0.1, 0.9), (0.15, 0.0), (0.35, 0.95), (0.45, 0.0), (0.65, 0.95), (0.75, 0.0))
_LETTERS = {
    **dict.fromkeys("bdfhklt", _UP),
    **dict.fromkeys("gjpqyz", _DOWN),
    **dict.fromkeys("aceosx", _ROUND),
    **dict.fromkeys("mw", _WIDE),
}
_CAPITALS = (
    ((-0.1, 0.4), (0.1, 2.4), (0.5, 2.5), (0.3, 0.4), (-0.1, 0.0), (0.1, 0.6), (0.9, 0.3), (1.0, 0.1)),
    ((0.2, 2.3), (-0.2, 1.6), (0.3, 1.1), (0.7, 1.6), (0.0, 0.2), (0.4, -0.2), (1.0, 0.2)),
    ((0.8, 2.1), (0.4, 2.6), (-0.1, 1.5), (0.1, 0.1), (0.7, 0.0), (0.9, 1.0), (0.5, 0.9), (1.1, 0.2)),
)


def drawn_signature(seed: int, name: str) -> tuple[Stroke, ...]:
    """Strokes of a signature in the rhythm of a hand, with pressure and time; different for each name and seed.

    Places are in the units of a pad about 600 wide; equal arguments give equal strokes.
    """
    hand = random.Random(f"{seed}|{name}")  # noqa: S311 - a picture, not a secret
    slant, size, quick = hand.uniform(0.12, 0.4), hand.uniform(26, 34), hand.uniform(0.8, 1.3)
    plain = unicodedata.normalize("NFKD", name)
    words = ["".join(c for c in word if c.isalpha()) for word in plain.split()][:3]
    written = [word[: hand.randint(4, 8)] for word in words if word] or ["x"]
    strokes: list[Stroke] = []
    x, t = 30.0, 0
    for word in written:
        places = [(0.0, hand.uniform(0.2, 0.9))]
        at = 0.0
        for place, letter in enumerate(word.lower()):
            shape = hand.choice(_CAPITALS) if place == 0 else _LETTERS.get(letter, _HUMPS)
            loose = 0.10 + 0.05 * place  # a hand grows careless toward the end of a word
            places += [(at + fx + hand.gauss(0, 0.05), fy + hand.gauss(0, loose * 0.6)) for fx, fy in shape]
            at += shape[-1][0] + hand.uniform(0.02, 0.16)
        pad = [(x + (fx + fy * slant) * size, 120 - fy * size) for fx, fy in places]
        strokes.append(_pen(pad, t, quick, hand))
        x, t = pad[-1][0] + hand.uniform(6, 22), strokes[-1][-1].t + hand.randint(140, 320)
    left, right = 40.0, x + 20
    flourish = [
        *((right - 10, 138.0), (left + (right - left) * 0.35, 150 + hand.uniform(-6, 6))),
        *((left, 158.0), (left + 60, 163.0), (right * hand.uniform(0.75, 1.0), 146.0)),
    ]
    strokes.append(_pen(flourish, t, quick * 1.6, hand))
    return tuple(strokes)


def _pen(targets: list[tuple[float, float]], start: int, quick: float, hand: random.Random) -> Stroke:
    """Sample a smooth path through ``targets``: slow where it bends, light where it is fast or goes up."""
    ends = [targets[0], *targets, targets[-1]]
    points: list[InkPoint] = []
    t, pressure = start, 0.25
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        steps = max(2, round(math.dist(b, c) / (5.5 * quick)))
        for step in range(steps):
            u = step / steps
            x, y = (
                0.5 * (2 * q + (r - p) * u + (2 * p - 5 * q + 4 * r - s) * u * u + (3 * q - p - 3 * r + s) * u**3)
                for p, q, r, s in zip(a, b, c, d, strict=True)
            )
            down = (c[1] - b[1]) / (math.dist(b, c) + 1)
            pressure += (0.55 + 0.3 * down + hand.gauss(0, 0.03) - pressure) * 0.25
            points.append(InkPoint(round(x, 2), round(y, 2), round(min(1.0, max(0.05, pressure)), 3), t))
            t += _MS
    return tuple(points)

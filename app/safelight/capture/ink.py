"""Handwriting: strokes of a pen, as W3C InkML (Recommendation of 2011-09-20) and as a picture for the receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InkPoint:
    """One sample of the pen: ``x`` to the right and ``y`` down in the units of the pad, ``pressure`` 0..1 (constant
    where there is no stylus), ``t`` in whole ms since the first point, tilt in degrees or None."""

    x: float
    y: float
    pressure: float
    t: int
    tilt_x: float | None = None
    tilt_y: float | None = None


Stroke = tuple[InkPoint, ...]


def inkml(strokes: Sequence[Stroke]) -> bytes:
    """The strokes as InkML, channels X Y F T (and OTx OTy when tilt is known); equal strokes give equal bytes."""
    raise NotImplementedError


def read_inkml(untrusted_bytes: bytes) -> tuple[Stroke, ...]:
    """Exactly what :func:`inkml` writes, and nothing more liberal; raises Malformed otherwise."""
    raise NotImplementedError


def ink_png(strokes: Sequence[Stroke], width: int, height: int, *, margin: int = 8) -> bytes:
    """The ink as a PNG (black with transparency), scaled to fit ``width`` x ``height`` pixels."""
    raise NotImplementedError

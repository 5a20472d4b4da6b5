"""Draws people who do not exist: portraits and signatures for demonstrations, the same for the same seed."""

from __future__ import annotations

from datetime import datetime

from safelight.capture.ink import Stroke


def drawn_portrait(
    seed: int,
    size: tuple[int, int] = (2400, 3000),
    *,
    camera_time: datetime,
    camera_model: str = "Lantern One",
    serial: str = "SL-000001",
    gps: tuple[float, float] | None = (52.5200, 13.4050),
    slate: str | None = None,
) -> bytes:
    """A JPEG of a drawn head and shoulders, with EXIF as a camera writes it (time, model, serial number, position).

    With ``slate`` the figure holds a card with that QR code, as a subject does between two people.
    """
    raise NotImplementedError


def drawn_signature(seed: int, name: str) -> tuple[Stroke, ...]:
    """Strokes of a signature in the rhythm of a hand, with pressure and time; different for each name and seed."""
    raise NotImplementedError

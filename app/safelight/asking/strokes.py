"""What a hand writes, sample by sample: whole milliseconds that never run back, nothing dropped, ready to be ink."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from safelight.capture.ink import InkPoint, Stroke

Source = Literal["pen", "touch", "mouse"]
EVEN = 0.5
"""The pressure written where nothing measures it."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One event of a device: place in pixels of the pad, pressure 0..1, tilt in degrees where the pen knows it."""

    x: float
    y: float
    pressure: float = EVEN
    tilt: tuple[float, float] | None = None


class StrokeRecording:
    """All strokes of one signature. Times count from its first sample.

    Devices stamp their events, but each on a clock of its own, and some not at all: a stroke begins at the program's
    own clock, and the device's stamps say how it went on from there.
    """

    def __init__(self) -> None:
        self._strokes: list[tuple[Source, list[InkPoint]]] = []
        self._zero: int | None = None
        self._last = 0
        self._stroke_from, self._stamped_from = 0, 0

    def begin(self, source: Source, sample: Sample, clock: int, stamp: int) -> None:
        """A stroke begins. ``clock`` is the program's, ``stamp`` the event's (0 for none), both in ms."""
        if self._zero is None:
            self._zero = clock
        self._stroke_from, self._stamped_from = clock - self._zero, stamp
        self._strokes.append((source, []))
        self._add(sample, self._stroke_from)

    def go_on(self, sample: Sample, clock: int, stamp: int) -> None:
        """The stroke that was begun goes on."""
        if self._stamped_from and stamp >= self._stamped_from:
            self._add(sample, self._stroke_from + stamp - self._stamped_from)
        else:
            self._add(sample, clock - (self._zero or 0))

    def _add(self, sample: Sample, at: int) -> None:
        self._last = max(self._last, at)
        x_tilt, y_tilt = sample.tilt if sample.tilt is not None else (None, None)
        pressure = min(1.0, max(0.0, sample.pressure))
        self._strokes[-1][1].append(InkPoint(sample.x, sample.y, pressure, self._last, x_tilt, y_tilt))

    def undo(self) -> None:
        """Take the last stroke back."""
        if self._strokes:
            self._strokes.pop()
        if not self._strokes:
            self.clear()

    def clear(self) -> None:
        """Begin with nothing."""
        self._strokes.clear()
        self._zero, self._last = None, 0

    @property
    def sources(self) -> frozenset[Source]:
        """What was written with."""
        return frozenset(source for source, _ in self._strokes)

    @property
    def running(self) -> list[InkPoint]:
        """The last stroke, as far as it goes."""
        return self._strokes[-1][1] if self._strokes else []

    @property
    def count(self) -> int:
        """How many strokes there are."""
        return len(self._strokes)

    def strokes(self) -> tuple[Stroke, ...]:
        """Everything written, times from 0. Tilt is given only if every sample has it: ink has one set of channels."""
        tilted = all(point.tilt_x is not None for _, points in self._strokes for point in points)
        first = self._strokes[0][1][0].t if self._strokes else 0

        def written(point: InkPoint) -> InkPoint:
            tilt = (point.tilt_x, point.tilt_y) if tilted else (None, None)
            return InkPoint(point.x, point.y, point.pressure, point.t - first, *tilt)

        return tuple(tuple(map(written, points)) for _, points in self._strokes)

    def lines(self) -> list[list[InkPoint]]:
        """The strokes as they are painted."""
        return [points for _, points in self._strokes]

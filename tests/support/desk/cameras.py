"""A day's clock that jumps over the pauses, and cameras that write frames and remember who was in front of them."""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from PIL import ExifTags, Image

from safelight.domain.ids import SubjectId

SIZE = (360, 450)


class DayClock:
    """The studio's clock: it runs by itself, and :meth:`skip` passes the time in which nobody does anything."""

    def __init__(self, start: datetime) -> None:
        self._start, self._began = start, time.monotonic()

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._began)

    def skip(self, seconds: float) -> None:
        self._start += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Taken:
    """A frame as the photographer knows it: the file, its bytes, and who was in front of the camera."""

    name: str
    data: bytes
    people: frozenset[SubjectId]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass
class Film:
    """Every frame of the day: the truth the archive is compared with."""

    taken: list[Taken] = field(default_factory=list)

    def of(self, subject: SubjectId) -> list[Taken]:
        return [each for each in self.taken if subject in each.people]


@dataclass
class Camera:
    """Writes each frame on its card, and into the hot folder as the transfer brings it there.

    Its clock shows ``behind`` less than the time; ``offset`` is what it notes of its time zone, or nothing.
    """

    name: str
    prefix: str
    behind: timedelta
    offset: str
    card: Path
    clock: DayClock
    picture: Image.Image
    film: Film
    hot: Path

    def __post_init__(self) -> None:
        self.card.mkdir(parents=True)
        self._small = self.picture.convert("RGB").resize(SIZE)
        self._number = 0

    def take(self, people: Collection[SubjectId]) -> Taken:
        """The shutter: the frame is on the card, and nowhere else yet."""
        self._number += 1
        frame = self._small.copy()
        number = len(self.film.taken) + 1
        for place in range(16):
            frame.putpixel((place, 0), (255, 255, 255) if number >> place & 1 else (0, 0, 0))
        taken = Taken(f"{self.prefix}_{self._number:04}.jpg", self._saved(frame, self.clock()), frozenset(people))
        (self.card / taken.name).write_bytes(taken.data)
        self.film.taken.append(taken)
        return taken

    def transfer(self, *frames: Taken) -> None:
        """The tether brings these into the hot folder."""
        for each in frames:
            (self.hot / each.name).write_bytes(each.data)

    def photograph_code(self, shown: Image.Image, at: datetime) -> None:
        """A frame of the code on the desk's screen, taken at ``at``; it is of nobody, and nobody's frame."""
        self._number += 1
        name = f"{self.prefix}_{self._number:04}.jpg"
        (self.hot / name).write_bytes(self._saved(shown.convert("RGB"), at))

    def _saved(self, frame: Image.Image, at: datetime) -> bytes:
        shown = at - self.behind
        exif = Image.Exif()
        exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "Safelight", self.name
        inside = exif.get_ifd(ExifTags.IFD.Exif)
        inside[ExifTags.Base.DateTimeOriginal] = shown.strftime("%Y:%m:%d %H:%M:%S")
        inside[ExifTags.Base.SubsecTimeOriginal] = f"{shown.microsecond // 1000:03}"
        if self.offset:
            inside[ExifTags.Base.OffsetTimeOriginal] = self.offset
        inside[ExifTags.Base.BodySerialNumber] = self.prefix
        out = io.BytesIO()
        frame.save(out, "JPEG", quality=90, exif=exif)
        return out.getvalue()

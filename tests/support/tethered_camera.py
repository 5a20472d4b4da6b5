"""A camera that goes on writing into the hot folder whatever becomes of the desk, and keeps what is true, for tests."""

from __future__ import annotations

import hashlib
import io
import random
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PIL import ExifTags, Image

from safelight.capture.clock_codes import clock_text
from safelight.capture.slates import slate_png
from safelight.domain.ids import SubjectId

_AHEAD_OF_NAME = b"\xff\xfe\x00\x08rated!"
_SHOWN = Image.linear_gradient("L").resize((120, 150)).convert("RGB")


class TetheredCamera:
    """Its clock is right, which a frame of the clock code tells first; slates are photographed now and then."""

    def __init__(
        self, folder: Path, clock: Callable[[], datetime], dice: random.Random, slates: dict[SubjectId, str]
    ) -> None:
        self.folder, self.clock, self._dice, self._slates = folder, clock, dice, slates
        self._writing = threading.Lock()
        self._number = 0
        self.frames: dict[str, tuple[str, int]] = {}
        """Every whole frame it ever wrote by its hash: its name, and when it was taken (ms since 1970)."""
        self.slates: list[tuple[int, SubjectId]] = []
        """Each slate it photographed: when, and whose."""
        self.torn: set[str] = set()
        """Names of the files it never finished."""

    def show_clock(self) -> None:
        """The code on the desk's screen."""
        at = self.clock()
        self._write(_of_code(clock_text(at), at), "CLK")

    def shoot(self) -> None:
        """One frame, or a slate, or one that stays torn, or one that is written in two goes."""
        at, chance = self.clock(), self._dice.random()
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        if chance < 0.06:
            subject = self._dice.choice(sorted(self._slates))
            self._write(_of_code(self._slates[subject], at), "SLN")
            self.slates.append((_ms(at), subject))
            return
        with self._writing:
            self._number += 1
            data, name = _drawn(self._number, at), f"SLN_{self._number:05}.JPG"
            path = self.folder / name
            if chance < 0.09:
                path.write_bytes(data[: len(data) // 2])
                self.torn.add(name)
                return
            if chance < 0.2:
                with path.open("wb", buffering=0) as file:
                    file.write(data[:900])
                    threading.Event().wait(0.15)
                    file.write(data[900:])
            else:
                path.write_bytes(data)
            self.frames[hashlib.sha256(data).hexdigest()] = name, _ms(at)

    def keep_shooting(self, ended: threading.Event) -> None:
        """A frame now and then, until it is told to rest; what the disk does not take is taken again."""
        while not ended.wait(0.15 + self._dice.random() * 0.4):
            try:
                self.shoot()
            except FileNotFoundError:
                ended.wait(0.2)  # the folder is gone for a moment

    def edit(self, taken: set[str]) -> None:
        """Move one file to another folder; write a rating into one that is in the archive already."""
        files = sorted(self.folder.rglob("SLN_*.JPG"))
        moved = self._dice.choice(files)
        (self.folder / "Selects").mkdir(exist_ok=True)
        moved.rename(self.folder / "Selects" / moved.name)
        known = [each for each in sorted(self.folder.rglob("SLN_*.JPG")) if _sha256(each) in taken]
        if known:
            rated = self._dice.choice(known)
            data = rated.read_bytes()
            rated.write_bytes(data[:2] + _AHEAD_OF_NAME + data[2:])

    def _write(self, data: bytes, prefix: str) -> None:
        with self._writing:
            self._number += 1
            (self.folder / f"{prefix}_{self._number:05}.JPG").write_bytes(data)


def _of_code(text: str, at: datetime) -> bytes:
    with Image.open(io.BytesIO(slate_png(text))) as code:
        return _jpeg(code.convert("RGB"), at)


def _drawn(number: int, at: datetime) -> bytes:
    picture = _SHOWN.copy()
    for place in range(20):
        colour = (255, 255, 255) if number >> place & 1 else (0, 0, 0)
        picture.paste(colour, (place * 6, 0, place * 6 + 6, 8))
    return _jpeg(picture, at)


def _jpeg(picture: Image.Image, at: datetime) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "Safelight", "Lantern One"
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = at.strftime("%Y:%m:%d %H:%M:%S")
    details[ExifTags.Base.SubsecTimeOriginal] = f"{at.microsecond // 1000:03}"
    details[ExifTags.Base.OffsetTimeOriginal] = "+00:00"
    details[ExifTags.Base.BodySerialNumber] = "SL-1"
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=92, exif=exif)
    return out.getvalue()


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()

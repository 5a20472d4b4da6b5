"""What a camera wrote beside the picture, as far as we need it: when, with what, how turned, and what to remove."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice

from PIL import ExifTags, Image

from safelight.domain.errors import Malformed
from safelight.images.cleaning import carried_tags
from safelight.images.xmp_packet import removed_from

_UNREADABLE = (KeyError, ValueError, TypeError, IndexError, OSError, SyntaxError, struct.error, OverflowError)
"""What Pillow raises on EXIF that is broken or made to break readers."""

_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")
_POINTERS = frozenset({ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo, ExifTags.IFD.Interop})
_PLACES = frozenset({273, 324, 330, 513, 514})  # of image data
_XMP_TAG = 700
_CAMERA_SERIAL = 0xC62F
"""Where DNG keeps it (DNG 1.7, CameraSerialNumber)."""
_EXPECTED = carried_tags() | _POINTERS | _PLACES | {_XMP_TAG}
"""Fields that stay, or are listed by what they hold."""
_MOST_NAMES = 150


@dataclass(frozen=True, slots=True)
class CameraNotes:
    """When by the camera's clock, by which camera, how turned (EXIF 1..8), and the names of what should be removed.

    ``model`` is the camera's name with its maker's in it, ``serial`` its number; each empty where it wrote none.
    """

    time: datetime | None
    model: str
    serial: str
    orientation: int
    removable: tuple[str, ...]

    def also(self, *names: str) -> CameraNotes:
        """The same with more to remove."""
        return replace(self, removable=tuple(sorted({*self.removable, *names})))

    def turned(self, orientation: int) -> CameraNotes:
        """The same with another orientation."""
        return replace(self, orientation=orientation)


def camera_notes(exif: Image.Exif, untrusted_xmp: bytes) -> CameraNotes:
    """Read what can be read; EXIF that cannot be read is itself listed for removal (as ``EXIF``).

    Source of tags: CIPA DC-008 (Exif 3.0) 4.6; names are ExifTool's.
    """
    names: set[str] = set(_named_in_xmp(untrusted_xmp))
    time, model, serial, orientation = None, "", "", 1
    try:
        details = exif.get_ifd(ExifTags.IFD.Exif)
        names.update(_name(tag) for each in (exif, details) for tag in each if tag not in _EXPECTED)
        for tag in exif.get_ifd(ExifTags.IFD.GPSInfo):
            names.add(ExifTags.GPSTAGS.get(tag, "GPSInfo"))
        if exif.get_ifd(ExifTags.IFD.IFD1):
            names.add("ThumbnailImage")
        turned = exif.get(ExifTags.Base.Orientation, 1)
        orientation = turned if type(turned) is int and 1 <= turned <= 8 else 1
        model = _camera(exif)
        serial = _clean(details.get(ExifTags.Base.BodySerialNumber) or exif.get(_CAMERA_SERIAL))[:100]
        time = _time(
            details.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime),
            details.get(ExifTags.Base.OffsetTimeOriginal) or details.get(ExifTags.Base.OffsetTime),
            details.get(ExifTags.Base.SubsecTimeOriginal),
        )
    except _UNREADABLE:
        names.add("EXIF")
    return CameraNotes(time, model, serial, orientation, tuple(sorted(names)))


def _named_in_xmp(untrusted_xmp: bytes) -> Iterator[str]:
    try:
        names = removed_from(untrusted_xmp) if untrusted_xmp else {}
    except Malformed:
        yield "XMP"
        return
    for name in islice(names, _MOST_NAMES):
        yield f"XMP:{name[:50]}" if name.isprintable() else "XMP"


def _name(tag: int) -> str:
    return ExifTags.TAGS.get(tag, f"EXIF:{tag}")


def _camera(exif: Image.Exif) -> str:
    make, model = (_clean(exif.get(tag)) for tag in (ExifTags.Base.Make, ExifTags.Base.Model))
    return (model if not make or model.startswith(make.split()[0]) else f"{make} {model}")[:100]


def _clean(value: object) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in value).split()) if isinstance(value, str) else ""


def _time(untrusted_local: object, untrusted_offset: object, untrusted_fraction: object) -> datetime | None:
    if not isinstance(untrusted_local, str):
        return None
    try:
        # The camera's own clock, without a zone unless the camera noted one below.
        time = datetime.strptime(untrusted_local.strip("\0 ")[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
    except ValueError:
        return None
    if isinstance(untrusted_fraction, str) and (digits := re.match(r"\d{1,6}", untrusted_fraction)):
        time = time.replace(microsecond=int(digits[0].ljust(6, "0")))
    if isinstance(untrusted_offset, str) and (offset := _OFFSET.match(untrusted_offset)):
        ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3])) * (1 if offset[1] == "+" else -1)
        if abs(ahead) <= timedelta(hours=15):
            time = time.replace(tzinfo=timezone(ahead))
    return time if time.tzinfo is None or datetime(2, 1, 1, tzinfo=UTC) < time else None

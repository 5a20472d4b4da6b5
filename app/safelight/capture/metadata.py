"""What a camera wrote beside the picture, as far as we need it: when, with what, how turned, and what to remove."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

from PIL import ExifTags, Image

_UNREADABLE = (KeyError, ValueError, TypeError, IndexError, OSError, SyntaxError, struct.error, OverflowError)
"""What Pillow raises on EXIF that is broken or made to break readers."""

_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")
_MAIN = {
    ExifTags.Base.HostComputer: "HostComputer",
    ExifTags.Base.CameraSerialNumber: "CameraSerialNumber",
    ExifTags.Base.XPAuthor: "XPAuthor",
    ExifTags.Base.XPComment: "XPComment",
    ExifTags.Base.XPKeywords: "XPKeywords",
}
_EXIF = {
    ExifTags.Base.MakerNote: "MakerNote",
    ExifTags.Base.UserComment: "UserComment",
    ExifTags.Base.CameraOwnerName: "CameraOwnerName",
    ExifTags.Base.BodySerialNumber: "BodySerialNumber",
    ExifTags.Base.LensSerialNumber: "LensSerialNumber",
    ExifTags.Base.ImageUniqueID: "ImageUniqueID",
}
# Found as text, not as XML: nothing of a foreign packet is parsed here.
_XMP = re.compile(
    rb"(?:aux|exifEX|exif|tiff):(SerialNumber|LensSerialNumber|BodySerialNumber|OwnerName|CameraOwnerName"
    rb"|GPS[A-Za-z]{1,30})|(mwg-rs:Regions|MP:RegionInfo|GCamera:MotionPhoto|GCamera:MicroVideo)\b"
)


@dataclass(frozen=True, slots=True)
class CameraNotes:
    """When by the camera's clock, by which camera, how turned (EXIF 1..8), and the names of what should be removed."""

    time: datetime | None
    model: str
    orientation: int
    removable: tuple[str, ...]

    def also(self, name: str) -> CameraNotes:
        """The same with one more thing to remove."""
        return replace(self, removable=tuple(sorted({*self.removable, name})))

    def turned(self, orientation: int) -> CameraNotes:
        """The same with another orientation."""
        return replace(self, orientation=orientation)


def camera_notes(exif: Image.Exif, untrusted_xmp: bytes) -> CameraNotes:
    """Read what can be read; EXIF that cannot be read is itself listed for removal (as ``EXIF``).

    Source of tags: CIPA DC-008 (Exif 3.0) 4.6; names are ExifTool's.
    """
    names: set[str] = set(_named_in_xmp(untrusted_xmp))
    time, model, orientation = None, "", 1
    try:
        details = exif.get_ifd(ExifTags.IFD.Exif)
        names.update(name for tag, name in _MAIN.items() if tag in exif)
        names.update(name for tag, name in _EXIF.items() if tag in details)
        for tag in exif.get_ifd(ExifTags.IFD.GPSInfo):
            names.add(ExifTags.GPSTAGS.get(tag, "GPSInfo"))
        if exif.get_ifd(ExifTags.IFD.IFD1):
            names.add("ThumbnailImage")
        turned = exif.get(ExifTags.Base.Orientation, 1)
        orientation = turned if type(turned) is int and 1 <= turned <= 8 else 1
        model = _camera(exif)
        time = _time(
            details.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime),
            details.get(ExifTags.Base.OffsetTimeOriginal) or details.get(ExifTags.Base.OffsetTime),
            details.get(ExifTags.Base.SubsecTimeOriginal),
        )
    except _UNREADABLE:
        names.add("EXIF")
    return CameraNotes(time, model, orientation, tuple(sorted(names)))


def _named_in_xmp(untrusted_xmp: bytes) -> Iterator[str]:
    for found in _XMP.finditer(untrusted_xmp[: 1 << 20]):
        yield "XMP:" + (found[1] or found[2].rpartition(b":")[2]).decode("ascii")


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

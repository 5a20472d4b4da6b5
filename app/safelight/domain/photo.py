"""A picture as the rest of the house knows it: an id, hashes, and who is on it; never its pixels."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from .ids import PhotoGuid, SessionId, Sha256, SubjectId
from .later import ADDED_LATER

MADE = {
    "camera": "digitalCapture", "film": "negativeFilm", "print": "print", "edited": "humanEdits",
    "composite": "composite", "drawn": "digitalCreation", "ai-edited": "compositeWithTrainedAlgorithmicMedia",
    "ai": "trainedAlgorithmicMedia",
}  # fmt: skip
"""How a picture was made, in the words a photographer may say it with, and IPTC's codes (digital source type)."""


@dataclass(frozen=True, slots=True)
class CameraTime:
    """What the clock of a camera showed: ``shown`` like ``2026-11-27T10:42:03.120``, whole milliseconds.

    ``offset_minutes`` is the offset from UTC the camera noted, None where it noted none: then nobody knows the zone.
    """

    shown: str
    offset_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """One original. ``image_sha256`` covers the image data alone, so edits of metadata leave it as it is.

    ``image_hash_kind`` names how that hash is made; ``sha256`` covers the original file as it came from the camera.
    ``vetoed_by`` are the people who struck it out: while there is one, it never leaves the studio. ``unwritable`` says
    why no marks can be written into the file, as found when it came in: empty where they can, None where nobody looked
    (photos taken in by the first versions). ``said_made`` is the photographer's word on how the picture was made
    (a key of :data:`MADE`; empty: nothing was said), ``camera`` the name of the camera, if it noted the time as well.
    ``camera_tag`` is a keyed hash of the camera's make, model and serial number, ``camera_time`` what its own clock
    showed, ``first_seen_ms`` when the file was first seen here (milliseconds since 1970, UTC); ``shot`` is the same for
    photos of one shutter (a raw file and its JPEG). All four are empty for photos of before there were any.
    """

    guid: PhotoGuid
    session: SessionId
    subjects: tuple[SubjectId, ...]
    name: str
    media_type: str
    size: int
    sha256: Sha256
    image_hash_kind: str
    image_sha256: Sha256
    width: int
    height: int
    orientation: int
    taken_at: datetime | None
    removable: tuple[str, ...] = ()
    flagged: bool = False
    vetoed_by: tuple[SubjectId, ...] = ()
    unwritable: str | None = None
    said_made: str = ""
    camera: str = ""
    camera_tag: str = ""
    camera_time: CameraTime | None = None
    first_seen_ms: int | None = None
    shot: str = ""


def shot_of(photo: Photo) -> str:
    """What photos of one shutter share; a photo of before there were shots is one by itself."""
    return photo.shot or photo.guid


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a photo, in whole pixels of the picture as it is seen (turned upright)."""

    left: int
    top: int
    width: int
    height: int

    def within(self, size: tuple[int, int]) -> Box | None:
        """What of it lies on a picture of ``size`` (width, height); None where nothing does."""
        left, top = max(0, self.left), max(0, self.top)
        right, bottom = min(size[0], self.left + self.width), min(size[1], self.top + self.height)
        return Box(left, top, right - left, bottom - top) if right > left and bottom > top else None


def upright_size(width: int, height: int, orientation: int) -> tuple[int, int]:
    """Width and height of a picture as it is seen, from those it is stored with and EXIF's orientation."""
    return (height, width) if orientation >= 5 else (width, height)


@dataclass(frozen=True, slots=True)
class PhotoMark:
    """How a record points at a photo: its id and the hash of its image data.

    ``shown`` says whether the person was shown it before they signed; None in what was signed before that was stated.
    """

    guid: PhotoGuid
    image_hash_kind: str
    image_sha256: Sha256
    media_type: str
    shown: bool | None = field(default=None, metadata=ADDED_LATER)

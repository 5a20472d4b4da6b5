"""A picture as the rest of the house knows it: an id, hashes, and who is on it; never its pixels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .ids import PhotoGuid, SessionId, Sha256, SubjectId

MADE = {
    "camera": "digitalCapture", "film": "negativeFilm", "print": "print", "edited": "humanEdits",
    "composite": "composite", "drawn": "digitalCreation", "ai-edited": "compositeWithTrainedAlgorithmicMedia",
    "ai": "trainedAlgorithmicMedia",
}  # fmt: skip
"""How a picture was made, in the words a photographer may say it with, and IPTC's codes (digital source type)."""


@dataclass(frozen=True, slots=True)
class Photo:
    """One original. ``image_sha256`` covers the image data alone, so edits of metadata leave it as it is.

    ``image_hash_kind`` names how that hash is made; ``sha256`` covers the original file as it came from the camera.
    ``vetoed_by`` are the people who struck it out: while there is one, it never leaves the studio. ``unwritable`` says
    why no marks can be written into the file, as found when it came in: empty where they can, None where nobody looked
    (photos taken in by the first versions). ``said_made`` is the photographer's word on how the picture was made
    (a key of :data:`MADE`; empty: nothing was said), ``camera`` the name of the camera, if it noted the time as well.
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


@dataclass(frozen=True, slots=True)
class PhotoMark:
    """How a record or manifest points at a photo: its id and the hash of its image data."""

    guid: PhotoGuid
    image_hash_kind: str
    image_sha256: Sha256
    media_type: str

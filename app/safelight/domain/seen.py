"""What a photo rests on: whether a person saw it before they signed, or it came afterwards; and whether it is the same.

The signed statement names photos by the hash of their image data and says which of them were shown. So everybody who
holds the statement can tell the first two of these words from the others, and whether a photo is the one it names.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from .ids import PhotoGuid
from .photo import Photo, PhotoMark


class Seen(StrEnum):
    """How one signing is about one photo."""

    BEFORE = "before-signing"
    """The person was shown it at a screen and let it stand, then signed."""
    NAMED = "named-only"
    """What they signed names it; nothing says that they were shown it (paper, or what was signed before this was)."""
    AFTER = "after-signing"
    """It came in after they signed, in the same session."""
    NOT_NAMED = "not-named"
    """What they signed does not name it, and it did not come afterwards in the same session."""


SEEN_WORDS = {
    Seen.BEFORE: "seen before signing",
    Seen.NAMED: "named in what was signed",
    Seen.AFTER: "came in after signing",
    Seen.NOT_NAMED: "not named in what was signed",
    None: "not stated whether seen before signing",
}
"""As a clause says it; None is what was delivered before bundles stated it."""


def mark_of(photo: PhotoGuid, marks: Iterable[PhotoMark]) -> PhotoMark | None:
    """How a signing names ``photo``, if it does; ``marks`` are those of its statement."""
    return next((each for each in marks if each.guid == photo), None)


def named_as(mark: PhotoMark | None) -> Seen | None:
    """What the statement alone tells of a photo; None where it does not name it."""
    if mark is None:
        return None
    return Seen.BEFORE if mark.shown else Seen.NAMED


def agrees(said: Seen, mark: PhotoMark | None) -> bool:
    """Whether ``said`` can be true of a photo that the signed statement names so (None: not at all)."""
    known = named_as(mark)
    return said is known if known is not None else said in (Seen.AFTER, Seen.NOT_NAMED)


def exchanged(photo: Photo | PhotoMark, marks: Iterable[PhotoMark]) -> bool:
    """Whether one of ``marks``, out of signed statements, names this photo with another picture than it is."""
    picture = photo.image_hash_kind, photo.image_sha256
    return any(each.guid == photo.guid and (each.image_hash_kind, each.image_sha256) != picture for each in marks)

"""Finds the original of a photo and makes sure that it is that photo's: the same people's, byte by byte the same."""

from __future__ import annotations

from safelight.bundle.originals import NOTHING_OF_IT, check_original
from safelight.domain.errors import Malformed
from safelight.domain.photo import Photo
from safelight.keys.sealed_file import SealedFile
from safelight.studio.open_studio import OpenStudio


def original_of(studio: OpenStudio, photo: Photo) -> bytes:
    """The bytes as they came in; :class:`Malformed` when its row names a file of other people or another photo's."""
    content = sealed_original(studio, photo).read_bytes()
    check_original(photo.guid, photo.sha256, content)
    return content


def sealed_original(studio: OpenStudio, photo: Photo) -> SealedFile:
    """The sealed file of the photo and what opens it; :class:`Malformed` when it belongs to other people.

    Whoever opens it holds the content against ``photo.sha256``.
    """
    kept = studio.archive.files.about(studio.archive.photos.original(photo.guid))
    if photo.subjects and {*kept.owners} != {*photo.subjects}:
        raise Malformed(
            f"The file kept for photo {photo.guid} belongs to other people.", NOTHING_OF_IT, (f"photo/{photo.guid}",)
        )
    return studio.archive.files.sealed(kept.id)

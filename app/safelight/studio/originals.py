"""Opens the original of a photo and makes sure that it is that photo's: the same people's, byte by byte the same."""

from __future__ import annotations

from safelight.documents.jcs import sha256_hex
from safelight.domain.errors import Malformed
from safelight.domain.photo import Photo
from safelight.studio.open_studio import OpenStudio


def original_of(studio: OpenStudio, photo: Photo) -> bytes:
    """The bytes as they came in; :class:`Malformed` when its row names a file of other people or another photo's.

    Which file it is stands in a column in clear, so the file is held against the hash that was sealed with the photo.
    """
    kept = studio.archive.files.about(studio.archive.photos.original(photo.guid))
    if photo.subjects and {*kept.owners} != {*photo.subjects}:
        raise _not_it(photo, "belongs to other people")
    content = studio.archive.files.read_bytes(kept.id)
    if sha256_hex(content) != photo.sha256:
        raise _not_it(photo, "is not the picture that came in as this photo")
    return content


def _not_it(photo: Photo, why: str) -> Malformed:
    return Malformed(
        f"The file kept for photo {photo.guid} {why}.",
        "Nothing of it was handed on. Run “studio check”, then restore a backup.",
        (f"photo/{photo.guid}",),
    )

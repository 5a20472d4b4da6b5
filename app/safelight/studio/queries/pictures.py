"""The pictures of the archive as screens show them: small ones by the page, one large, or a part at full size."""

from __future__ import annotations

from collections.abc import Sequence

from safelight.capture.decoder_pool import DecoderPool, Whole
from safelight.domain.ids import PhotoGuid
from safelight.domain.photo import Box
from safelight.images.media_type import MediaType
from safelight.studio.open_studio import OpenStudio
from safelight.studio.originals import original_of


def thumbnails(studio: OpenStudio, guids: Sequence[PhotoGuid]) -> dict[PhotoGuid, bytes]:
    """JPEGs of at most 256 px, made when the photos came in; those that are gone or do not open are left out."""
    return studio.archive.photos.thumbnails(guids)


def preview(studio: OpenStudio, guid: PhotoGuid) -> bytes:
    """A JPEG of at most 1,024 px; WrongUsage for a photo that is not there, Malformed for one that was changed."""
    return studio.archive.photos.preview(guid)


def region(studio: OpenStudio, decoders: DecoderPool, guid: PhotoGuid, box: Box, scale: float) -> bytes:
    """What lies in ``box`` of the upright original, ``scale`` times as large, as a JPEG made by a worker of ours.

    The original is unsealed and decoded once; further parts of the pictures seen last come from the worker. Raises as
    :meth:`~safelight.capture.decoder_pool.DecoderPool.region`, and WrongUsage, Malformed or DeviceFailure when the
    original cannot be opened.
    """
    known = studio.archive.photos.get(guid)
    whole = Whole(guid, MediaType(known.media_type), known.width, known.height, known.orientation)
    return decoders.region(whole, lambda: original_of(studio, known), box, scale, name=known.name)

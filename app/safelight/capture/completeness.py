"""Says whether a picture file is all there, and what the hash of its image data is, without decoding it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import BinaryIO

from safelight.domain.errors import Malformed
from safelight.domain.ids import Sha256
from safelight.images.image_format import WHOLE_FILE, format_of
from safelight.images.imagehash import ImageHash, image_data_sha256
from safelight.images.imagehash_source import CutOff, ImageSource
from safelight.images.imagehash_tiff import tiff_parts
from safelight.images.media_type import MediaType


def check_whole(untrusted: BinaryIO, media_type: MediaType, sha256: Sha256) -> ImageHash:
    """The hash of the image data of a file whose own hash is ``sha256``.

    Raises :class:`CutOff` if the file ends too early, Malformed if its structure contradicts itself. The makers' raw
    formats are only searched for a missing end, because their inner structure is not published; Olympus and Panasonic
    files not even for that: for them the decoder's word is the first.
    """
    if format_of(media_type).hash_kind != WHOLE_FILE:
        return image_data_sha256(untrusted, media_type)
    source = ImageSource(untrusted)
    if source.size == 0:
        raise source.torn("it is empty")
    END_CHECKS[media_type](source)
    return ImageHash(WHOLE_FILE, sha256)


def _check_like_tiff(source: ImageSource) -> None:
    try:
        for _ in tiff_parts(source):
            pass
    except CutOff:
        raise
    except Malformed:
        # A maker may bend TIFF as it likes; only an end that is missing matters here.
        return


def _check_boxes(source: ImageSource) -> None:
    """The top boxes of an ISO base media file must end where the file ends (ISO/IEC 14496-12, 4.2)."""
    at = 0
    while at < source.size:
        size = int.from_bytes(source.at(at, 4), "big")
        if size == 1:
            size = int.from_bytes(source.at(at + 8, 8), "big")
        elif size == 0:
            return
        if size < 8:
            raise source.wrong("a box of it is shorter than its own head")
        at += size
    if at > source.size:
        raise source.torn("its last box reaches past its end")


def _check_raf(source: ImageSource) -> None:
    """The preview and the sensor data of a RAF are placed at bytes 84 and 100 (as ExifTool and LibRaw read it)."""
    for place in (84, 100):
        start, length = int.from_bytes(source.at(place, 4), "big"), int.from_bytes(source.at(place + 4, 4), "big")
        if start + length > source.size:
            raise source.torn("its image data reaches past its end")


def _check_nothing(_: ImageSource) -> None:
    """Of these formats nothing is published that would tell where they end."""


END_CHECKS: Mapping[MediaType, Callable[[ImageSource], None]] = {
    MediaType.NEF: _check_like_tiff,
    MediaType.CR2: _check_like_tiff,
    MediaType.ARW: _check_like_tiff,
    MediaType.CR3: _check_boxes,
    MediaType.RAF: _check_raf,
    MediaType.ORF: _check_nothing,
    MediaType.RW2: _check_nothing,
}
"""How each format that is hashed as a whole is searched for a missing end."""

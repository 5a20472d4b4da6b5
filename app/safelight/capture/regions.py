"""Parts of untrusted pictures at full size, from pictures kept decoded. Runs only inside a worker process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image

from safelight.capture.developing import (
    BROKEN,
    TURNS,
    Refusal,
    checked_jpeg,
    flat,
    in_srgb,
    opened_picture,
    plain_jpeg,
    refusing,
)  # fmt: skip
from safelight.capture.raw import RAW_FORMATS, open_raw
from safelight.capture.worker_protocol import ABSENT
from safelight.domain.photo import Box
from safelight.images.cleaning import clean
from safelight.images.media_type import MediaType

MOST_HELD = 400 << 20
"""So many bytes of decoded pictures are kept: three to five of 24 megapixels, one of 100."""
_QUALITY = 92


@dataclass(frozen=True, slots=True)
class Whole:
    """A decoded picture, as stored: opaque RGB, not turned, in the colours of ``profile``."""

    picture: Image.Image
    profile: object

    @property
    def weight(self) -> int:
        """Its bytes in memory."""
        return self.picture.width * self.picture.height * 4  # Pillow keeps RGB in four bytes


class WholePictures:
    """The pictures looked at last, decoded, each under the name it was sent with; the oldest goes first."""

    def __init__(self, pixels: int) -> None:
        self._pixels = pixels
        self._held: dict[str, Whole] = {}

    def region(self, head: Mapping[str, Any], untrusted: bytes) -> tuple[dict[str, object], bytes]:
        """The answer to a request for a part; without ``untrusted`` only of a picture that is held.

        Raises Refusal and MemoryError as :func:`safelight.capture.developing.develop`.
        """
        name = str(head["picture"])
        whole = self._held.pop(name, None)
        if whole is None:
            if not untrusted:
                return {"refused": ABSENT}, b""
            self._make_room(int(head["size"][0]) * int(head["size"][1]) * 4)
            with refusing(self._pixels):
                whole = _decoded(untrusted, MediaType(head["media_type"]), self._pixels)
        self._held[name] = whole  # the newest stands last
        with refusing(self._pixels):
            wide, high = head["size"]
            part = _part(whole, Box(*head["region"]), (wide, high), head["orientation"], head["scale"])
            return {"size": part.size}, plain_jpeg(part, _QUALITY, subsampling=0)

    def _make_room(self, weight: int) -> None:
        while self._held and weight + sum(each.weight for each in self._held.values()) > MOST_HELD:
            del self._held[next(iter(self._held))]


def _decoded(untrusted: bytes, media_type: MediaType, pixels: int) -> Whole:
    if media_type in RAW_FORMATS:
        return _decoded_raw(untrusted, media_type, pixels)
    try:
        return _loaded(untrusted, media_type, pixels)
    except BROKEN:
        # As when it came in: the fault may be in what stands beside the picture.
        return _loaded(b"".join(clean(untrusted, media_type)), media_type, pixels)


def _loaded(untrusted: bytes, media_type: MediaType, pixels: int) -> Whole:
    if media_type is MediaType.JPEG:
        checked_jpeg(untrusted)
    with opened_picture(untrusted, media_type, pixels) as picture:
        picture.load()
        return Whole(flat(picture), picture.info.get("icc_profile"))


def _decoded_raw(untrusted: bytes, media_type: MediaType, pixels: int) -> Whole:
    try:
        negative = open_raw(untrusted, media_type)
    except ImportError as error:
        raise Refusal("raw") from error
    if negative.preview_jpeg:
        return _loaded(negative.preview_jpeg, MediaType.JPEG, pixels)
    if negative.width * negative.height > pixels:
        raise Refusal("pixels")
    developed = negative.developed()
    if developed is None:
        raise Refusal("preview")
    return Whole(developed, None)


def _part(whole: Whole, box: Box, size: tuple[int, int], orientation: int, scale: float) -> Image.Image:
    """What lies in ``box`` (of the upright picture), ``scale`` times as large, upright and in sRGB.

    ``size`` is what the picture is said to have as stored: the preview inside a raw file may be smaller.
    """
    stored = stored_box(box, size, orientation)
    across, down = whole.picture.width / size[0], whole.picture.height / size[1]
    edges = (
        stored.left * across, stored.top * down,
        (stored.left + stored.width) * across, (stored.top + stored.height) * down,
    )  # fmt: skip
    wanted = max(1, round(stored.width * scale)), max(1, round(stored.height * scale))
    if (across, down, scale) == (1, 1, 1):
        part = whole.picture.crop((stored.left, stored.top, stored.left + stored.width, stored.top + stored.height))
    else:
        part = whole.picture.resize(wanted, Image.Resampling.BICUBIC, box=edges)
    part = in_srgb(part, whole.profile)
    turn = TURNS.get(orientation)
    return part if turn is None else part.transpose(turn)


def stored_box(box: Box, size: tuple[int, int], orientation: int) -> Box:
    """Where ``box`` of the upright picture lies in the picture as stored with ``size`` (width, height)."""
    width, height = size
    left, top, right, bottom = box.left, box.top, box.left + box.width, box.top + box.height
    if orientation in (5, 6, 7, 8):  # rows and columns change places
        left, top, right, bottom = top, left, bottom, right
    if orientation in (2, 3, 7, 8):
        left, right = width - right, width - left
    if orientation in (3, 4, 6, 7):
        top, bottom = height - bottom, height - top
    return Box(left, top, right - left, bottom - top)

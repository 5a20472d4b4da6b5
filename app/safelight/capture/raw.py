"""Looks into the raw files of cameras: size, turn, and the preview the camera put inside."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from safelight.images.media_type import MediaType

if TYPE_CHECKING:
    import rawpy

_TURNED = {0: 1, 3: 3, 5: 8, 6: 6}
"""LibRaw's ``flip`` as EXIF orientation."""
RAW_FORMATS = frozenset(
    {
        MediaType.DNG, MediaType.NEF, MediaType.CR2, MediaType.CR3, MediaType.ARW, MediaType.RAF, MediaType.ORF,
        MediaType.RW2,
    }
)  # fmt: skip
"""What LibRaw opens here."""
_XMP_TAG = 700
_TIFF_HEADED = frozenset({MediaType.DNG, MediaType.NEF, MediaType.CR2, MediaType.ARW})


@dataclass(frozen=True, slots=True)
class Negative:
    """A raw file: the size of the picture it makes, how it is turned (EXIF 1..8), its preview, its EXIF and XMP.

    ``exif`` is None, and ``xmp`` empty whatever the file holds, for formats whose structure is not read here.
    """

    width: int
    height: int
    orientation: int
    preview_jpeg: bytes
    exif: Image.Exif | None
    xmp: bytes
    _raw: rawpy.RawPy

    def developed(self) -> Image.Image | None:
        """A picture made from the sensor's data at half size, where the camera left no preview; not turned."""
        import rawpy

        try:
            samples = self._raw.postprocess(half_size=True, use_camera_wb=True, output_bps=8, user_flip=0)
        except rawpy.LibRawError:
            return None
        return Image.frombytes("RGB", (samples.shape[1], samples.shape[0]), samples.tobytes())


def open_raw(untrusted: bytes, media_type: MediaType) -> Negative:
    """Open a raw file.

    Raises ImportError if the extra ``raw`` is not installed, ValueError if LibRaw cannot read the file.
    """
    import rawpy

    try:
        raw = rawpy.imread(io.BytesIO(untrusted))
        sizes = raw.sizes
        try:
            thumb = raw.extract_thumb()
            preview = thumb.data if thumb.format == rawpy.ThumbFormat.JPEG and isinstance(thumb.data, bytes) else b""
        except (rawpy.LibRawNoThumbnailError, rawpy.LibRawUnsupportedThumbnailError):
            preview = b""
    except rawpy.LibRawError as error:
        raise ValueError("LibRaw cannot read it") from error
    exif: Image.Exif | None = None
    if media_type in _TIFF_HEADED:
        exif = Image.Exif()
        exif.load(untrusted)
    xmp = exif.get(_XMP_TAG) if exif is not None else None
    packet = xmp if isinstance(xmp, bytes) else b"" if xmp is None else b"not a packet"
    return Negative(sizes.width, sizes.height, _TURNED.get(sizes.flip, 1), preview, exif, packet, raw)

"""The kinds of picture there are, by their media types; what is done with each of them is in ``image_format``."""

from __future__ import annotations

from enum import StrEnum


class MediaType(StrEnum):
    """The kinds of picture that are taken in; values are media types as IANA or common use has them."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    TIFF = "image/tiff"
    WEBP = "image/webp"
    HEIC = "image/heic"
    DNG = "image/x-adobe-dng"
    NEF = "image/x-nikon-nef"
    CR2 = "image/x-canon-cr2"
    CR3 = "image/x-canon-cr3"
    ARW = "image/x-sony-arw"
    RAF = "image/x-fuji-raf"
    ORF = "image/x-olympus-orf"
    RW2 = "image/x-panasonic-rw2"

"""Says what a file really is from its first bytes; the name is believed only where the bytes cannot tell."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath

HEAD = 64
"""How many bytes of the beginning :func:`sniff` wants to see."""


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

    @property
    def is_raw(self) -> bool:
        """True for the camera makers' own formats, which are shown by their embedded preview."""
        return self in _RAW

    @property
    def extension(self) -> str:
        """The usual file name ending, lower case, without the dot."""
        return _EXTENSIONS[self]


_EXTENSIONS = {
    MediaType.JPEG: "jpg",
    MediaType.PNG: "png",
    MediaType.TIFF: "tif",
    MediaType.WEBP: "webp",
    MediaType.HEIC: "heic",
    MediaType.DNG: "dng",
    MediaType.NEF: "nef",
    MediaType.CR2: "cr2",
    MediaType.CR3: "cr3",
    MediaType.ARW: "arw",
    MediaType.RAF: "raf",
    MediaType.ORF: "orf",
    MediaType.RW2: "rw2",
}
_RAW = frozenset(MediaType) - {MediaType.JPEG, MediaType.PNG, MediaType.TIFF, MediaType.WEBP, MediaType.HEIC}

# Nikon, Sony and Adobe write plain TIFF headers: only the name tells their files from a TIFF.
_TIFF_BY_NAME = {".dng": MediaType.DNG, ".nef": MediaType.NEF, ".arw": MediaType.ARW}
_TIFF_MAGICS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_ORF_MAGICS = (b"IIRO", b"IIRS", b"MMOR")

PICTURE_NAMES = frozenset({".jpg", ".jpeg", ".jpe", ".png", ".tif", ".tiff", ".webp", ".heic", ".heif", ".hif"}) | {
    f".{kind.extension}" for kind in _RAW
}
"""File name endings that promise a picture; a file that has one and is none is worth a word to the photographer."""


def sniff(untrusted_head: bytes, name: str) -> MediaType | None:
    """What the file called ``name`` is, judged by its first bytes (at least :data:`HEAD` of them), or None.

    A wrong name never turns one format into another (an EPS called ``.jpg`` is None): the name decides only between
    TIFF and the raw formats that begin exactly like TIFF. Sources: ITU-T T.81 B.1.1.3 (SOI), PNG 3rd ed. 5.2, RFC 9649
    (WebP), TIFF 6.0 section 2, ISO/IEC 14496-12 4.3 and 23008-12 (brands).
    """
    head = untrusted_head
    if head[:3] == b"\xff\xd8\xff":
        return MediaType.JPEG
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return MediaType.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return MediaType.WEBP
    if head[4:8] == b"ftyp":
        return _by_brands(head)
    if head[:15] == b"FUJIFILMCCD-RAW":
        return MediaType.RAF
    if head[:4] in _ORF_MAGICS:
        return MediaType.ORF
    if head[:4] == b"IIU\0":
        return MediaType.RW2
    if head[:4] in _TIFF_MAGICS:
        if head[8:11] == b"CR\x02":
            return MediaType.CR2
        return _TIFF_BY_NAME.get(PurePath(name).suffix.lower(), MediaType.TIFF)
    return None


def _by_brands(head: bytes) -> MediaType | None:
    """The major brand, or any compatible brand in view, of an ISO base media file."""
    if head[8:12] == b"crx ":
        return MediaType.CR3
    size = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, size - 3, 4))}
    return MediaType.HEIC if brands & _HEIC_BRANDS and b"avif" not in brands else None

"""The one table of picture formats: how each is recognised, named, hashed, and written into when it leaves.

A new format is a member of ``MediaType`` and a row here, with every column filled in: a missing row stops the program
when this file is imported, and a type that is not in the table is refused, never handled as something else. How a
format is decoded is in ``capture`` (``developing``, ``raw``), how its end is checked in ``completeness`` there; tests
hold both against this table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from safelight.domain.errors import Malformed

from .imagehash_chunks import png_parts, webp_parts
from .imagehash_heif import heif_parts
from .imagehash_jpeg import jpeg_parts
from .imagehash_source import Buffer, ImageSource, whole_file
from .imagehash_tiff import tiff_parts
from .media_type import MediaType
from .photo_file import PhotoFile
from .photo_jpeg import read_jpeg
from .photo_png import read_png
from .photo_tiff import read_tiff
from .photo_webp import read_webp

HEAD = 64
"""How many bytes of the beginning :func:`sniff` wants to see."""
WHOLE_FILE = "file"
"""The hash kind of formats whose bytes are never altered: SHA-256 of the file, without any prefix."""


@dataclass(frozen=True, slots=True)
class ImageFormat:
    """One format; no column has a default, so that none can be forgotten.

    ``endings`` are those of file names that promise such a picture, lower case without the dot, the usual one first.
    ``begins`` recognises the first bytes (:data:`HEAD` of them); ``by_name`` says that other formats begin exactly so
    and only the name tells this one. ``hash_kind`` and ``image_data`` are for ``imagehash``. ``container`` reads the
    file far enough to clean it and to write XMP and credentials into it; None: its bytes are never altered, and what
    there is to say goes into files beside it. ``raw`` are the camera makers' own formats, shown by their preview.
    """

    media_type: MediaType
    endings: tuple[str, ...]
    begins: Callable[[bytes], bool]
    by_name: bool
    hash_kind: str
    image_data: Callable[[ImageSource], Iterator[Buffer]]
    container: Callable[[memoryview], PhotoFile] | None
    raw: bool

    @property
    def extension(self) -> str:
        """The usual file name ending, lower case, without the dot."""
        return self.endings[0]


def _with(*magics: bytes, at: int = 0) -> Callable[[bytes], bool]:
    """Recognises heads that have one of ``magics`` at a place."""
    return lambda head: any(head[at : at + len(magic)] == magic for magic in magics)


# Nikon, Sony and Adobe write plain TIFF headers: only the name tells their files from a TIFF.
_like_tiff = _with(b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


def _canon_tiff(head: bytes) -> bool:
    return _like_tiff(head) and head[8:11] == b"CR\x02"


def _other_tiff(head: bytes) -> bool:
    return _like_tiff(head) and not _canon_tiff(head)


def _webp(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def _heic(head: bytes) -> bool:
    """The major brand, or any compatible brand in view, of an ISO base media file."""
    if head[4:8] != b"ftyp" or head[8:12] == b"crx ":
        return False
    size = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, size - 3, 4))}
    return bool(brands & _HEIC_BRANDS) and b"avif" not in brands


def _maker(media_type: MediaType, ending: str, begins: Callable[[bytes], bool], *, by_name: bool) -> ImageFormat:
    """A camera maker's own format, whose inner structure is not published."""
    return ImageFormat(media_type, (ending,), begins, by_name, WHOLE_FILE, whole_file, None, raw=True)


# Beginnings: ITU-T T.81 B.1.1.3 (SOI), PNG 3rd ed. 5.2, RFC 9649 (WebP), TIFF 6.0 section 2, ISO/IEC 14496-12 4.3 and
# 23008-12 (brands).
_ROWS = (
    ImageFormat(
        MediaType.JPEG, ("jpg", "jpeg", "jpe"), _with(b"\xff\xd8\xff"), False,
        "jpeg-scans", jpeg_parts, read_jpeg, raw=False,
    ),
    ImageFormat(
        MediaType.PNG, ("png",), _with(b"\x89PNG\r\n\x1a\n"), False, "png-chunks", png_parts, read_png, raw=False
    ),
    ImageFormat(MediaType.WEBP, ("webp",), _webp, False, "webp-chunks", webp_parts, read_webp, raw=False),
    ImageFormat(
        MediaType.TIFF, ("tif", "tiff"), _other_tiff, False, "tiff-strips", tiff_parts, read_tiff, raw=False
    ),
    ImageFormat(MediaType.HEIC, ("heic", "heif", "hif"), _heic, False, "heif-items", heif_parts, None, raw=False),
    ImageFormat(MediaType.DNG, ("dng",), _other_tiff, True, "tiff-strips", tiff_parts, read_tiff, raw=True),
    _maker(MediaType.NEF, "nef", _other_tiff, by_name=True),
    _maker(MediaType.ARW, "arw", _other_tiff, by_name=True),
    _maker(MediaType.CR2, "cr2", _canon_tiff, by_name=False),
    _maker(MediaType.CR3, "cr3", _with(b"ftypcrx ", at=4), by_name=False),
    _maker(MediaType.RAF, "raf", _with(b"FUJIFILMCCD-RAW"), by_name=False),
    _maker(MediaType.ORF, "orf", _with(b"IIRO", b"IIRS", b"MMOR"), by_name=False),
    _maker(MediaType.RW2, "rw2", _with(b"IIU\0"), by_name=False),
)  # fmt: skip


def table(rows: Iterable[ImageFormat]) -> Mapping[MediaType, ImageFormat]:
    """The rows by media type; raises LookupError unless each :class:`MediaType` has exactly one."""
    found: dict[MediaType, ImageFormat] = {}
    for row in rows:
        if row.media_type in found:
            raise LookupError(f"{row.media_type} has two rows in the table of picture formats")
        found[row.media_type] = row
    missing = [each.value for each in MediaType if each not in found]
    if missing:
        raise LookupError(f"the table of picture formats has no row for {', '.join(missing)}")
    return found


FORMATS = table(_ROWS)
PICTURE_NAMES = frozenset(f".{ending}" for each in FORMATS.values() for ending in each.endings)
"""File name endings that promise a picture; a file that has one and is none is worth a word to the photographer."""


def format_of(media_type: str) -> ImageFormat:
    """The row of a media type; raises :class:`Malformed` for one that is not in the table."""
    try:
        return FORMATS[MediaType(media_type)]
    except ValueError:
        raise Malformed(
            f"The picture is of a kind this program does not know ({media_type[:60]}).",
            "Nothing was done with it. A newer version may know it.",
        ) from None


def sniff(untrusted_head: bytes, name: str = "") -> MediaType | None:
    """What the file called ``name`` is, judged by its first bytes (at least :data:`HEAD` of them), or None.

    A wrong name never turns one format into another (an EPS called ``.jpg`` is None): the name decides only between
    formats that begin exactly alike.
    """
    ending = name.lower().rpartition(".")[2]
    found = [each for each in FORMATS.values() if each.begins(untrusted_head)]
    named = next((each for each in found if each.by_name and ending in each.endings), None)
    plain = next((each for each in found if not each.by_name), None)
    best = named or plain
    return best.media_type if best else None

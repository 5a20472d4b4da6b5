"""Turns untrusted bytes into small safe pictures and a few facts. Runs only inside a worker process.

The file is long because it is one idea: one picture, decoded once.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import dist

import zxingcpp
from PIL import (  # plugins are named so that they are loaded before the process is confined
    Image,
    ImageCms,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from safelight.capture.metadata import CameraNotes, camera_notes
from safelight.capture.raw import RAW_FORMATS, Negative, open_raw
from safelight.capture.worker_protocol import MOST_TEXTS
from safelight.domain.errors import Malformed, WrongUsage
from safelight.images.cleaning import clean, listed, listed_beside, orientation_of
from safelight.images.imagehash_heif import unread_beside
from safelight.images.imagehash_jpeg import jpeg_outline
from safelight.images.media_type import MediaType

THUMBNAIL, PREVIEW = 256, 1024
MOST_SCANS = 100
_SLATE_EDGE = 1500
SLATE_SHARE = 0.1
"""So much of the shorter edge takes a code that is photographed for itself; a badge that is worn takes half of it."""
# Without this list a PostScript file called .jpg would be handed to Ghostscript.
PILLOW_FORMATS: Mapping[MediaType, tuple[str, ...]] = {
    MediaType.JPEG: (JpegImagePlugin.JpegImageFile.format, MpoImagePlugin.MpoImageFile.format),
    MediaType.PNG: (PngImagePlugin.PngImageFile.format,),
    MediaType.TIFF: (TiffImagePlugin.TiffImageFile.format,),
    MediaType.WEBP: (WebPImagePlugin.WebPImageFile.format,),
    MediaType.HEIC: ("HEIF",),
}
"""What Pillow calls the formats it decodes here; all others are in ``raw.RAW_FORMATS``."""
BROKEN = (OSError, SyntaxError, ValueError, KeyError, IndexError, TypeError, EOFError, OverflowError, struct.error)
"""What decoders raise on broken files. Anything else ends the worker, which is an answer too."""
PngImagePlugin.MAX_TEXT_CHUNK = 64 << 20
"""A colour profile or text of more than 1 MB says nothing against a picture; the memory of the process is limited."""
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_SRGB = ImageCms.createProfile("sRGB")


class Refusal(Exception):
    """The picture is not developed; ``why`` is one of :data:`safelight.capture.worker_protocol.REFUSALS`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Developed:
    """What goes back to the program; see :class:`safelight.capture.decoder_pool.Rendition`."""

    width: int
    height: int
    notes: CameraNotes
    texts: tuple[str, ...]
    beside: bool
    thumbnail: bytes
    preview: bytes

    def head(self) -> dict[str, object]:
        """The facts, as JSON values."""
        return {
            "width": self.width,
            "height": self.height,
            "orientation": self.notes.orientation,
            "camera_time": self.notes.time and self.notes.time.isoformat(),
            "camera_model": self.notes.model,
            "camera_serial": self.notes.serial,
            "removable": self.notes.removable,
            "texts": self.texts,
            "beside": self.beside,
            "thumbnail": len(self.thumbnail),
        }


def develop(untrusted: bytes, media_type: MediaType, pixels: int, *, look: bool) -> Developed:
    """Decode once, small where the format allows it. ``pixels`` is the most a picture may have; ``look`` for slates.

    Raises Refusal, MemoryError when the limit of the process is reached, or LookupError for a format without decoder.
    """
    raw = media_type in RAW_FORMATS
    if not raw and media_type not in PILLOW_FORMATS:
        raise LookupError(f"{media_type} has no decoder")  # a fault of the program, never told as one of the picture
    with refusing(pixels):
        if raw:
            return _develop_raw(untrusted, media_type, pixels, look)
        try:
            return _developed(untrusted, media_type, pixels, look)
        except BROKEN:
            # The fault may be in what stands beside the picture; without that it is tried once more.
            bare = _developed(b"".join(clean(untrusted, media_type)), media_type, pixels, look)
            return replace(bare, notes=bare.notes.also(*listed(untrusted, media_type)))


@contextmanager
def refusing(pixels: int) -> Iterator[None]:
    """What decoders raise inside becomes a Refusal; a picture of more than ``pixels`` is one, too."""
    Image.MAX_IMAGE_PIXELS = pixels
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refusal("pixels") from error
    except (*BROKEN, Malformed, WrongUsage) as error:
        raise Refusal("broken") from error


def _developed(untrusted: bytes, media_type: MediaType, pixels: int, look: bool) -> Developed:
    end = checked_jpeg(untrusted) if media_type is MediaType.JPEG else len(untrusted)
    with opened_picture(untrusted, media_type, pixels) as picture:
        notes = _with_ours(camera_notes(picture.getexif(), _xmp(picture)), untrusted, media_type)
        if media_type is MediaType.HEIC:
            known = {b"Exif"} if picture.info.get("exif") else set[bytes]()
            notes = notes.also(*unread_beside(untrusted, known | ({b"mime"} if _xmp(picture) else set())))
        if end < len(untrusted):  # a film, a second picture: phones put them behind the first
            notes = notes.also("TrailingData")
        return _finished(picture, picture.size, notes, _again(untrusted, media_type) if look else None)


def _with_ours(notes: CameraNotes, untrusted: bytes, media_type: MediaType) -> CameraNotes:
    """The notes with what our own readers, who also write the file when it leaves, find beside EXIF and XMP."""
    try:
        turn = orientation_of(untrusted, media_type)
        return notes.also(*listed_beside(untrusted, media_type)).turned(turn or notes.orientation)
    except Malformed:
        return notes  # the decoder judges the picture; that nothing can be written into it is found elsewhere


def checked_jpeg(untrusted: bytes) -> int:
    """Where the first picture of a JPEG ends; refuses one that would hold a decoder for minutes."""
    outline = jpeg_outline(untrusted)
    if outline.scans > MOST_SCANS:
        raise Refusal("scans")  # each scan costs a pass over all pixels, and thousands of them fit in 600 KB
    return outline.end


def opened_picture(untrusted: bytes, media_type: MediaType, pixels: int) -> Image.Image:
    """The picture, not decoded yet; refuses what has more than ``pixels``."""
    if media_type is MediaType.HEIC:
        _learn_heic()
    picture = Image.open(io.BytesIO(untrusted), formats=PILLOW_FORMATS[media_type])
    if picture.width * picture.height > pixels:
        picture.close()
        raise Refusal("pixels")
    return picture


def _learn_heic() -> None:
    try:
        import pi_heif
    except ImportError as error:
        raise Refusal("heic") from error
    pi_heif.register_heif_opener(thumbnails=False)


def _develop_raw(untrusted: bytes, media_type: MediaType, pixels: int, look: bool) -> Developed:
    try:
        negative = open_raw(untrusted, media_type)
    except ImportError as error:
        raise Refusal("raw") from error
    if negative.width * negative.height > pixels:
        raise Refusal("pixels")
    if negative.preview_jpeg:
        checked_jpeg(negative.preview_jpeg)
        with opened_picture(negative.preview_jpeg, MediaType.JPEG, pixels) as preview:
            notes = _notes_of_raw(negative, preview.getexif())
            whole = _again(negative.preview_jpeg, MediaType.JPEG) if look else None
            return _finished(preview, (negative.width, negative.height), notes, whole)
    developed = negative.developed()
    if developed is None:
        raise Refusal("preview")
    notes = _notes_of_raw(negative, Image.Exif())
    return _finished(
        developed, (negative.width, negative.height), notes, (lambda: developed.convert("L")) if look else None
    )


def _notes_of_raw(negative: Negative, beside: Image.Exif) -> CameraNotes:
    """What the raw file says; where its own metadata is not read here, what the preview says, and that some is left.

    Such a file goes out as it is or not at all, so what nobody looked at counts as private.
    """
    if negative.exif is None:
        return camera_notes(beside, b"").also("EXIF").turned(negative.orientation)
    return camera_notes(negative.exif, negative.xmp).turned(negative.orientation)


def _again(untrusted: bytes, media_type: MediaType) -> Callable[[], Image.Image]:
    """All of a picture that was opened and checked before, in grey."""

    def whole() -> Image.Image:
        with Image.open(io.BytesIO(untrusted), formats=PILLOW_FORMATS[media_type]) as picture:
            picture.draft("L", picture.size)
            return flat(picture).convert("L") if picture.mode != "L" else picture.copy()

    return whole


def _xmp(picture: Image.Image) -> bytes:
    packet = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
    return (
        packet.encode("utf-8", "replace") if isinstance(packet, str) else packet if isinstance(packet, bytes) else b""
    )


def _finished(
    picture: Image.Image, size: tuple[int, int], notes: CameraNotes, whole: Callable[[], Image.Image] | None
) -> Developed:
    """Load the picture small and make its renditions; ``whole`` gives all of it in grey, if slates are looked for."""
    profile = picture.info.get("icc_profile")
    picture.draft("RGB", _fitting(picture.size, PREVIEW))
    picture.load()
    middle = flat(picture)
    texts, large = _slate_texts(middle, whole) if whole is not None else ((), False)
    small = middle.resize(_fitting(middle.size, PREVIEW), Image.Resampling.BILINEAR)
    small = in_srgb(small, profile)
    if (turn := TURNS.get(notes.orientation)) is not None:
        small = small.transpose(turn)
    tiny = small.resize(_fitting(small.size, THUMBNAIL), Image.Resampling.BILINEAR)
    return Developed(*size, notes, texts, bool(texts) and not large, plain_jpeg(tiny, 82), plain_jpeg(small, 85))


# By EXIF's orientation; 1 stands as it is.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _fitting(size: tuple[int, int], edge: int) -> tuple[int, int]:
    """``size`` shrunk to a long edge of ``edge``; never enlarged, never 0."""
    factor = min(1.0, edge / max(size))
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def flat(picture: Image.Image) -> Image.Image:
    """The picture as opaque 8-bit RGB, transparency over white."""
    if picture.mode == "RGB":
        return picture
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        low, high = picture.convert("F").getextrema()
        top = 65535.0 if isinstance(high, float) and high > 1 and isinstance(low, float) else 1.0
        return picture.convert("F").point(lambda value: value * (255.0 / top)).convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        paper = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(paper, clear).convert("RGB")
    return picture.convert("RGB")


def in_srgb(small: Image.Image, profile: object) -> Image.Image:
    """The small picture in sRGB; a profile that is broken or of another colour model is passed over."""
    if not isinstance(profile, bytes) or not profile or b"sRGB" in profile[:1024] or len(profile) > 4 << 20:
        return small
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(small, given, _SRGB, outputMode="RGB") or small
    except (ImageCms.PyCMSError, *BROKEN):
        return small


def plain_jpeg(picture: Image.Image, quality: int, subsampling: int = -1) -> bytes:
    """A JPEG without any metadata; ``subsampling`` as Pillow counts it, 0 keeps all colour."""
    picture.info.clear()  # Pillow would carry a comment of the original over
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, subsampling=subsampling)
    return out.getvalue()


def _slate_texts(middle: Image.Image, whole: Callable[[], Image.Image]) -> tuple[tuple[str, ...], bool]:
    """Texts of QR codes, and whether one is large; looked for in a small picture first, in the whole one only if a code
    is there but unclear.
    """
    factor = max(middle.size) // _SLATE_EDGE
    texts, large, unclear = _read((middle.reduce(factor) if factor > 1 else middle).convert("L"))
    if texts or not unclear:
        return texts, large
    return _read(whole())[:2]


def _read(grey: Image.Image) -> tuple[tuple[str, ...], bool, bool]:
    codes = zxingcpp.read_barcodes(grey, formats=_QR, return_errors=True)
    clear = (code.text for code in codes if code.valid)
    texts = tuple(text for text in clear if len(text) <= 100 and text.isascii() and text.isprintable())
    large = any(_edge(code) >= SLATE_SHARE * min(grey.size) for code in codes if code.valid)
    return texts[:MOST_TEXTS], large, any(not code.valid for code in codes)


def _edge(code: zxingcpp.Barcode) -> float:
    at = code.position
    corner, *others = ((each.x, each.y) for each in (at.top_left, at.top_right, at.bottom_left))
    return max(dist(corner, each) for each in others)

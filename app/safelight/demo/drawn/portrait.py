"""Photographs people who do not exist, for demonstrations: drawn portraits as a camera would save them.

The same arguments give the same bytes (with the same Pillow). ``person.py`` draws, this file is the camera.
"""

from __future__ import annotations

import io
import random
from datetime import datetime

from PIL import ExifTags, Image, TiffImagePlugin

from safelight.capture.slates import slate_png
from safelight.demo.drawn.person import drawn_person

_MAKER = "Safelight"


def drawn_portrait(
    seed: int,
    size: tuple[int, int] = (2400, 3000),
    *,
    camera_time: datetime,
    camera_model: str = "Lantern One",
    serial: str = "SL-000001",
    gps: tuple[float, float] | None = (52.52, 13.405),
    slate: str | None = None,
    orientation: int = 1,
    frame: int = 0,
) -> bytes:
    """A JPEG of a drawn head and shoulders, with EXIF as a camera writes it (time, model, serial number, position).

    ``seed`` is the person and ``frame`` the exposure: frames of one person differ in framing and light. With ``slate``
    the figure holds a card with that QR code, as a subject does between two people. ``gps`` is latitude and longitude
    in degrees. With an ``orientation`` other than 1 the camera was turned: 6 or 8 swap the sides of the stored image.
    """
    dice = random.Random(f"frame {seed} {frame}")  # noqa: S311 - a picture, not a secret
    picture = drawn_person(seed)
    if slate is not None:
        _hold(picture, slate)
    picture = _framed(picture, size, dice, steady=slate is not None)
    picture = _grained(picture, dice)
    if orientation != 1:
        picture = picture.transpose(_TURNED[orientation])
    out = io.BytesIO()
    exif = _exif(camera_time, camera_model, serial, gps, orientation)
    picture.save(out, "JPEG", quality=90, subsampling=1, exif=exif)
    return out.getvalue()


_TURNED = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}


def _hold(picture: Image.Image, slate: str) -> None:
    """A white card with the code, before the chest."""
    with Image.open(io.BytesIO(slate_png(slate, module=8))) as code:
        edge = 330
        card = Image.new("RGB", (edge + 40, edge + 40), (246, 246, 242))
        card.paste(code.convert("RGB").resize((edge, edge), Image.Resampling.LANCZOS), (20, 20))
    picture.paste((70, 66, 64), (322, 872, 692, 1242))
    picture.paste(card, (315, 864))


def _framed(picture: Image.Image, size: tuple[int, int], dice: random.Random, *, steady: bool) -> Image.Image:
    """Cut to the sides of ``size``, a little differently each time, and enlarged to it."""
    wide, high = picture.size
    share = min(wide / size[0], high / size[1]) * (1.0 if steady else dice.uniform(0.9, 1.0))
    cut_wide, cut_high = size[0] * share, size[1] * share
    left = (wide - cut_wide) * (0.5 if steady else dice.uniform(0.3, 0.7))
    # The head is in the upper part; a wide picture must not cut it off, and a slate must be in view.
    top = (high - cut_high) * (1.0 if steady else dice.uniform(0.25, 0.6))
    box = (left, top, left + cut_wide, top + cut_high)
    return picture.resize(size, Image.Resampling.BICUBIC, box=box)


def _grained(picture: Image.Image, dice: random.Random) -> Image.Image:
    """A sensor's noise: one tile of it, repeated; enough that the JPEG has the size of a photograph."""
    edge = 512
    tile = Image.frombytes("L", (edge, edge), dice.randbytes(edge * edge)).convert("RGB")
    noise = Image.new("RGB", picture.size)
    for x in range(0, picture.width, edge):
        for y in range(0, picture.height, edge):
            noise.paste(tile, (x, y))
    return Image.blend(picture, noise, 0.028)


def _exif(time: datetime, model: str, serial: str, gps: tuple[float, float] | None, orientation: int) -> Image.Exif:
    exif = Image.Exif()
    stamp = time.strftime("%Y:%m:%d %H:%M:%S")
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = _MAKER, model
    exif[ExifTags.Base.Orientation], exif[ExifTags.Base.DateTime] = orientation, stamp
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = details[ExifTags.Base.DateTimeDigitized] = stamp
    details[ExifTags.Base.SubsecTimeOriginal] = f"{time.microsecond // 1000:03d}"
    if time.tzinfo is not None:
        zone = time.strftime("%z")
        details[ExifTags.Base.OffsetTimeOriginal] = f"{zone[:3]}:{zone[3:5]}"
    details[ExifTags.Base.BodySerialNumber] = serial
    details[ExifTags.Base.LensSerialNumber] = f"{serial}-L"
    if gps is not None:
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
        place[ExifTags.GPS.GPSLatitudeRef] = "N" if gps[0] >= 0 else "S"
        place[ExifTags.GPS.GPSLatitude] = _degrees(gps[0])
        place[ExifTags.GPS.GPSLongitudeRef] = "E" if gps[1] >= 0 else "W"
        place[ExifTags.GPS.GPSLongitude] = _degrees(gps[1])
    return exif


def _degrees(angle: float) -> tuple[TiffImagePlugin.IFDRational, ...]:
    """Degrees, minutes and hundredths of seconds as three fractions (Exif 3.0, 4.6.6)."""
    hundredths = round(abs(angle) * 360_000)
    degrees, rest = divmod(hundredths, 360_000)
    minutes, seconds = divmod(rest, 6_000)
    return tuple(TiffImagePlugin.IFDRational(*part) for part in ((degrees, 1), (minutes, 1), (seconds, 100)))

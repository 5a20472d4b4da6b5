"""Raw files of a camera that never was, for tests: small, whole, and decoded by LibRaw."""

from __future__ import annotations

import struct

from PIL import Image


def _directory(at: int, tags: list[tuple[int, int, int, bytes]], following: int = 0) -> bytes:
    """A little-endian TIFF directory for place ``at``, values that do not fit behind it."""
    tags = sorted(tags)
    far = at + 2 + 12 * len(tags) + 4
    table, extra = b"", b""
    for tag, kind, count, value in tags:
        if len(value) <= 4:
            table += struct.pack("<HHI", tag, kind, count) + value.ljust(4, b"\0")
        else:
            table += struct.pack("<HHII", tag, kind, count, far + len(extra))
            extra += value + b"\0" * (len(value) % 2)
    return struct.pack("<H", len(tags)) + table + struct.pack("<I", following) + extra


def made_dng(preview: bytes, picture: Image.Image, serial: bytes = b"SN-123\0", xmp: bytes = b"") -> bytes:
    """A DNG 1.4 as a camera lays it out: the preview in the first directory, the sensor's data in a SubIFD.

    Without ``serial`` it holds nothing private but what ``xmp`` says.
    """

    def short(*n: int) -> bytes:
        return struct.pack(f"<{len(n)}H", *n)

    def long(*n: int) -> bytes:
        return struct.pack(f"<{len(n)}I", *n)

    def ratio(*n: int) -> bytes:
        return struct.pack(f"<{len(n)}i", *n)

    wide, high = 128, 96
    grey = picture.convert("L").resize((wide, high)).tobytes()
    sensor = struct.pack(f"<{wide * high}H", *(value * 16 for value in grey))
    model, time = b"Lantern DNG\0", b"2026:05:04 09:15:00\0"

    def laid(at_preview: int, at_sensor: int, at_sub: int, at_exif: int) -> tuple[bytes, bytes, bytes]:
        first = [
            (254, 4, 1, long(1)), (256, 4, 1, long(picture.width)), (257, 4, 1, long(picture.height)),
            (258, 3, 3, short(8, 8, 8)), (259, 3, 1, short(7)), (262, 3, 1, short(6)), (271, 2, 8, b"Lantern\0"),
            (272, 2, len(model), model), (273, 4, 1, long(at_preview)), (274, 3, 1, short(6)), (277, 3, 1, short(3)),
            (278, 4, 1, long(picture.height)), (279, 4, 1, long(len(preview))), (330, 4, 1, long(at_sub)),
            (34665, 4, 1, long(at_exif)), (50706, 1, 4, b"\1\4\0\0"), (50707, 1, 4, b"\1\1\0\0"),
            (50708, 2, len(model), model), (50721, 10, 9, ratio(1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1)),
            (50728, 5, 3, ratio(1, 1, 1, 1, 1, 1)), (50778, 3, 1, short(21)),
            *([(50735, 2, len(serial), serial)] if serial else []), *([(700, 1, len(xmp), xmp)] if xmp else []),
        ]  # fmt: skip
        sub = [
            (254, 4, 1, long(0)), (256, 4, 1, long(wide)), (257, 4, 1, long(high)), (258, 3, 1, short(16)),
            (259, 3, 1, short(1)), (262, 3, 1, short(32803)), (273, 4, 1, long(at_sensor)), (277, 3, 1, short(1)),
            (278, 4, 1, long(high)), (279, 4, 1, long(len(sensor))), (33421, 3, 2, short(2, 2)),
            (33422, 1, 4, b"\0\1\1\2"), (50714, 3, 1, short(0)), (50717, 3, 1, short(4095)),
        ]  # fmt: skip
        exif = [(36867, 2, len(time), time), *([(42033, 2, len(serial), serial)] if serial else [])]
        return _directory(8, first), _directory(at_sub, sub), _directory(at_exif, exif)

    sizes = [len(part) for part in laid(0, 0, 0, 0)]
    at_sub = 8 + sizes[0]
    at_exif = at_sub + sizes[1]
    at_preview = at_exif + sizes[2]
    at_sensor = at_preview + len(preview) + len(preview) % 2
    parts = laid(at_preview, at_sensor, at_sub, at_exif)
    return b"II*\0" + long(8) + b"".join(parts) + preview.ljust(at_sensor - at_preview, b"\0") + sensor

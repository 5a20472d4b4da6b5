"""Photos as people have them: torn or odd metadata, stray bytes, BigTIFF; written, or held back with a reason."""

from __future__ import annotations

import io
import json
import re
import struct
import subprocess
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from safelight.bundle.prepare import prepare_photo
from safelight.domain.errors import Malformed
from safelight.images.cleaning import clean, listed, unwritable
from safelight.images.imagehash import image_data_sha256
from safelight.images.rights_marks import RightsMarks
from safelight.images.xmp import find_xmp
from safelight.images.xmp_packet import read_marks

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XMP = b"http://ns.adobe.com/xap/1.0/\0"


def segment(marker: int, body: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg(*segments: bytes) -> bytes:
    out = io.BytesIO()
    picture = Image.new("RGB", (96, 64), "white")
    picture.paste("red", (0, 0, 96, 20))
    picture.save(out, "JPEG")
    data = out.getvalue()
    return data[:2] + b"".join(segments) + data[2:]


def packet(inside: str, attributes: str = 'rdf:about=""') -> bytes:
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}"><rdf:Description {attributes}>{inside}'
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def with_xmp(*packets: bytes) -> bytes:
    return jpeg(*(segment(0xE1, XMP + each) for each in packets))


def directory(order: str, *entries: tuple[int, int, int, int]) -> bytes:
    head = struct.pack(order + "HIH", 42, 8, len(entries))
    table = b"".join(struct.pack(order + "HHI", *each[:3]) + _inline(order, each) for each in entries)
    return (b"II" if order == "<" else b"MM") + head + table + bytes(4)


def _inline(order: str, entry: tuple[int, int, int, int]) -> bytes:
    return struct.pack(order + {1: "B", 3: "H", 4: "I"}[entry[1]], entry[3]).ljust(4, b"\0")


def written(data: bytes, media_type: str, marks: RightsMarks) -> bytes:
    return b"".join(prepare_photo(data, media_type, marks, {}, None).parts)


GOOD = packet('<e:A xmlns:e="http://ns.adobe.com/exif/1.0/">1</e:A>')


@pytest.mark.parametrize(
    "data",
    [
        with_xmp(GOOD.replace(b"e:A>", b"e:A/B>")),
        with_xmp(GOOD[:-20]),
        with_xmp(GOOD + b"<x/>"),
        with_xmp(b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'),
        with_xmp(b""),
        with_xmp(b"\xff" * 900),
        jpeg(segment(0xE1, b"Exif\0\0" + b"MM\0*\0\0\0\x08\xff\xff")),
        jpeg(segment(0xE1, b"Exif\0\0junk"), segment(0xED, b"Photoshop 3.0\0junk")),
        jpeg(b"\0", segment(0xFE, b"Ada"), b"stray bytes", segment(0xFE, b"Berta"), b"\xff\xff\0"),
        jpeg(segment(0xF7, b"Ada Muster"), b"\xff\x01", segment(0x02, b"Ada Muster")),
    ],
    ids=["name", "cut", "after", "nothing", "empty", "bytes", "exif-cut", "junk", "stray", "unknown-segments"],
)
def test_what_cannot_be_read_beside_the_picture_is_replaced(data: bytes, marks: RightsMarks) -> None:
    assert unwritable(data, "image/jpeg") == ""
    after = written(data, "image/jpeg", marks)
    assert read_marks(find_xmp(after) or b"").guid == marks.guid
    assert image_data_sha256(after, "image/jpeg") == image_data_sha256(data, "image/jpeg")
    assert not [each for each in (b"Ada", b"Berta", b"stray", b"junk") if each in after.replace(b"Anders", b"")]
    with Image.open(io.BytesIO(jpeg())) as one, Image.open(io.BytesIO(after)) as other:
        assert one.tobytes() == other.tobytes()


def test_stray_bytes_between_the_scans_go_too(dirty_photos: dict[str, bytes], marks: RightsMarks) -> None:
    data = dirty_photos["progressive.jpg"]
    second = data.index(b"\xff\xda", data.index(b"\xff\xda") + 2)
    tables = data.rindex(b"\xff\xc4", 0, second)  # what follows a table and is no segment belongs to nothing
    odd = data[:tables] + segment(0xDD, b"\0\0") + b"Ada Muster" + data[tables:]
    after = b"".join(clean(odd, "image/jpeg"))
    assert b"Ada Muster" not in after
    assert image_data_sha256(after, "image/jpeg") == image_data_sha256(odd, "image/jpeg")


# Orientation -----------------------------------------------------------------------------------------------------


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (96, 64), "white").save(out, "PNG")
    data = out.getvalue()
    made = b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    return data[:33] + made + data[33:]


def webp(exif: bytes) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (96, 64), "white").save(out, "WEBP", exif=exif)
    return out.getvalue()


def tiff(**options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (96, 64), "white").save(out, "TIFF", **options)
    return out.getvalue()


SIX = (274, 3, 1, 6)
RAW = b"\nexif\n      34\n" + (b"Exif\0\0" + directory(">", SIX)).hex().encode() + b"\n"
IN_XMP = packet("<tiff:Orientation>6</tiff:Orientation>", 'xmlns:tiff="http://ns.adobe.com/tiff/1.0/"')
TURNED: dict[str, tuple[str, bytes]] = {
    "twice-the-same.jpg": ("image/jpeg", jpeg(segment(0xE1, b"Exif\0\0" + directory(">", SIX, SIX)))),
    "twice-and-two.jpg": ("image/jpeg", jpeg(segment(0xE1, b"Exif\0\0" + directory("<", SIX, (274, 3, 1, 3))))),
    "long.jpg": ("image/jpeg", jpeg(segment(0xE1, b"Exif\0\0" + directory("<", (274, 4, 1, 6))))),
    "byte.jpg": ("image/jpeg", jpeg(segment(0xE1, b"Exif\0\0" + directory(">", (274, 1, 1, 6))))),
    "cut.jpg": (
        "image/jpeg",
        jpeg(segment(0xE1, b"Exif\0\0MM\0*\0\0\0\x08\0\x09" + directory(">", SIX)[10:])),
    ),
    "second.jpg": (
        "image/jpeg",
        jpeg(segment(0xE1, b"Exif\0\0junk"), segment(0xE1, b"Exif\0\0" + directory(">", SIX))),
    ),
    "xmp.jpg": ("image/jpeg", with_xmp(IN_XMP)),
    "xmp-short.jpg": (
        "image/jpeg",
        with_xmp(packet("", 'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"')),
    ),
    "xmp-torn.jpg": ("image/jpeg", with_xmp(IN_XMP[:-20])),
    "xmp.png": ("image/png", png((b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + IN_XMP))),
    "exif.png": ("image/png", png((b"eXIf", directory(">", SIX)))),
    "text.png": ("image/png", png((b"tEXt", b"Raw profile type exif\0" + RAW))),
    "packed-text.png": ("image/png", png((b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(RAW)))),
    "exif.webp": ("image/webp", webp(directory(">", SIX))),
    "prefixed.webp": ("image/webp", webp(b"Exif\0\0" + directory("<", SIX, SIX))),
    "plain.tif": ("image/tiff", tiff(tiffinfo={274: 6})),
    "big.tif": ("image/tiff", tiff(tiffinfo={274: 6}, big_tiff=True)),
}



def test_a_turned_picture_stays_turned(stock_tool: Callable[[str], str], marks: RightsMarks, tmp_path: Path) -> None:
    for name, (media_type, data) in TURNED.items():
        (tmp_path / name).write_bytes(written(data, media_type, marks))
    command = [stock_tool("exiftool"), "-json", "-n", "-Orientation", str(tmp_path)]
    seen = json.loads(subprocess.run(command, capture_output=True, check=False).stdout)
    assert {Path(each["SourceFile"]).name: each.get("Orientation") for each in seen} == dict.fromkeys(TURNED, 6)
    for name in TURNED:
        with Image.open(tmp_path / name) as picture:
            assert picture.getexif().get(274) == 6, name


# TIFF ------------------------------------------------------------------------------------------------------------


def striped(*extra: tuple[int, int, int, int]) -> bytes:
    plain = {256: 8, 257: 8, 258: 8, 259: 1, 262: 1, 273: 0, 277: 1, 278: 8, 279: 64}
    entries = sorted([*((tag, 4, 1, value) for tag, value in plain.items()), *extra], key=lambda each: each[0])
    at = 8 + 2 + 12 * len(entries) + 4
    entries = [(tag, kind, count, at if tag == 273 else value) for tag, kind, count, value in entries]
    return directory("<", *entries) + bytes(range(64))


@pytest.mark.parametrize(
    "data",
    [
        tiff(big_tiff=True),
        tiff(big_tiff=True, compression="tiff_lzw"),
        tiff(big_tiff=True, compression="tiff_adobe_deflate", tiffinfo={270: "Ada Muster", 305: "Ada's program"}),
        striped((274, 3, 1, 1), (274, 3, 1, 1)),
        striped((274, 3, 1, 6), (274, 3, 1, 3)),
        striped((256, 4, 1, 8), (278, 3, 1, 8)),
    ],
    ids=["big", "big-lzw", "big-deflate", "twice", "twice-turned", "twice-decoding-alike"],
)
def test_bigtiff_and_tags_named_twice_are_written(data: bytes, marks: RightsMarks) -> None:
    assert unwritable(data, "image/tiff") == ""
    after = written(data, "image/tiff", marks)
    assert after[:4] == b"II*\0"
    assert image_data_sha256(after, "image/tiff") == image_data_sha256(data, "image/tiff")
    with Image.open(io.BytesIO(data)) as one, Image.open(io.BytesIO(after)) as other:
        assert one.tobytes() == other.tobytes()
    assert b"Ada" not in after and listed(after, "image/tiff") == ("rights",)
    assert read_marks(find_xmp(after, "image/tiff") or b"").guid == marks.guid


def held_back() -> Iterator[tuple[str, bytes, str]]:
    yield "image/tiff", striped((256, 4, 1, 4)), "the picture cannot be written: .* two things about tag 256"
    yield "image/tiff", directory("<", *((tag, 4, 1, 1) for tag in range(1, 5000))), "larger than a limit: .* 4,096 "
    yield "image/png", png((b"QaQa", b"")), "the picture cannot be written: .*QaQa"
    yield "image/jpeg", jpeg(*[segment(0xFE, b"")] * 20_000), "larger than a limit: .* 20,000 segments"


@pytest.mark.parametrize(("media_type", "data", "why"), list(held_back()), ids=["tag", "entries", "png", "jpeg"])
def test_what_cannot_be_written_says_why_and_a_limit_is_called_one(media_type: str, data: bytes, why: str) -> None:
    reason = unwritable(data, media_type)
    assert re.search(why, reason), reason
    assert "damaged" not in reason
    with pytest.raises(Malformed):
        clean(data, media_type)


# Names and places ------------------------------------------------------------------------------------------------


def test_no_name_or_place_leaves_in_any_namespace(
    stock_tool: Callable[[str], str], marks: RightsMarks, tmp_path: Path
) -> None:
    spaces = {
        "pdf": ("http://ns.adobe.com/pdf/1.3/", ("Author", "Keywords")),
        "e": ("http://ns.adobe.com/exif/1.0/", ("Artist", "Copyright", "ImageDescription")),
        "dwc": ("http://rs.tdwg.org/dwc/terms/", ("decimalLatitude", "recordedBy")),
        "new": ("https://program.of.tomorrow.example/", ("Whatever", "Serial")),
        "crs": ("http://ns.adobe.com/camera-raw-settings/1.0/", ("RawFileName", "CameraProfile", "PresetName")),
        "xmp": ("http://ns.adobe.com/xap/1.0/", ("Label", "CreatorTool", "Nickname", "Rating", "CreateDate")),
        "tiff": ("http://ns.adobe.com/tiff/1.0/", ("Software", "Make", "Orientation", "HostComputer")),
        "dc": ("http://purl.org/dc/elements/1.1/", ("title", "format", "date", "language", "coverage")),
        "photoshop": ("http://ns.adobe.com/photoshop/1.0/", ("ICCProfile", "DateCreated", "Category")),
    }
    elements = "".join(
        f'<{prefix}:{name} xmlns:{prefix}="{space}">Ada@Muster "4711"</{prefix}:{name}>'
        for prefix, (space, names) in spaces.items()
        for name in names
    )
    info = PngImagePlugin.PngInfo()
    for key in ("Author", "Title", "Description", "parameters", "Comment"):
        info.add_text(key, "Ada@Muster")
    out = io.BytesIO()
    exif = Image.Exif()
    for tag in (269, 270, 271, 272, 305, 306, 315, 316, 33432, 40091, 40093, 50000):
        exif[tag] = "Ada@Muster"
    exif.get_ifd(34665).update({36867: "Ada@Muster", 37510: b"Ada@Muster", 42036: "Ada@Muster", 42033: "4711"})
    Image.new("RGB", (96, 64)).save(out, "PNG", pnginfo=info, exif=exif)
    files = {
        "a.jpg": ("image/jpeg", with_xmp(packet(elements))),
        "b.jpg": ("image/jpeg", jpeg(segment(0xE1, b"Exif\0\0" + exif.tobytes()[6:]), segment(0xFE, b"Ada@Muster"))),
        "c.png": ("image/png", out.getvalue()),
        "d.tif": ("image/tiff", tiff(exif=exif, icc_profile=b"profile", description="Ada@Muster")),
        "e.webp": ("image/webp", webp(exif.tobytes())),
    }
    for name, (media_type, data) in files.items():
        assert b"Ada@Muster" in data
        assert set(listed(data, media_type)) & {"names", "other properties", "other fields"}
        after = written(data, media_type, marks)
        assert b"Ada@Muster" not in after and b"4711" not in after.replace(marks.guid.encode(), b""), name
        (tmp_path / name).write_bytes(after)
    command = [stock_tool("exiftool"), "-a", "-u", "-G1", *map(str, tmp_path.iterdir())]
    seen = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    assert "Muster" not in seen and "4711" not in seen

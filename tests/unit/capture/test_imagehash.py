"""The hash of image data: it follows the picture and nothing else. Judges: exiftool, exiv2, Pillow."""

from __future__ import annotations

import contextlib
import hashlib
import io
import shutil
import struct
import subprocess
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from safelight.domain.errors import Malformed
from safelight.images.image_format import format_of
from safelight.images.imagehash import image_data_sha256
from safelight.images.imagehash_jpeg import jpeg_outline
from safelight.images.media_type import MediaType

KINDS = {
    MediaType.JPEG: "jpeg-scans",
    MediaType.PNG: "png-chunks",
    MediaType.TIFF: "tiff-strips",
    MediaType.WEBP: "webp-chunks",
    MediaType.HEIC: "heif-items",
    MediaType.DNG: "tiff-strips",
}
EDITS = [
    [
        "-XMP-dc:Title=Portrait",
        "-XMP-plus:ModelReleaseID=urn:uuid:1",
        "-EXIF:Artist=Anna",
        "-XMP-dc:Description=" + "x" * 9000,
    ],
    ["-EXIF:GPSLatitude=52.5", "-EXIF:GPSLatitudeRef=N", "-EXIF:Orientation#=6", "-EXIF:SerialNumber=9"],
    ["-GPS:all=", "-EXIF:SerialNumber=", "-XMP:all="],
]


@pytest.mark.parametrize("kind", KINDS)
def test_stable_under_edits_of_metadata(kind, encoded, exiftool, tmp_path):
    path = tmp_path / f"a.{format_of(kind).extension}"
    path.write_bytes(encoded[kind])
    before = image_data_sha256(encoded[kind], kind)
    assert before.kind == KINDS[kind]
    for edit in EDITS:
        was = path.read_bytes()
        exiftool(*edit, str(path))
        now = path.read_bytes()
        assert now != was, "the edit must have changed the file, or this proves nothing"
        assert image_data_sha256(now, kind) == before
    if kind in (MediaType.JPEG, MediaType.PNG, MediaType.TIFF, MediaType.WEBP) and shutil.which("exiv2"):
        done = subprocess.run(["exiv2", "-M", "set Xmp.dc.source XmpText by hand", str(path)], capture_output=True)
        assert done.returncode == 0, done.stderr
        assert image_data_sha256(path.read_bytes(), kind) == before


def test_jpeg_stripped_of_everything_keeps_its_hash(portraits, exiftool, tmp_path):
    path = tmp_path / "a.jpg"
    data = (portraits / "grace_hopper.jpg").read_bytes()
    path.write_bytes(data)
    exiftool("-all=", str(path))
    stripped = path.read_bytes()
    assert len(stripped) < len(data)
    assert image_data_sha256(stripped, MediaType.JPEG) == image_data_sha256(data, MediaType.JPEG)


def test_jpeg_with_another_colour_transform_is_another_picture(portraits):
    with Image.open(portraits / "grace_hopper.jpg") as picture:
        out = io.BytesIO()
        picture.convert("CMYK").resize((64, 64)).save(out, "JPEG")
    data = out.getvalue()
    at = data.index(b"Adobe")
    changed = data[: at + 11] + bytes([data[at + 11] ^ 2]) + data[at + 12 :]
    assert image_data_sha256(changed, MediaType.JPEG) != image_data_sha256(data, MediaType.JPEG)


def test_metadata_may_be_anywhere_and_a_trailer_behind(encoded):
    data = encoded[MediaType.JPEG]
    at = data.index(b"\xff\xdb")
    comment = b"\xff\xfe\x00\x08hidden"
    changed = data[:at] + comment + b"\xff\xff\xff" + data[at:] + b"a film of a phone" + data
    assert image_data_sha256(changed, MediaType.JPEG) == image_data_sha256(data, MediaType.JPEG)
    assert jpeg_outline(changed).end == len(data) + len(comment) + 3


def test_png_cut_into_other_chunks_is_the_same_picture(encoded):
    data = encoded[MediaType.PNG]
    chunks, at = [], 8
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        chunks.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + length]))
        at += 12 + length
    joined = b"".join(body for kind, body in chunks if kind == b"IDAT")
    pieces = [(b"IDAT", joined[at : at + 1000]) for at in range(0, len(joined), 1000)]
    again = [chunks[0], (b"tEXt", b"Comment\0hello"), *pieces, (b"IEND", b"")]
    out = data[:8] + b"".join(
        len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big") for kind, body in again
    )
    with Image.open(io.BytesIO(out)) as a, Image.open(io.BytesIO(data)) as b:
        assert a.tobytes() == b.tobytes()
    assert image_data_sha256(out, MediaType.PNG) == image_data_sha256(data, MediaType.PNG)


def test_tiff_in_both_byte_orders_and_as_bigtiff(portraits):
    tifffile = pytest.importorskip("tifffile")
    with Image.open(portraits / "astronaut.png") as picture:
        import numpy

        samples = numpy.asarray(picture.convert("RGB").resize((80, 64)))
    hashes = set()
    for order, big, tile in (
        ("<", False, None),
        (">", False, None),
        ("<", True, None),
        (">", True, None),
        ("<", False, (16, 16)),
    ):
        out = io.BytesIO()
        tifffile.imwrite(out, samples, byteorder=order, bigtiff=big, tile=tile, photometric="rgb", metadata=None)
        found = image_data_sha256(out.getvalue(), MediaType.TIFF)
        hashes.add((found, tile))
        with tifffile.TiffFile(io.BytesIO(out.getvalue())) as again:
            assert again.byteorder == order and again.is_bigtiff == big
    assert len(hashes) == 2, "order and offsets do not matter, tiles do"


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_sample_changes_the_hash(kind, encoded):
    data = encoded[kind]
    before = image_data_sha256(data, kind).sha256
    # The middle of these files is coded data in every format.
    for at in (len(data) // 2, len(data) // 2 + 7, len(data) * 2 // 3):
        changed = data[:at] + bytes([data[at] ^ 0x01]) + data[at + 1 :]
        with contextlib.suppress(Malformed):  # PNG carries a checksum, which is better still
            assert image_data_sha256(changed, kind).sha256 != before


@pytest.mark.parametrize("kind", KINDS)
def test_torn_anywhere_is_told(kind, encoded):
    data = encoded[kind]
    # 60 places, more of them at both ends, where headers and tables are
    step = max(1, len(data) // 40)
    for cut in {*range(0, len(data), step), *range(10), *(len(data) - n for n in range(1, 12))}:
        with pytest.raises(Malformed, match=r"cut off|damaged"):
            image_data_sha256(data[:cut], kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_stream_and_bytes_agree(kind, encoded):
    assert image_data_sha256(io.BytesIO(encoded[kind]), kind) == image_data_sha256(memoryview(encoded[kind]), kind)


def test_a_marker_across_two_pieces_of_a_stream_is_seen():
    head = b"\xff\xd8\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
    for length in ((1 << 20) - 3, (1 << 20) - 2, (1 << 20) - 1, 1 << 20, (1 << 20) + 1):
        data = head + b"\x55" * length + b"\xff\xd9"
        found = image_data_sha256(io.BytesIO(data), MediaType.JPEG)
        assert found == image_data_sha256(data, MediaType.JPEG)
        own = hashlib.sha256(b"safelight-image-data/1 jpeg-scans\0" + data[2:-2])
        assert found.sha256 == own.hexdigest()


def test_other_raw_files_are_hashed_whole():
    assert image_data_sha256(b"anything", MediaType.NEF) == ("file", hashlib.sha256(b"anything").hexdigest())
    with pytest.raises(Malformed):
        image_data_sha256(b"", MediaType.NEF)


def test_small_files_cannot_cost_much():
    loop = b"II*\0" + struct.pack("<I", 8) + struct.pack("<HHHIII", 1, 256, 3, 1, 5, 8)
    with pytest.raises(Malformed, match="circle"):
        image_data_sha256(loop, MediaType.TIFF)
    strips = 20_000  # each strip the whole file
    at = 8 + 2 + 24 + 4
    tags = struct.pack("<HHHIIHHII", 2, 273, 4, strips, at, 279, 4, strips, at + 4 * strips)
    values = struct.pack("<I", 8) * strips + struct.pack("<I", 100_000) * strips
    with pytest.raises(Malformed, match="overlap"):
        image_data_sha256(b"II*\0\x08\0\0\0" + tags + bytes(4) + values, MediaType.TIFF)
    with pytest.raises(Malformed, match="segments"):
        image_data_sha256(b"\xff\xd8" + b"\xff\xfe\x00\x02" * 400_000 + b"\xff\xd9", MediaType.JPEG)


@given(st.sampled_from(sorted(KINDS)), st.binary(max_size=400), st.booleans())
def test_noise_never_escapes(kind, noise, headed):
    heads = {
        MediaType.JPEG: b"\xff\xd8\xff",
        MediaType.PNG: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        MediaType.TIFF: b"II*\0\x08\0\0\0",
        MediaType.DNG: b"MM\0*\0\0\0\x08",
        MediaType.WEBP: b"RIFF\x40\0\0\0WEBPVP8 ",
        MediaType.HEIC: b"\0\0\0\x10ftypheic\0\0\0\0\0\0\0\x60meta",
    }
    data = heads[kind] + noise if headed else noise
    with contextlib.suppress(Malformed):
        assert image_data_sha256(data, kind) == image_data_sha256(io.BytesIO(data), kind)


@given(st.data())
def test_bent_files_never_escape(encoded, data):
    kind = data.draw(st.sampled_from(sorted(KINDS)))
    bent = bytearray(encoded[kind])
    for _ in range(data.draw(st.integers(1, 6))):
        near = data.draw(st.integers(0, min(len(bent), 700) - 1))
        bent[near] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Malformed):
        image_data_sha256(bytes(bent), kind)

"""A camera picture is called one only where a camera or the photographer says so, and never what a machine made."""

from __future__ import annotations

import io
import zlib
from typing import Any

import pytest
from PIL import Image, PngImagePlugin, TiffImagePlugin

from safelight.domain.photo import MADE
from safelight.images.source_type import CAMERA, VOCABULARY, source_type

TRAINED = VOCABULARY + "trainedAlgorithmicMedia"
STATED = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:i="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" i:DigitalSourceType="%s"/>'
    "</rdf:RDF></x:xmpmeta>"
)


def camera_exif(**without: bool) -> Image.Exif:
    exif = Image.Exif()
    exif[271], exif[272] = "Lamp", "" if "model" in without else "Lamp X1"
    if "time" not in without:
        exif.get_ifd(34665)[36867] = "0000:00:00 00:00:00" if "no_time" in without else "2026:05:04 09:30:05"
    return exif


def picture(kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(out, kind, **options)
    return out.getvalue()


def with_segment(data: bytes, marker: int, body: bytes) -> bytes:
    return data[:2] + b"\xff" + bytes([marker]) + (len(body) + 2).to_bytes(2, "big") + body + data[2:]


def with_text(*texts: tuple[str, str], packed: bool = False, exif: Image.Exif | None = None) -> bytes:
    info = PngImagePlugin.PngInfo()
    for key, text in texts:
        info.add_text(key, text, zip=packed)
    return picture("PNG", pnginfo=info, exif=exif or Image.Exif())


def test_nothing_is_claimed_of_a_picture_without_camera_data() -> None:
    for kind in ("JPEG", "PNG", "WEBP", "TIFF"):
        assert source_type(picture(kind), f"image/{kind.lower()}") == ""
    for missing in ("model", "time", "no_time"):
        assert source_type(picture(exif=camera_exif(**{missing: True})), "image/jpeg") == ""
    assert source_type(b"torn", "image/jpeg") == ""
    assert source_type(b"anything", "image/heic") == ""


def test_camera_data_or_the_photographers_word_make_a_camera_picture() -> None:
    facts = TiffImagePlugin.ImageFileDirectory_v2()
    facts[271], facts[272], facts[34665] = "Lamp", "Lamp X1", {36867: "2026:05:04 09:30:05"}
    assert source_type(picture("TIFF", tiffinfo=facts), "image/tiff") == CAMERA
    for kind in ("JPEG", "PNG", "WEBP"):
        assert source_type(picture(kind, exif=camera_exif()), f"image/{kind.lower()}") == CAMERA, kind
        assert source_type(picture(kind), f"image/{kind.lower()}", "camera") == CAMERA
    assert source_type(b"anything", "image/heic", camera="Lamp X1") == CAMERA
    assert source_type(b"anything", "image/x-nikon-nef") == CAMERA


@pytest.mark.parametrize("word", [each for each in MADE if each != "camera"])
def test_another_word_of_the_photographer_counts_before_camera_data(word: str) -> None:
    assert source_type(picture(exif=camera_exif()), "image/jpeg", word) == VOCABULARY + MADE[word]


GENERATED = {
    "parameters": with_text(("parameters", "a portrait\nSteps: 20, Sampler: Euler a"), exif=camera_exif()),
    "packed": with_text(("Comment", "a portrait. Steps: 20, Sampler: Euler a"), packed=True, exif=camera_exif()),
    "workflow": with_text(("workflow", '{"nodes": []}'), exif=camera_exif()),
    "program": with_text(("Software", "NovelAI"), exif=camera_exif()),
    "long text": with_text(("Description", "x" * 60_000 + " made with Midjourney"), packed=True, exif=camera_exif()),
}


@pytest.mark.parametrize("name", GENERATED)
@pytest.mark.parametrize("word", ["", "camera"])
def test_signs_of_a_generator_take_the_claim_away(name: str, word: str) -> None:
    assert source_type(GENERATED[name], "image/png", word) == ""
    assert source_type(GENERATED[name], "image/png", "ai") == TRAINED


def test_signs_are_found_in_every_corner_of_a_jpeg() -> None:
    camera = picture(exif=camera_exif())
    wide = camera_exif()
    wide.get_ifd(34665)[37510] = b"UNICODE\0" + "cat. Steps: 30, Sampler: DPM++".encode("utf-16-le")
    program = camera_exif()
    program[305] = "Adobe Firefly 2"
    for data in (
        picture(exif=wide),
        picture(exif=program),
        with_segment(camera, 0xFE, b"created by DALL-E"),
        with_segment(camera, 0xED, b"Photoshop 3.0\0 Generated with AI"),
    ):
        assert source_type(data, "image/jpeg") == ""
        assert source_type(data, "image/jpeg", "camera") == ""


def test_what_the_file_states_is_kept() -> None:
    def stating(code: str, **options: Any) -> bytes:
        return picture(xmp=(STATED % code).encode(), **options)

    edited = VOCABULARY + "humanEdits"
    assert source_type(stating(edited), "image/jpeg") == edited
    assert source_type(stating(edited, exif=camera_exif()), "image/jpeg", "camera") == edited
    assert source_type(stating(VOCABULARY + "nonsense"), "image/jpeg") == ""
    assert source_type(stating("https://else.example/digitalCapture"), "image/jpeg") == ""


@pytest.mark.parametrize("word", ["", *MADE])
def test_a_stated_machine_outweighs_every_word(word: str) -> None:
    exif = camera_exif()
    both = VOCABULARY + "compositeWithTrainedAlgorithmicMedia"
    stated = picture(xmp=(STATED % TRAINED).encode(), exif=exif)
    assert source_type(stated, "image/jpeg", word) == TRAINED
    body = b"http://ns.adobe.com/xap/1.0/\0" + (STATED % TRAINED).encode("utf-16")
    wide = with_segment(picture(exif=exif), 0xE1, body)
    assert source_type(wide, "image/jpeg", word) == TRAINED
    credentials = b"JP\0\1\0\0\0\1\0\0\0\x99jumb" + b"...cbor..." + TRAINED.encode()
    assert source_type(with_segment(picture(exif=exif), 0xEB, credentials), "image/jpeg", word) == TRAINED
    # What the picture's own packet says is nearer than what an ingredient of its credentials says.
    near = with_segment(picture(xmp=(STATED % both).encode(), exif=exif), 0xEB, credentials)
    assert source_type(near, "image/jpeg", word) == both
    packed = b"iTXtXML:com.adobe.xmp\0\1\0\0\0" + zlib.compress((STATED % TRAINED).encode())
    png = picture("PNG", exif=exif)
    chunk = (len(packed) - 4).to_bytes(4, "big") + packed + zlib.crc32(packed).to_bytes(4, "big")
    assert source_type(png[:33] + chunk + png[33:], "image/png", word) == TRAINED
    assert source_type(b"ftypheic " + TRAINED.encode() + b" more", "image/heic", word, "Lamp X1") == TRAINED

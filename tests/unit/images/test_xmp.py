"""XMP goes in and out of files without touching the picture, and programs we did not write read every property."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import re
import struct
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from PIL import Image

from safelight.domain.errors import Malformed, WrongUsage
from safelight.images.imagehash import image_data_sha256
from safelight.images.rights_marks import RightsMarks, TrainingMarks
from safelight.images.xmp import find_xmp, takes_xmp
from safelight.images.xmp_packet import merge, read_marks
from support.xmp import embed_xmp

KINDS = {
    "jpg": "image/jpeg",
    "progressive.jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "lossless.webp": "image/webp",
    "tif": "image/tiff",
    "dng": "image/x-adobe-dng",
}
kinds = pytest.mark.parametrize("name", KINDS)
VOCABULARY = "http://ns.useplus.org/ldf/vocab/"


def marked(dirty_photos: dict[str, bytes], name: str, marks: RightsMarks) -> bytes:
    packet = merge(find_xmp(dirty_photos[name]), marks)
    return b"".join(embed_xmp(dirty_photos[name], KINDS[name], packet))


def expected_by_exiftool(marks: RightsMarks) -> dict[str, object]:
    return {
        "XMP-dc:Creator": list(marks.creator),
        "XMP-dc:Rights": marks.copyright_notice,
        "XMP-xmpRights:Marked": True,
        "XMP-xmpRights:UsageTerms": marks.usage_terms,
        "XMP-xmpRights:WebStatement": marks.web_statement,
        "XMP-photoshop:Credit": marks.credit_line,
        "XMP-photoshop:Instructions": marks.instructions,
        "XMP-plus:CopyrightOwner": [
            {"CopyrightOwnerID": marks.copyright_owner_id, "CopyrightOwnerName": marks.copyright_owner}
        ],
        "XMP-plus:Licensor": [{"LicensorName": marks.licensor_name, "LicensorEmail": marks.licensor_email}],
        "XMP-plus:ModelReleaseStatus": VOCABULARY + marks.model_release,
        "XMP-plus:ModelReleaseID": list(marks.receipts),
        "XMP-plus:MinorModelAgeDisclosure": VOCABULARY + marks.minor_age,
        "XMP-plus:DataMining": VOCABULARY + marks.data_mining,
        "XMP-plus:OtherConstraints": marks.other_constraints,
        "XMP-iptcExt:DigitalImageGUID": marks.guid,
        "XMP-iptcExt:DigitalSourceType": marks.source_type,
        "XMP-iptcExt:PersonInImage": list(marks.person_names),
        "XMP-iptcExt:PersonInImageWDetails": [{"PersonId": [each]} for each in marks.subjects],
        "XMP-iptcExt:RegistryID": [
            {"RegItemId": each, "RegOrgId": marks.copyright_owner_id} for each in marks.receipts
        ],
        "XMP-iptcExt:EmbdEncRightsExpr": [
            {
                "EncRightsExpr": marks.policy.decode(),
                "RightsExprEncType": "application/ld+json",
                "RightsExprLangId": "http://www.w3.org/ns/odrl/2/",
            }
        ],
        "XMP-iptcExt:LinkedEncRightsExpr": [
            {
                "LinkedRightsExpr": marks.policy_link,
                "RightsExprEncType": "application/ld+json",
                "RightsExprLangId": "http://www.w3.org/ns/odrl/2/",
            }
        ],
    }


def plus_codes_expanded(found: dict[str, object]) -> dict[str, object]:
    """What ExifTool shows of a PLUS code depends on whether its version knows it: the code or the whole IRI."""
    return {
        key: VOCABULARY + value if isinstance(value, str) and re.fullmatch(r"(MR|AG|DMI)-[A-Z0-9-]+", value) else value
        for key, value in found.items()
    }


@kinds
def test_exiftool_reads_every_property_equal(
    dirty_photos: dict[str, bytes], name: str, marks: RightsMarks, stock_tool: Callable[[str], str], tmp_path: Path
) -> None:
    path = tmp_path / f"photo.{name}"
    path.write_bytes(marked(dirty_photos, name, marks))
    command = [stock_tool("exiftool"), "-json", "-G1", "-struct", "-n", "-XMP:all", str(path)]
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)[0]
    found = plus_codes_expanded({key: value for key, value in found.items() if key.startswith("XMP-")})
    others = {"XMP-x:XMPToolkit", "XMP-xmp:Rating", "XMP-xmp:Label", "XMP-crs:Exposure2012"}
    assert {key: value for key, value in found.items() if key not in others} == expected_by_exiftool(marks)
    assert found["XMP-xmp:Rating"] == 4
    assert found["XMP-crs:Exposure2012"] == 0.35


@pytest.mark.parametrize("name", ["jpg", "png", "webp", "tif", "dng"])
def test_exiv2_reads_every_property_equal(
    dirty_photos: dict[str, bytes], name: str, marks: RightsMarks, stock_tool: Callable[[str], str], tmp_path: Path
) -> None:
    path = tmp_path / f"photo.{name}"
    path.write_bytes(marked(dirty_photos, name, marks))
    command = [stock_tool("exiv2"), "-q", "-PXkv", str(path)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    found = {line.split(maxsplit=1)[0]: line.split(maxsplit=1)[-1].strip() for line in lines}
    text = {
        "Xmp.dc.creator": marks.creator[0],
        "Xmp.dc.rights": f'lang="x-default" {marks.copyright_notice}',
        "Xmp.xmpRights.UsageTerms": f'lang="x-default" {marks.usage_terms}',
        "Xmp.xmpRights.WebStatement": marks.web_statement,
        "Xmp.photoshop.Credit": marks.credit_line,
        "Xmp.photoshop.Instructions": marks.instructions,
        "Xmp.plus.CopyrightOwner[1]/plus:CopyrightOwnerName": marks.copyright_owner,
        "Xmp.plus.Licensor[1]/plus:LicensorEmail": marks.licensor_email,
        "Xmp.plus.ModelReleaseStatus": VOCABULARY + marks.model_release,
        "Xmp.plus.ModelReleaseID": ", ".join(marks.receipts),
        "Xmp.plus.MinorModelAgeDisclosure": VOCABULARY + marks.minor_age,
        "Xmp.plus.DataMining": VOCABULARY + marks.data_mining,
        "Xmp.plus.OtherConstraints": f'lang="x-default" {marks.other_constraints}',
        "Xmp.iptcExt.DigImageGUID": marks.guid,
        "Xmp.iptcExt.DigitalSourceType": marks.source_type,
        "Xmp.iptcExt.PersonInImage": ", ".join(marks.person_names),
        "Xmp.iptcExt.PersonInImageWDetails[2]/Iptc4xmpExt:PersonId": marks.subjects[1],
        "Xmp.iptcExt.RegistryId[2]/Iptc4xmpExt:RegItemId": marks.receipts[1],
        "Xmp.iptcExt.EmbdEncRightsExpr[1]/Iptc4xmpExt:EncRightsExpr": marks.policy.decode(),
        "Xmp.iptcExt.LinkedEncRightsExpr[1]/Iptc4xmpExt:LinkedRightsExpr": marks.policy_link,
    }
    assert {key: found.get(key) for key in text} == text
    assert found["Xmp.xmp.Rating"] == "4"


@kinds
def test_the_picture_and_everything_else_stay(dirty_photos: dict[str, bytes], name: str, marks: RightsMarks) -> None:
    before, after = dirty_photos[name], marked(dirty_photos, name, marks)
    assert image_data_sha256(after, KINDS[name]) == image_data_sha256(before, KINDS[name])
    with Image.open(io.BytesIO(before)) as one, Image.open(io.BytesIO(after)) as other:
        assert one.tobytes() == other.tobytes()
        assert one.info.get("icc_profile") == other.info.get("icc_profile")
    assert b"SN-4711-BODY" in after  # adding is not cleaning
    assert read_marks(find_xmp(after) or b"") == dataclasses.replace(marks, training=TrainingMarks())


@kinds
def test_a_second_packet_takes_the_place_of_the_first(
    dirty_photos: dict[str, bytes], name: str, marks: RightsMarks
) -> None:
    packet = merge(None, marks)
    once = b"".join(embed_xmp(dirty_photos[name], KINDS[name], packet))
    assert find_xmp(once) == packet
    other = merge(None, dataclasses.replace(marks, guid="urn:uuid:other"))
    twice = b"".join(embed_xmp(once, KINDS[name], other))
    assert find_xmp(twice) == other
    if KINDS[name] != "image/tiff" and name != "dng":  # there the old one stays as dead bytes until cleaning
        assert twice.count(b"<x:xmpmeta") == 1


@kinds
def test_exiftool_can_check_the_file(
    dirty_photos: dict[str, bytes], name: str, marks: RightsMarks, stock_tool: Callable[[str], str], tmp_path: Path
) -> None:
    def complaints(data: bytes) -> set[str]:
        path = tmp_path / f"photo.{name}"
        path.write_bytes(data)
        command = [stock_tool("exiftool"), "-validate", "-warning", "-error", "-a", "-s3", str(path)]
        return set(subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines())

    assert {each for each in complaints(marked(dirty_photos, name, marks)) - complaints(dirty_photos[name])
            if "Warning" not in each and each != "OK"} == set()  # fmt: skip


def test_a_plain_webp_gets_the_header_its_picture_states(portraits: Path, marks: RightsMarks) -> None:
    for lossless in (True, False):
        out = io.BytesIO()
        with Image.open(portraits / "astronaut.png") as picture:
            picture.convert("RGBA" if lossless else "RGB").resize((301, 203)).save(out, "WEBP", lossless=lossless)
        plain = b"RIFF" + out.getvalue()[4:]
        marked_file = b"".join(embed_xmp(plain, "image/webp", merge(None, marks)))
        assert marked_file[12:16] == b"VP8X"
        with Image.open(io.BytesIO(plain)) as one, Image.open(io.BytesIO(marked_file)) as other:
            assert other.size == (301, 203)
            assert one.tobytes() == other.tobytes()


def test_packed_png_text_is_read_within_bounds(dirty_photos: dict[str, bytes], marks: RightsMarks) -> None:
    plain = dirty_photos["png"]

    def with_text(packed: bytes) -> bytes:
        body = b"iTXtXML:com.adobe.xmp\0\1\0\0\0" + packed
        chunk = (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
        return plain[:33] + chunk + plain[33:]

    packet = merge(None, marks)
    assert find_xmp(with_text(zlib.compress(packet))) == packet
    for hostile in (zlib.compress(bytes(80 << 20)), zlib.compress(packet)[:-9], b"junk"):
        with pytest.raises(Malformed):
            find_xmp(with_text(hostile))


@pytest.mark.parametrize("name", ["jpg", "png", "webp", "tif"])
def test_truncated_files_are_refused(dirty_photos: dict[str, bytes], name: str) -> None:
    data = dirty_photos[name]
    for length in (0, 1, 3, 7, 11, 20, 60):
        with pytest.raises(Malformed):
            embed_xmp(data[:length], KINDS[name], b"<x/>")


def test_lengths_that_lie_are_refused(dirty_photos: dict[str, bytes]) -> None:
    jpeg, png, webp, tiff = (dirty_photos[name] for name in ("jpg", "png", "webp", "tif"))
    lies = {
        "image/jpeg": [jpeg[:4] + b"\0\1" + jpeg[6:], b"\xff\xd8\xff\xd9", b"\xff\xd8" + b"\xff" * 50],
        "image/png": [png[:8] + b"\xff\xff\xff\xff" + png[12:], png[:8] + png[33:]],
        "image/webp": [webp[:4] + b"\xff\xff\xff\x7f" + webp[8:], webp[:16] + b"\xff\xff\xff\xff" + webp[20:]],
        "image/tiff": [tiff[:4] + b"\xff\xff\xff\xff" + tiff[8:], tiff[:4] + b"\0\0\0\0" + tiff[8:]],
    }
    for kind, files in lies.items():
        for hostile in files:
            with pytest.raises(Malformed):
                embed_xmp(hostile, kind, b"<x/>")


def test_a_packet_too_long_for_a_segment_is_refused(dirty_photos: dict[str, bytes]) -> None:
    with pytest.raises(Malformed):
        embed_xmp(dirty_photos["jpg"], "image/jpeg", b"x" * 70_000)


def test_a_bigtiff_is_not_changed_in_place() -> None:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "TIFF", big_tiff=True)
    with pytest.raises(Malformed, match="BigTIFF"):
        embed_xmp(out.getvalue(), "image/tiff", b"<x/>")


def test_other_kinds_take_nothing(marks: RightsMarks) -> None:
    assert not takes_xmp("image/heic")
    assert find_xmp(b"anything") is None
    with pytest.raises(WrongUsage):
        embed_xmp(b"anything", "image/x-nikon-nef", b"<x/>")


def test_tiff_directories_in_a_circle_are_refused(dirty_photos: dict[str, bytes]) -> None:
    from safelight.images.cleaning import clean

    data = bytearray(dirty_photos["tif"])
    order = "<" if data[:2] == b"II" else ">"
    (first,) = struct.unpack_from(order + "I", data, 4)
    (count,) = struct.unpack_from(order + "H", data, first)
    struct.pack_into(order + "I", data, first + 2 + 12 * count, first)
    with pytest.raises(Malformed):
        clean(bytes(data), "image/tiff")


@kinds
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_is_refused_or_marked(
    dirty_photos: dict[str, bytes], name: str, marks: RightsMarks, data: st.DataObject
) -> None:
    whole = bytearray(dirty_photos[name])
    head = st.integers(0, min(len(whole), 12_000) - 1)
    for at in data.draw(st.lists(st.one_of(head, st.integers(0, len(whole) - 1)), max_size=4)):
        whole[at] = data.draw(st.integers(0, 255))
    hostile = bytes(whole[: data.draw(st.one_of(st.none(), st.integers(0, len(whole))))])
    with contextlib.suppress(Malformed):
        find_xmp(hostile, KINDS[name])
    with contextlib.suppress(Malformed):
        packet = merge(None, marks)
        assert find_xmp(b"".join(embed_xmp(hostile, KINDS[name], packet)), KINDS[name]) == packet

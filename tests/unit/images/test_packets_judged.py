"""Whatever stood in the old XMP, programs we did not write read our marks in the new one, and nobody's secret.

Packets are made at random from the ways in which RDF has been written, then damaged; ExifTool and exiv2 (which holds
Adobe's toolkit) judge many of them at a time, because starting them costs more than reading.
"""

from __future__ import annotations

import dataclasses
import io
import json
import random
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from PIL import Image

from safelight.bundle.prepare import prepare_photo
from safelight.images.cleaning import listed, unwritable
from safelight.images.rights_marks import RightsMarks, TrainingMarks
from safelight.images.xmp import find_xmp
from safelight.images.xmp_packet import read_marks

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SPACES = {
    "xmp": "http://ns.adobe.com/xap/1.0/", "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    "dc": "http://purl.org/dc/elements/1.1/", "ext": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "tiff": "http://ns.adobe.com/tiff/1.0/", "exif": "http://ns.adobe.com/exif/1.0/", "odd": "urn:odd:",
    "xmpNote": "http://ns.adobe.com/xmp/note/", "crs": "http://ns.adobe.com/camera-raw-settings/1.0/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/", "pdf": "http://ns.adobe.com/pdf/1.3/",
}  # fmt: skip
SECRET = "SECRET4711"
ATTRIBUTES = (
    'xmp:Rating="3"', f'xmp:Label="{SECRET}"', 'plus:DataMining="http://ns.useplus.org/ldf/vocab/DMI-ALLOWED"',
    f'pdf:Author="{SECRET}"', 'crs:Exposure2012="+0.35"', f'odd:thing="{SECRET}"', 'exif:FNumber="28/10"',
    f'xmpNote:HasExtendedXMP="{SECRET}"', f'dc:title="{SECRET}"', 'xml:lang="de"',
    f'ext:DigitalSourceType="{SECRET}"', 'tiff:Orientation="6"', f'plus:ModelReleaseID="{SECRET}"',
)  # fmt: skip
ELEMENTS = (
    "<xmp:Rating>5</xmp:Rating>", "<xmp:Rating>5</xmp:Rating><xmp:Rating>2</xmp:Rating>",
    f"<plus:ModelReleaseID><R:Seq><R:li>{SECRET}</R:li></R:Seq></plus:ModelReleaseID>",
    "<plus:DataMining R:resource='http://ns.useplus.org/ldf/vocab/DMI-ALLOWED'/>",
    f"<dc:creator>{SECRET}</dc:creator>", f"<dc:creator><R:Bag><R:li>{SECRET}</R:li></R:Bag></dc:creator>",
    f"<dc:rights><R:Alt><R:li xml:lang='x-default'>{SECRET}</R:li><R:li xml:lang='de'>x</R:li></R:Alt></dc:rights>",
    f"<odd:deep R:parseType='Resource'><xmp:Rating>4</xmp:Rating><odd:in>{SECRET}</odd:in></odd:deep>",
    f"<odd:literal R:parseType='Literal'><b>{SECRET}</b></odd:literal>",
    f"<odd:list R:parseType='Collection'><odd:Item R:about='{SECRET}'/></odd:list>",
    "<xmp:CreateDate><R:Description><R:value>2026-05-04T09:30:05</R:value>"
    f"<odd:note>{SECRET}</odd:note></R:Description></xmp:CreateDate>",
    f"<exif:Flash R:parseType='Resource'><exif:Fired>True</exif:Fired></exif:Flash><odd:x R:nodeID='{SECRET}'/>",
    f"<exif:Flash exif:Fired='False' exif:Mode='{SECRET}'/>",
    "<exif:ISOSpeedRatings><R:Seq><R:li>400</R:li></R:Seq></exif:ISOSpeedRatings>",
    "<tiff:Orientation>6</tiff:Orientation>", "<!-- remark --><?target data?>", f"loose {SECRET}",
    f"<ext:PersonInImage><R:Bag><R:li>{SECRET}</R:li></R:Bag></ext:PersonInImage>",
    f"<ext:DigImageGUID R:ID='a1'>{SECRET}</ext:DigImageGUID>", f"<dc:description>{SECRET}</dc:description>",
    "<dc:format>image/jpeg</dc:format>", "<xmp:MetadataDate/>", "<photoshop:DateCreated>2026</photoshop:DateCreated>",
)  # fmt: skip
ABOUT = (
    'R:about=""', 'about=""', f'R:about="uuid:{SECRET}"', f'about="{SECRET}"', "", 'R:about="" about=""',
    'R:ID="a"', 'R:nodeID="n"', 'R:ID="a" R:about=""', 'ID="a"',
)  # fmt: skip


def made_packet(dice: random.Random) -> bytes:
    """One packet as some program, or no program, might have written it."""
    prefix = dice.choice(("rdf", "rdf", "r", "ns0"))
    nodes = []
    for number in range(dice.choice((1, 1, 2, 3))):
        attributes = dice.sample(ATTRIBUTES, dice.randint(0, 3))
        inside = "".join(dice.sample(ELEMENTS, dice.randint(0, 5)))
        about = dice.choice(ABOUT).replace('"a"', f'"a{number}"')
        kind = dice.choice(("R:Description",) * 6 + ("odd:Typed",))
        nodes.append(f"<{kind} {about} {' '.join(attributes)}>{inside}</{kind}>")
    spaces = " ".join(f'xmlns:{name}="{uri}"' for name, uri in SPACES.items())
    text = f'<R:RDF xmlns:R="{RDF}" {spaces}>{"".join(nodes)}</R:RDF>'
    text = text.replace("R:", f"{prefix}:").replace("xmlns:R=", f"xmlns:{prefix}=")
    if dice.random() < 0.8:
        text = f'<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="{SECRET}">{text}</x:xmpmeta>'
    if dice.random() < 0.1:
        text = dice.choice(('<!DOCTYPE x [<!ENTITY a "b">]>', '<?xml version="1.0"?>', "<!DOCTYPE x>")) + text
    if dice.random() < 0.6:
        text = f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>{text}{" " * 99}<?xpacket end="w"?>'
    data = text.encode(dice.choice(("utf-8",) * 6 + ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")))
    if dice.random() < 0.2:
        data = data[: dice.randrange(len(data))]
    if dice.random() < 0.2:
        spoiled = bytearray(data or b"x")
        spoiled[dice.randrange(len(spoiled))] = dice.randrange(256)
        data = bytes(spoiled)
    return data + dice.choice((b"", b"", b"\0", b"\n\n", b"<x/>"))


def photo(dice: random.Random, plain: bytes) -> bytes:
    """A JPEG with such a packet, sometimes with two, or with a second part as very long packets have it."""
    bodies = [b"http://ns.adobe.com/xap/1.0/\0" + made_packet(dice) for _ in range(dice.choice((1, 1, 1, 2)))]
    if dice.random() < 0.2:
        packet = made_packet(dice)
        head = b"0" * 32 + struct.pack(">II", len(packet), 0)
        bodies.append(b"http://ns.adobe.com/xmp/extension/\0" + head + packet)
    segments = b"".join(b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body for body in bodies)
    return plain[:2] + segments + plain[2:]


def judged_by_exiftool(exiftool: str, folder: Path) -> dict[str, dict[str, object]]:
    command = [exiftool, "-json", "-a", "-G1", "-struct", "-n", "-XMP:all", "-warning", "-error", str(folder)]
    seen = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return {Path(each["SourceFile"]).name: each for each in seen}


def judged_by_exiv2(exiv2: str, folder: Path) -> dict[str, dict[str, str]]:
    files = sorted(map(str, folder.iterdir()))
    done = subprocess.run([exiv2, "-q", "-PXkv", *files], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, dict[str, str]] = {}
    for line in done.stdout.splitlines():
        path, key, *value = line.split(maxsplit=2)
        found.setdefault(Path(path).name, {})[key] = "".join(value).strip()
    return found


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 1 << 32))
def test_both_judges_read_our_marks_and_no_secret(
    seed: int, marks: RightsMarks, stock_tool: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    dice = random.Random(seed)
    folder = tmp_path_factory.mktemp("judged")
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "green").save(out, "JPEG")
    ours = dataclasses.replace(marks, training=TrainingMarks())
    for number in range(40):
        data = photo(dice, out.getvalue())
        assert unwritable(data, "image/jpeg") == ""
        listed(data, "image/jpeg")
        after = b"".join(prepare_photo(data, "image/jpeg", marks, {}, None).parts)
        assert SECRET.encode() not in after and SECRET.encode("utf-16-le") not in after
        assert read_marks(find_xmp(after) or b"") == ours
        (folder / f"{number}.jpg").write_bytes(after)
    codes = "http://ns.useplus.org/ldf/vocab/"
    for name, seen in judged_by_exiftool(stock_tool("exiftool"), folder).items():
        assert not {"ExifTool:Warning", "ExifTool:Error"} & seen.keys(), (name, seen)
        assert str(seen["XMP-plus:DataMining"]).removeprefix(codes) == marks.data_mining.value
        assert seen["XMP-plus:ModelReleaseID"] == list(marks.receipts)
        assert seen["XMP-iptcExt:DigitalImageGUID"] == marks.guid
        assert seen["XMP-dc:Creator"] == list(marks.creator)
        assert seen["XMP-iptcExt:PersonInImage"] == list(marks.person_names)
        assert seen.get("IFD0:Orientation", seen.get("XMP-tiff:Orientation", 6)) == 6
    read = judged_by_exiv2(stock_tool("exiv2"), folder)
    assert len(read) == 40
    for name, found in read.items():
        assert found["Xmp.plus.DataMining"] == codes + marks.data_mining.value, name
        assert found["Xmp.plus.ModelReleaseID"] == ", ".join(marks.receipts)
        assert found["Xmp.iptcExt.DigImageGUID"] == marks.guid
        assert found["Xmp.dc.creator"] == marks.creator[0]

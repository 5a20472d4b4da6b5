"""A card as people bring it: sound photos, odd ones, and ones nobody can use. All that can leave leaves.

Real processes and stock tools; every input is made here.
"""

from __future__ import annotations

import io
import json
import shutil
import struct
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from support.found_studio import found_both

Run = Callable[..., subprocess.CompletedProcess[str]]
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XMP = b"http://ns.adobe.com/xap/1.0/\0"
TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
EXTENSION = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
CODES = "http://ns.useplus.org/ldf/vocab/"


def segment(marker: int, body: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body


def packet(inside: str, attributes: str = 'rdf:about=""') -> bytes:
    return XMP + (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}"><rdf:Description {attributes}>{inside}'
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def small(number: int) -> Image.Image:
    return Image.new("RGB", (96, 64), (number * 13 % 256, number * 29 % 256, 90))


def jpeg(number: int, *segments: bytes) -> bytes:
    out = io.BytesIO()
    small(number).save(out, "JPEG")
    data = out.getvalue()
    return data[:2] + b"".join(segments) + data[2:]


def tiff(number: int, **options: Any) -> bytes:
    out = io.BytesIO()
    small(number).save(out, "TIFF", **options)
    return out.getvalue()


def two_answers() -> bytes:
    numbers = ((256, 8), (257, 8), (258, 8), (259, 1), (262, 1), (273, 0), (277, 1), (278, 999), (278, 8), (279, 64))
    at = 8 + 2 + 12 * len(numbers) + 4
    table = b"".join(struct.pack("<HHII", tag, 4, 1, at if tag == 273 else value) for tag, value in numbers)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(numbers)) + table + bytes(4) + bytes(range(64))


def png(number: int, xmp: str, packed: bool) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", xmp, zip=packed)
    info.add_text("Author", "Berta Beispiel")
    out = io.BytesIO()
    small(number).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def critical(number: int) -> bytes:
    out = io.BytesIO()
    small(number).save(out, "PNG")
    kind = b"QaQa"
    return out.getvalue()[:33] + struct.pack(">I", 0) + kind + struct.pack(">I", zlib.crc32(kind)) + out.getvalue()[33:]


SIX = struct.pack(">HHIHH", 274, 3, 1, 6, 0)
LONG = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><!--{'Berta Beispiel ' * 90_000}--></x:xmpmeta>"
NAMED = packet("<p:Author>Berta Beispiel</p:Author>", 'xmlns:p="http://ns.adobe.com/pdf/1.3/"')
LEAVE = {
    "slash.jpg": jpeg(1, segment(0xE1, packet('<e:A/B xmlns:e="urn:e">1</e:A/B>'))),
    "cut.jpg": jpeg(2, segment(0xE1, packet("<a>1</a>")[:-20])),
    "stray.jpg": jpeg(3, segment(0xFE, b"Berta Beispiel"), b"\0 stray \xff\0"),
    "about.jpg": jpeg(4, segment(0xE1, packet("", 'about="" xmlns:m="http://ns.adobe.com/xap/1.0/" m:Rating="3"'))),
    "turned.jpg": jpeg(5, segment(0xE1, b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 2) + SIX * 2 + bytes(4))),
    "names.jpg": jpeg(6, segment(0xE1, NAMED)),
    "big.tif": tiff(7, big_tiff=True, tiffinfo={270: "Berta Beispiel"}),
    "packed.png": png(8, LONG, packed=True),
    "long.png": png(9, LONG * 4, packed=False),
    "made.jpg": jpeg(10, segment(0xE1, packet("", f'xmlns:i="{EXTENSION}" i:DigitalSourceType="{TRAINED}"'))),
}
STAY = {"two-answers.tif": two_answers(), "unknown-part.png": critical(11)}
LEFT_OUT = {"torn.jpg": jpeg(12)[:-200], "text.jpg": b"this is no picture at all, whatever it is called" * 9}


@pytest.fixture(scope="module")
def worked(safelight: Run, portraits: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The whole way from the card to the agency's disk; each step with its exit code and its JSON."""
    folder = tmp_path_factory.mktemp("hard")
    found_both(folder)
    card = folder / "card"
    card.mkdir()
    for name, data in (LEAVE | STAY | LEFT_OUT).items():
        (card / name).write_bytes(data)
    for name in ("grace_hopper.jpg", "astronaut.png"):
        shutil.copyfile(portraits / name, card / name)
    choice = {"answer": "yes", "territory": "EEA", "recipients": ["Agence Lumière"]}
    answers = {"format": "safelight-answers/1", "choices": {"use.editorial": choice}}
    (folder / "answers.json").write_text(json.dumps(answers))
    found: dict[str, Any] = {"folder": folder}

    def step(name: str, *arguments: str | Path, code: int = 0) -> None:
        place = ("--studio", folder / "studio", "--passphrase-file", folder / "passphrase", "--json")
        done = safelight(*place, *arguments)
        assert done.returncode == code, (arguments, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        found[name] = json.loads(done.stdout)

    step("subject", "subject", "add", "Spring", "Ada Muster")
    step("capture", "capture", "add", "Spring", card, "--subject", "Ada", code=4)
    typed = ("--typed", "Ada Muster", "--method", "paper")
    step("consent", "consent", "record", "Ada", "--choices", folder / "answers.json", *typed)
    export = ("export", "Spring", "--to", "Agence Lumière", "--use", "use.editorial", "--territory", "FR")
    step("dry run", *export, "--dry-run")
    step("export", *export, "-o", folder / "bundle.age")
    identity = ("--identity", folder / "agency.txt")
    step("extract", "bundle", "extract", folder / "bundle.age", "-o", folder / "out", *identity)
    return found


def test_what_cannot_be_used_is_named_and_everything_else_comes_in(worked: dict[str, Any]) -> None:
    assert {each["name"] for each in worked["capture"]["left_out"]} == set(LEFT_OUT)
    names = {each["name"] for each in worked["capture"]["added"]}
    assert names == {*LEAVE, *STAY, "grace_hopper.jpg", "astronaut.png"}
    assert {each["name"] for each in worked["capture"]["added"] if each["unwritable"]} == set(STAY)
    removable = {each["name"]: set(each["removable"]) for each in worked["capture"]["added"]}
    assert "XMP:Author" in removable["names.jpg"]
    assert "XMP" in removable["slash.jpg"] and "comment" in removable["stray.jpg"] and "text" in removable["packed.png"]


def test_who_stays_is_the_same_by_name_in_the_dry_run_and_the_export(worked: dict[str, Any]) -> None:
    for step in ("dry run", "export"):
        why = {each["name"]: (each["hold"], each["why"]) for each in worked[step]["out"]}
        assert why.keys() == STAY.keys()
        assert {hold for hold, _ in why.values()} == {"file-cannot-be-written"}
        assert "tag 278" in why["two-answers.tif"][1] and "QaQa" in why["unknown-part.png"][1]
        assert len(worked[step]["in"]) == len(LEAVE) + 2
    assert worked["dry run"]["in"] == worked["export"]["in"]


def test_both_stock_readers_read_our_marks_on_every_photo(
    worked: dict[str, Any], stock_tool: Callable[[str], str]
) -> None:
    photos = sorted((worked["folder"] / "out" / "photos").iterdir())
    assert len(photos) == len(LEAVE) + 2
    names = {each["guid"]: each["name"] for each in worked["capture"]["added"]}
    command = [stock_tool("exiftool"), "-json", "-a", "-G1", "-n", *map(str, photos)]
    seen = json.loads(subprocess.run(command, capture_output=True, check=False).stdout)
    turned, stated = {}, {}
    for each in seen:
        name = names[Path(each["SourceFile"]).stem]
        assert str(each["XMP-plus:DataMining"]).removeprefix(CODES).startswith("DMI-PROHIBITED")
        assert each["XMP-iptcExt:DigitalImageGUID"].endswith(Path(each["SourceFile"]).stem)
        assert "Beispiel" not in json.dumps(each)
        turned[name] = each.get("IFD0:Orientation", 1)
        stated[name] = each.get("XMP-iptcExt:DigitalSourceType")
    assert {name for name, turn in turned.items() if turn == 6} == {"turned.jpg"}
    # No camera data, nobody's word: nothing is claimed, and what the file states stands.
    assert {name: what for name, what in stated.items() if what} == {"made.jpg": TRAINED}
    command = [stock_tool("exiv2"), "-q", "-PXkv", *map(str, photos)]
    lines = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (lines.returncode, lines.stderr) == (0, "")
    assert lines.stdout.count("Xmp.plus.DataMining ") == len(photos)
    assert all(b"Beispiel" not in each.read_bytes() for each in photos)

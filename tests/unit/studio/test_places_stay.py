"""HEIC and raw files are not rewritten: one that tells a place stays, and its person gets a copy that does not.

The place is written where cameras and programs put it, and where no decoder looks for it.
"""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest
from PIL import Image

from safelight.domain.people import Subject
from safelight.domain.photo import Photo
from safelight.studio import intake
from safelight.studio.deliveries import GivenAs, deliver
from safelight.studio.exports import export_bundle
from support import archives
from support.negatives import made_dng
from support.shoot import Shoot, jpeg, said_yes

HEIC = Path(__file__).parents[1] / "capture" / "assets" / "hopper.heic"
TO, USE = "Prenzel", "use.portfolio"
IN_XMP = "-XMP-exif:GPSLatitude=48.137222", "-XMP-exif:GPSLongitude=11.575556"
IN_EXIF = ("-EXIF:GPSLatitude=48.137222", "-EXIF:GPSLatitudeRef=N", "-EXIF:GPSLongitude=11.575556",
           "-EXIF:GPSLongitudeRef=E")  # fmt: skip
WRITTEN = {"heic": {"exif": IN_EXIF, "xmp": IN_XMP}, "nef": {"exif": IN_EXIF, "xmp": IN_XMP}}


def take_in(shoot: Shoot, person: Subject, name: str, data: bytes) -> Photo:
    path = shoot.scratch / name
    path.write_bytes(data)
    taken = intake.capture_photos(shoot.studio, shoot.session, [path], person.id, shoot.decoders)[0]
    assert taken.left_out == ()
    return taken.added[0]


@pytest.fixture
def exiftool(stock_tool: Callable[[str], str]) -> Callable[..., str]:
    tool = stock_tool("exiftool")
    return lambda *arguments: subprocess.run([tool, *arguments], capture_output=True, text=True, check=True).stdout


@pytest.fixture
def bare(shoot: Shoot, exiftool: Callable[..., str], tmp_path: Path) -> dict[str, bytes]:
    """A HEIC and a raw file, by ending, in which nothing is private."""
    exiftool("-q", "-all=", "-o", tmp_path / "bare.heic", HEIC)
    picture = Image.open(io.BytesIO(jpeg(shoot.picture, 1)))
    return {"heic": (tmp_path / "bare.heic").read_bytes(), "nef": made_dng(jpeg(shoot.picture, 1), picture, b"")}


def places(exiftool: Callable[..., str], *files: Path) -> list[str]:
    told: list[dict[str, Any]] = json.loads(exiftool("-j", "-a", "-G1", "-ee", "-U", *files))
    return [name for each in told for name in each if "GPS" in name]


def pictures_of(bundle: Path, identity: str, folder: Path) -> list[Path]:
    plain = pyrage.decrypt(bundle.read_bytes(), [pyrage.x25519.Identity.from_str(identity)])
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        archives.unpack(tar, folder, [each for each in tar if each.name.startswith("photos/")])
    return sorted((folder / "photos").iterdir())


@pytest.mark.parametrize(("ending", "where"), [(ending, where) for ending in WRITTEN for where in WRITTEN[ending]])
def test_a_place_stays_wherever_it_is_written(
    shoot: Shoot, bare: dict[str, bytes], exiftool: Callable[..., str], tmp_path: Path, ending: str, where: str
) -> None:
    original = tmp_path / f"placed.{ending}"
    original.write_bytes(bare[ending])
    exiftool("-q", "-overwrite_original", *WRITTEN[ending][where], original)
    assert places(exiftool, original)
    _nothing_leaves(shoot, original, exiftool, tmp_path)


def test_a_place_stays_where_no_decoder_looks(
    shoot: Shoot, bare: dict[str, bytes], exiftool: Callable[..., str], tmp_path: Path
) -> None:
    original = tmp_path / "placed.heic"
    original.write_bytes(bare["heic"])
    exiftool("-q", "-overwrite_original", *IN_EXIF, original)
    data = original.read_bytes()
    assert data.count(b"cdsc") == 1
    original.write_bytes(data.replace(b"cdsc", b"wxyz"))  # the EXIF no longer says which picture it is of
    assert places(exiftool, original)
    _nothing_leaves(shoot, original, exiftool, tmp_path)


def _nothing_leaves(shoot: Shoot, original: Path, exiftool: Callable[..., str], folder: Path) -> None:
    ada = shoot.person()
    shoot.ask(ada, said_yes(USE, shoot.agencies[TO]))
    shoot.photo(ada)
    photo = take_in(shoot, ada, original.name, original.read_bytes())
    done, _ = export_bundle(shoot.studio, shoot.session, shoot.wish(TO, USE), folder / "b.age")
    assert [(each.photo, each.hold) for each in done.preview.held] == [(photo.guid, "metadata-stays-inside")]
    left = pictures_of(folder / "b.age", shoot.agencies[TO].identity, folder / "out")
    assert [each.suffix for each in left] == [".jpg"] and not places(exiftool, *left)
    given, _ = deliver(shoot.studio, ada, folder / "ada")
    copy = next(each for each in given.photos if each.photo == photo.guid)
    assert copy.given is GivenAs.COPY and "cannot be cleaned" in copy.why
    files = [each for each in (folder / "ada").iterdir() if each.suffix != ".pdf"]
    assert {each.suffix for each in files} == {".jpg"} and len(files) == 2 and not places(exiftool, *files)


def test_without_anything_private_they_leave_whole(
    shoot: Shoot, bare: dict[str, bytes], exiftool: Callable[..., str], tmp_path: Path
) -> None:
    ada = shoot.person()
    shoot.ask(ada, said_yes(USE, shoot.agencies[TO]))
    for ending, data in bare.items():
        take_in(shoot, ada, f"bare.{ending}", data)
    export_bundle(shoot.studio, shoot.session, shoot.wish(TO, USE), tmp_path / "b.age")
    left = pictures_of(tmp_path / "b.age", shoot.agencies[TO].identity, tmp_path / "out")
    given, _ = deliver(shoot.studio, ada, tmp_path / "ada")
    assert {each.given for each in given.photos} == {GivenAs.WHOLE}
    for files in (left, [each for each in (tmp_path / "ada").iterdir() if each.suffix != ".pdf"]):
        assert {each.read_bytes() for each in files if each.suffix in (".heic", ".nef")} == {*bare.values()}
        assert not places(exiftool, *(each for each in files if each.suffix != ".c2pa"))

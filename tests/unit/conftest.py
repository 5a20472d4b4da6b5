"""Photos as they come from cameras and editing programs: full of what must not leave the studio. Keys derived once."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy
import pytest
import tifffile
from PIL import Image, ImageCms

from safelight.domain.ids import Country, StudioId
from safelight.domain.people import Studio
from safelight.images.rights_marks import Allowed, RightsMarks, marks_for
from support.derived_keys import keys_derived_once

MEDIA_TYPES = {
    "jpg": "image/jpeg",
    "progressive.jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "lossless.webp": "image/webp",
    "tif": "image/tiff",
    "dng": "image/x-adobe-dng",
}
SECRETS = ("SN-4711-BODY", "SN-0815-LENS", "Grace Secret", "Olga Owner", "Geheimhausen", "48.137", "MAKERNOTESECRET")
"""Every dirty photo holds these somewhere; none may survive anywhere in the bytes."""

_DIRT = (
    "-EXIF:GPSLatitude=48.137222", "-EXIF:GPSLatitudeRef=N", "-EXIF:GPSLongitude=11.575556", "-EXIF:GPSLongitudeRef=E",
    "-EXIF:SerialNumber=SN-4711-BODY", "-EXIF:LensSerialNumber=SN-0815-LENS", "-EXIF:OwnerName=Olga Owner",
    "-EXIF:Artist=Olga Owner", "-EXIF:ImageDescription=Grace Secret", "-EXIF:UserComment=Grace Secret",
    "-EXIF:Orientation#=6", "-EXIF:ExposureTime=1/125", "-EXIF:FNumber=2.8", "-EXIF:ISO=400", "-EXIF:FocalLength=85",
    "-EXIF:Model=Lamp X1", "-EXIF:LensModel=85mm F1.8",
    "-XMP-exif:GPSLatitude=48.137222", "-XMP-aux:SerialNumber=SN-4711-BODY", "-XMP-exifEX:SerialNumber=SN-4711-BODY",
    "-XMP-aux:LensSerialNumber=SN-0815-LENS", "-XMP-iptcExt:PersonInImage=Grace Secret",
    "-XMP-dc:Title=Grace Secret", "-XMP-photoshop:Headline=Grace Secret", "-XMP-dc:Subject=Grace Secret",
    "-XMP-dc:Creator=Olga Owner", "-XMP-photoshop:City=Geheimhausen", "-XMP-plus:ModelReleaseStatus#=MR-UMR",
    "-XMP-mwg-rs:RegionName=Grace Secret", "-XMP-xmpMM:DocumentID=Olga Owner",
    "-XMP-xmp:Rating=4", "-XMP-crs:Exposure2012=0.35", "-XMP-xmp:Label=Select",
)  # fmt: skip
_IIM = ("-IPTC:City=Geheimhausen", "-IPTC:By-line=Olga Owner", "-IPTC:Caption-Abstract=Grace Secret")


@pytest.fixture(autouse=True)
def derived_once() -> Iterator[None]:
    """Opening a studio and typing a PIN derive each key once, except where the keys themselves are tested."""
    with keys_derived_once():
        yield


def small_jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.resize((80, 60)).save(out, "JPEG")
    return out.getvalue()


def _clean_originals(portraits: Path) -> dict[str, bytes]:
    with Image.open(portraits / "grace_hopper.jpg") as picture:
        grace = picture.convert("RGB")
    with Image.open(portraits / "astronaut.png") as picture:
        eileen = picture.convert("RGB")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x927C] = b"MAKERNOTESECRET" * 20
    made: dict[str, bytes] = {}

    def save(name: str, image: Image.Image, kind: str, **options: object) -> None:
        out = io.BytesIO()
        image.save(out, kind, icc_profile=profile, **options)
        made[name] = out.getvalue()

    save("jpg", grace, "JPEG", quality=92, exif=exif, comment=b"Grace Secret")
    save("progressive.jpg", eileen, "JPEG", progressive=True, exif=exif)
    save("png", eileen.crop((100, 0, 300, 200)), "PNG", exif=exif)
    save("webp", grace, "WEBP", exif=exif)
    save("lossless.webp", eileen.crop((100, 0, 300, 200)), "WEBP", lossless=True, exif=exif)
    save("tif", grace.crop((100, 100, 300, 300)), "TIFF", compression="tiff_lzw")
    out = io.BytesIO()
    with tifffile.TiffWriter(out) as tiff:
        extra = [(50706, 1, 4, b"\1\4\0\0", True), (50708, 2, 8, b"Lamp X1\0", True),
                 (50735, 2, 13, b"SN-4711-BODY\0", True), (50740, 1, 15, b"MAKERNOTESECRET", True)]  # fmt: skip
        small = numpy.asarray(eileen.resize((64, 64)))
        tiff.write(small, photometric="rgb", subifds=1, extratags=extra, metadata=None)
        raw = numpy.asarray(eileen.convert("L")).astype(numpy.uint16) * 16
        tiff.write(raw, photometric=32803, rowsperstrip=64, metadata=None,
                   extratags=[(33421, 3, 2, (2, 2), True), (33422, 1, 4, b"\0\1\1\2", True)])  # fmt: skip
    made["dng"] = out.getvalue()
    return made


@pytest.fixture(scope="session")
def dirty_photos(
    portraits: Path, stock_tool: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    """By name as in MEDIA_TYPES: real portraits with everything in their metadata that must not leave."""
    exiftool, folder = stock_tool("exiftool"), tmp_path_factory.mktemp("dirty")
    for name, data in _clean_originals(portraits).items():
        path = folder / f"photo.{name}"
        path.write_bytes(data)
        dirt = [*_DIRT, *(() if name.endswith(("webp", "png")) else _IIM)]
        if name.endswith("jpg"):
            thumbnail = folder / "thumbnail"
            with Image.open(path) as picture:
                thumbnail.write_bytes(small_jpeg(picture))
            dirt.append(f"-ThumbnailImage<={thumbnail}")
        if name.endswith(("jpg", "png")):
            dirt.append("-Comment=Grace Secret")
        done = subprocess.run(
            [exiftool, "-q", "-m", "-overwrite_original", *dirt, str(path)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    photos = {name: (folder / f"photo.{name}").read_bytes() for name in MEDIA_TYPES}
    photos["jpg"] += b"trailing Grace Secret"
    assert all(b"SN-4711-BODY" in data for data in photos.values())
    return photos


@pytest.fixture(scope="session")
def marks() -> RightsMarks:
    """Marks with every property filled, and characters XML cares about."""
    id = StudioId("3e6f2f9e-9a5d-4f5c-b1c9-1f3f5e2b7a01")
    studio = Studio(id, "Lampe & Söhne <Fotografie>", Country("DE"), "rights@lampe.example")
    return marks_for(
        "c1e4a0a6-2b7d-4d5e-8a43-51f1f0b6a2d7",
        studio,
        Allowed(frozenset({"use.portfolio"}), ("Portfolio",), "European Economic Area", None, 'Agentur "X"'),
        photographer="Zoë Ångström",
        subjects=["urn:uuid:9d9c3f1e-3f0b-4b59-9a0c-0d3a6f1f2b44", "urn:uuid:9d9c3f1e-3f0b-4b59-9a0c-0d3a6f1f2b45"],
        receipts=["0b8f6a52-5f5e-4c0e-9f0b-7e2f0d3f7a10", "0b8f6a52-5f5e-4c0e-9f0b-7e2f0d3f7a11"],
        ages=[33, 41],
        person_names=["Grace Hopper", "Ana María"],
        policy='{"@type":"odrl:Agreement","note":"<ü> & \\"quoted\\""}'.encode(),
        policy_link="https://lampe.example/policy/c1",
        web_statement="https://lampe.example/rights/c1",
        year=2026,
        source_type="http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
    )

"""Pictures to take in: real portraits in every format, a raw file made here, and files made to break decoders."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from safelight.capture.decoder_pool import DecoderPool
from safelight.images.media_type import MediaType
from support.negatives import made_dng

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def decoders() -> Iterator[DecoderPool]:
    with DecoderPool(workers=2) as room:
        yield room


@pytest.fixture(scope="session")
def encoded(portraits: Path) -> dict[MediaType, bytes]:
    """The same portrait in every format that is hashed by its coded data; HEIC is a file made with libheif and x265."""
    made = {MediaType.HEIC: (HERE / "assets" / "hopper.heic").read_bytes()}
    with Image.open(portraits / "grace_hopper.jpg") as picture:
        small = picture.convert("RGB").resize((256, 304))
    for kind, name, options in (
        (MediaType.JPEG, "JPEG", {"quality": 88}),
        (MediaType.PNG, "PNG", {}),
        (MediaType.TIFF, "TIFF", {"compression": "tiff_lzw"}),
        (MediaType.WEBP, "WEBP", {"quality": 80}),
    ):
        out = io.BytesIO()
        small.save(out, name, **options)
        made[kind] = out.getvalue()
    made[MediaType.DNG] = made_dng(made[MediaType.JPEG], small)
    return made


@pytest.fixture(scope="session")
def scan_bomb() -> bytes:
    """A progressive JPEG of some 600 KB whose last scan is repeated thousands of times."""
    return many_scans(8000, 3000)


@pytest.fixture(scope="session")
def make_scans() -> Callable[[int, int], bytes]:
    return many_scans


def many_scans(edge: int, times: int) -> bytes:
    out = io.BytesIO()
    Image.new("L", (edge, edge), 128).save(out, "JPEG", progressive=True, quality=30)
    data = out.getvalue()
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * times + b"\xff\xd9"


@pytest.fixture(scope="session")
def exiftool() -> Callable[..., None]:
    found = shutil.which("exiftool")
    if found is None:
        pytest.skip("exiftool is not installed")

    def run(*arguments: str) -> None:
        done = subprocess.run([found, "-q", "-overwrite_original", *arguments], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    return run


@pytest.fixture(scope="session")
def crafted() -> SimpleNamespace:
    """Small files that lie."""
    eps = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n(/etc/passwd) (r) file\nshowpage\n%%EOF\n"
    return SimpleNamespace(eps=eps)

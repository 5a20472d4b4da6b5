"""What handing on costs: a bundle beside `tar | age` on the same photos, and looking inside beside taking all out."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from safelight.bundle.credentials import CredentialSigner
from safelight.bundle.folder import extract_to_folder
from safelight.bundle.prepare import PreparedPhoto, prepare_photo
from safelight.bundle.reader import extract, read_metadata
from safelight.bundle.writer import write_bundle
from safelight.images.credentials import manifest_definition
from safelight.images.rights_marks import RightsMarks
from safelight.keys.certificates import DocumentSigner, new_studio_certificates
from support import bundle_parts as parts

CHECKOUT = Path(__file__).parents[2]
WORKER = """
import sys; sys.path[:0] = {path!r}
from safelight.bootstrap import tune_interpreter
tune_interpreter()
from pathlib import Path
from support import bundle_parts as parts
from safelight.bundle.reader import extract
folder = Path({folder!r})
parts.write(folder / "memory.age", [parts.Picture(each) for each in sorted(folder.glob("in/*.jpg"))])
extract(folder / "memory.age", [parts.IDENTITY], None, lambda member, stream: None)
"""


@pytest.fixture(scope="module")
def photos(full_size: bool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with ``in/``: 24 MP JPEGs of 14 MB each, 1 GiB of them or 84 MB."""
    if shutil.which("age") is None:
        pytest.skip("age is not installed here")
    folder = tmp_path_factory.mktemp("bundles")
    data = _camera_jpeg()
    (folder / "in").mkdir()
    for number in range(77 if full_size else 6):
        comment = b"\xff\xfe\x00\x06%04d" % number
        (folder / "in" / f"{number:03}.jpg").write_bytes(data[:2] + comment + data[2:])
    yield folder
    shutil.rmtree(folder)


def _marked(plan: Any, photos: Path) -> Any:
    """The plan with photos that are read from disk, cleaned, given XMP and signed, as an export does it."""
    signer = CredentialSigner(DocumentSigner(new_studio_certificates("Studio", "DE", datetime.now(UTC))))

    def prepare(source: Any, file: Path) -> Callable[[], PreparedPhoto]:
        marks = RightsMarks(f"urn:uuid:{source.guid}", ("A. Photographer",), "© Studio", usage_terms="As agreed.")
        definition = manifest_definition(marks, source.media_type, source.path, "1")
        return lambda: prepare_photo(file.read_bytes(), source.media_type, marks, definition, signer)

    files = sorted(photos.glob("in/*.jpg"))
    sources = [replace(each, prepare=prepare(each, file)) for each, file in zip(plan.photos, files, strict=True)]
    return replace(plan, photos=sources)


def _camera_jpeg() -> bytes:
    """One 24 MP JPEG with as much detail as a camera's, about 14 MB."""
    import io

    import numpy
    from PIL import Image

    rough = numpy.random.default_rng(7).integers(0, 256, (1000, 1500, 3), dtype=numpy.uint8)
    out = io.BytesIO()
    Image.fromarray(rough).resize((6000, 4000), Image.Resampling.BICUBIC).save(out, "JPEG", quality=97)
    noise = numpy.random.default_rng(8).bytes(max(0, 14_000_000 - out.tell()))
    # The rest of the size is a private segment, as cameras write them too.
    segments = (b"\xff\xe9" + (65_000).to_bytes(2, "big") + noise[at : at + 64_998].ljust(64_998, b"\0")
                for at in range(0, len(noise), 64_998))  # fmt: skip
    return out.getvalue()[:2] + b"".join(segments) + out.getvalue()[2:]


def _shell(script: str, *arguments: object) -> None:
    subprocess.run(["bash", "-o", "pipefail", "-ec", script, "-", *map(str, arguments)], check=True)


def test_writing_keeps_up_with_tar_and_age(
    photos: Path, full_size: bool, speed_ratio: Any, keep_figure: Callable[..., None]
) -> None:
    plan = _marked(parts.plan_for([parts.Picture(each) for each in sorted(photos.glob("in/*.jpg"))]), photos)
    recipients = [plan.manifest.recipient.id]
    ratio = speed_ratio(
        lambda: write_bundle(plan, photos / "ours.age", recipients=recipients, signer=parts.SIGNER),
        # The same promise: on the device when it returns.
        lambda: _shell('cd "$1"; tar c in | age -r "$2" > theirs.age; sync theirs.age', photos, recipients[0]),
        rounds=5 if full_size else 2,
    )
    keep_figure("bundle written / tar c | age -r with XMP and C2PA", ratio, "x its speed", ">= 0.5")
    assert ratio >= (0.5 if full_size else 0.1)


def test_reading_keeps_up_with_age_and_tar(
    photos: Path, full_size: bool, speed_ratio: Any, median_seconds: Any, keep_figure: Callable[..., None]
) -> None:
    parts.write(photos / "bundle.age", [parts.Picture(each) for each in sorted(photos.glob("in/*.jpg"))])
    (photos / "key.txt").write_text(parts.IDENTITY + "\n")

    def ours() -> None:
        shutil.rmtree(photos / "out", ignore_errors=True)
        extract_to_folder(photos / "bundle.age", [parts.IDENTITY], photos / "out", parts.SIGNER.public_ssh)

    def theirs() -> None:
        _shell('cd "$1"; rm -rf stock; mkdir stock; age -d -i key.txt bundle.age | tar x -C stock', photos)

    ratio = speed_ratio(ours, theirs, rounds=5 if full_size else 2)
    keep_figure("bundle extracted / age -d | tar x", ratio, "x its speed", ">= 0.4")
    assert ratio >= (0.4 if full_size else 0.1)

    whole = median_seconds(
        lambda: extract(photos / "bundle.age", [parts.IDENTITY], parts.SIGNER.public_ssh, lambda *_: None), 3
    )
    look = median_seconds(lambda: read_metadata(photos / "bundle.age", [parts.IDENTITY], parts.SIGNER.public_ssh), 9)
    keep_figure("looking inside / reading all of a bundle", 100 * look / whole, "%", "< 1 at 1 GiB")
    assert look < whole * (0.01 if full_size else 0.25)


def test_memory_is_flat(
    photos: Path, peak_memory: Callable[[Sequence[str]], int], keep_figure: Callable[..., None]
) -> None:
    path = [str(CHECKOUT / "app"), str(CHECKOUT / "tests")]
    peak = peak_memory([sys.executable, "-c", WORKER.format(path=path, folder=str(photos))])
    keep_figure("peak memory of writing and reading a bundle", peak / 2**20, "MiB", "< 300")
    assert peak < 300 * 2**20

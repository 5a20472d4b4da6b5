"""What taking photos in costs, beside a checksum, an encryption and a thumbnail by stock programs on the same files."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from safelight.capture.decoder_pool import DecoderPool
from safelight.domain.ids import Country, Language, SubjectId
from safelight.domain.people import Role, Subject
from safelight.keys.age_identity import new_age_identity
from safelight.keys.passphrases import FLOOR_COST
from safelight.keys.sealing import age_recipient
from safelight.studio import founding, sessions, subjects
from safelight.studio.intake import capture_photos
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.staff import add_staff
from support.exposures import exposure

CHECKOUT = Path(__file__).parents[2]
PASSPHRASE = "a passphrase for tests alone"
THUMBNAIL = """
import sys
from PIL import Image, ImageOps
with Image.open(sys.argv[1]) as picture:
    picture.draft("RGB", (512, 512))
    picture.thumbnail((256, 256))
    ImageOps.exif_transpose(picture).save(sys.argv[2], "JPEG", quality=85)
"""
WORKER = """
import sys; sys.path[:0] = {path!r}
sys.setswitchinterval(0.0005)
from pathlib import Path
from safelight.capture.decoder_pool import DecoderPool
from safelight.studio.founding import open_studio
from safelight.studio.intake import capture_photos
with open_studio(Path(sys.argv[1]), {passphrase!r}) as studio, DecoderPool() as decoders:
    (session,) = studio.archive.sessions.list()
    (person,) = studio.archive.subjects.ids(session.id)
    taken, _ = capture_photos(studio, session, [Path(each) for each in sys.argv[2:]], person, decoders)
    assert len(taken.added) == len(sys.argv) - 2, taken.left_out
"""


@pytest.fixture(scope="module")
def card(full_size: bool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, ...]]:
    """Different 24 MP JPEGs of about 14 MB, as a camera would leave them."""
    if shutil.which("age") is None:
        pytest.skip("age is not installed here")
    folder = tmp_path_factory.mktemp("card")
    data = camera_jpeg()
    for number in range(24 if full_size else 6):
        (folder / f"{number:03}.jpg").write_bytes(exposure(data, number))
    yield tuple(sorted(folder.glob("*.jpg")))
    shutil.rmtree(folder)


def camera_jpeg() -> bytes:
    """One 24 MP JPEG with as much detail as a camera's."""
    import numpy
    from PIL import Image

    noise = numpy.tile(numpy.random.default_rng(1).normal(0, 14, (1000, 1500, 3)).astype(numpy.int16), (4, 4, 1))
    slope = numpy.linspace(40, 215, 6000, dtype=numpy.int16)[None, :, None]
    out = io.BytesIO()
    Image.fromarray((noise + slope).clip(0, 255).astype(numpy.uint8)).save(out, "JPEG", quality=88, subsampling=2)
    return out.getvalue()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A studio with a session and one person."""
    folder = tmp_path_factory.mktemp("template") / "studio"
    wanted = founding.Founding("Lampe", "DE", "rights@lampe.example")
    with founding.found_studio(folder, wanted, PASSPHRASE, cost=FLOOR_COST) as studio:
        kim, _ = add_staff(studio, "Kim", frozenset({Role.PHOTOGRAPHER}))
        session, _ = sessions.new_session(
            studio, sessions.NewSession("Spring", "Acme", "Berlin", "DE", studio.today(), kim.id)
        )
        person = Subject(SubjectId(new_id()), "Ada", Language("en"), Country("DE"))
        subjects.add_subject(studio, session, person)
    return folder


def test_taking_in_beside_stock_programs(
    card: Sequence[Path],
    template: Path,
    tmp_path: Path,
    full_size: bool,
    speed_ratio: Callable[..., float],
    keep_figure: Callable[[str, float, str, str], None],
) -> None:
    before, rounds = sys.getswitchinterval(), 5 if full_size else 2
    sys.setswitchinterval(0.0005)  # as the program sets it at its start
    waiting = [opened(template, tmp_path / f"studio-{number}") for number in range(rounds + 1)]
    recipient = age_recipient(new_age_identity())
    folder = tmp_path / "theirs"

    def ours() -> None:
        with waiting.pop() as studio, DecoderPool() as decoders:
            (session,) = studio.archive.sessions.list()
            (person,) = studio.archive.subjects.ids(session.id)
            taken, _ = capture_photos(studio, session, card, person, decoders)
        assert len(taken.added) == len(card), taken.left_out

    def one(path: Path) -> None:
        commands: tuple[list[Any], ...] = (
            ["sha256sum", path],
            ["age", "-r", recipient, "-o", folder / f"{path.stem}.age", path],
            [sys.executable, "-c", THUMBNAIL, path, folder / path.name],
        )
        for argv in commands:
            subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)

    def theirs() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        with ThreadPoolExecutor(2) as two:
            list(two.map(one, card))

    ratio = speed_ratio(ours, theirs, rounds=rounds)
    sys.setswitchinterval(before)
    keep_figure(f"taking in {len(card)} JPEGs of 24 MP, beside sha256sum, age and Pillow", ratio, "x", ">= 0.5")
    assert ratio >= (0.5 if full_size else 0.35)


def opened(template: Path, folder: Path) -> OpenStudio:
    shutil.copytree(template, folder)
    return founding.open_studio(folder, PASSPHRASE)


def test_memory_does_not_grow_with_the_card(
    card: Sequence[Path],
    template: Path,
    tmp_path: Path,
    peak_memory: Callable[[Sequence[str]], int],
    keep_figure: Callable[[str, float, str, str], None],
) -> None:
    program = WORKER.format(path=[str(CHECKOUT / "app")], passphrase=PASSPHRASE)

    def peak(count: int) -> int:
        studio = tmp_path / f"studio-{count}"
        shutil.copytree(template, studio)
        return peak_memory([sys.executable, "-c", program, str(studio), *map(str, card[:count])])

    few, many = peak(len(card) // 3), peak(len(card))
    keep_figure("memory of taking in three times as many photos", many / few, "x", "<= 1.25")
    assert many < few * 1.25

"""How soon 100 % of a frame is there, from the sealed original: the first time, elsewhere on it, and once more."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from safelight.capture.decoder_pool import DecoderPool
from safelight.domain.ids import PhotoGuid
from safelight.domain.people import Role
from safelight.domain.photo import Box
from safelight.keys.passphrases import FLOOR_COST
from safelight.studio import founding, sessions
from safelight.studio.intake import capture_photos
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.pictures import region, thumbnails
from safelight.studio.staff import add_staff

FRAMES = 5
VIEW = (900, 1000)


@dataclass
class Shot:
    """An open studio with a few large frames."""

    studio: OpenStudio
    decoders: DecoderPool
    frames: list[PhotoGuid]
    originals: list[bytes]

    def look(self, number: int, left: int = 2400, top: int = 1200) -> bytes:
        return region(self.studio, self.decoders, self.frames[number], Box(left, top, *VIEW), 1.0)


@pytest.fixture(scope="module")
def shot(full_size: bool, tmp_path_factory: pytest.TempPathFactory, portraits: Path) -> Iterator[Shot]:
    """24 MP each, 6 MP in an ordinary run; a real portrait with the grain of a sensor."""
    folder = tmp_path_factory.mktemp("regions")
    size = (6000, 4000) if full_size else (3000, 2000)
    with Image.open(portraits / "grace_hopper.jpg") as portrait:
        large = portrait.convert("RGB").resize(size, Image.Resampling.BICUBIC)
    grain = Image.effect_noise(size, 24).convert("RGB")
    large = Image.blend(large, grain, 0.2)
    for number in range(FRAMES):
        large.putpixel((number, 0), (255, 255, 255))
        large.save(folder / f"{number}.jpg", "JPEG", quality=90)
    wanted = founding.Founding("Nordlicht", "DE", "privacy@nordlicht.example", "Lindenallee 4, Berlin")
    with founding.found_studio(folder / "studio", wanted, "a passphrase for tests alone", cost=FLOOR_COST) as studio:
        kim, _ = add_staff(studio, "Kim", frozenset({Role.PHOTOGRAPHER}), None)
        new = sessions.NewSession("Spring", "Nordwind", "Berlin", "DE", studio.today(), kim.id)
        session, _ = sessions.new_session(studio, new)
        with DecoderPool(workers=1) as decoders:
            files = sorted(folder.glob("*.jpg"))
            taken, _ = capture_photos(studio, session, files, None, decoders)
            assert len(taken.added) == FRAMES
            frames = [each.guid for each in taken.added]
            yield Shot(studio, decoders, frames, [each.read_bytes() for each in files])


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def decoded_here(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        picture.crop((0, 0, *VIEW)).save(io.BytesIO(), "JPEG", quality=92)


def test_full_size_of_a_frame(shot, keep_figure, full_size):
    shot.look(0)  # the worker starts: it has at the first key of a day
    first = [milliseconds(partial(shot.look, number)) for number in range(1, FRAMES)]
    plain = [milliseconds(partial(decoded_here, shot.originals[number])) for number in range(1, FRAMES)]
    again = [milliseconds(partial(shot.look, FRAMES - 1, at, at)) for at in range(0, 1000, 100)]
    back = milliseconds(lambda: shot.look(FRAMES - 2))
    slow, base, quick = statistics.median(first), statistics.median(plain), statistics.median(again)
    keep_figure("100 % of a frame, from the sealed original", slow, "ms", "< 600")
    keep_figure("100 % of a frame against decoding the open file here", slow / base, "times", "< 4")
    keep_figure("another part of it", quick, "ms", "< 100")
    keep_figure("the frame before it again", back, "ms", "< 100")
    assert slow / base < 4
    assert quick < slow
    if full_size:
        assert slow < 600 and quick < 100 and back < 100


def test_a_page_of_thumbnails_is_one_question(shot, keep_figure):
    page = [shot.frames[number % FRAMES] for number in range(FRAMES)]
    thumbnails(shot.studio, page)
    one = [milliseconds(lambda: thumbnails(shot.studio, page)) for _ in range(20)]
    each = [milliseconds(lambda: [shot.studio.archive.photos.thumbnail(guid) for guid in page]) for _ in range(20)]
    ratio = min(each) / min(one)
    keep_figure("thumbnails at once against one by one", ratio, "times faster", "> 2")
    assert ratio > 2

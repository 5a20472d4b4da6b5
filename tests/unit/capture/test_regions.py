"""100 % of a picture: the right part, upright, in sRGB, within the limits, and quickly once it is decoded."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Iterator
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from safelight.capture.decoder_pool import DecoderPool, Limits, Whole
from safelight.capture.developing import TURNS
from safelight.capture.regions import stored_box
from safelight.domain.errors import Malformed, WrongUsage
from safelight.domain.photo import Box, upright_size
from safelight.images.media_type import MediaType
from support.sampling import examples


@pytest.fixture
def pool() -> Iterator[DecoderPool]:
    with DecoderPool(workers=1) as made:
        yield made


def chequered(width: int = 400, height: int = 300) -> Image.Image:
    """A picture of which every block of 20 pixels has a colour of its own."""
    made = Image.new("RGB", (width, height))
    for x in range(0, width, 20):
        for y in range(0, height, 20):
            made.paste((x * 255 // width, y * 255 // height, (x + y) % 200), (x, y, x + 20, y + 20))
    return made


def written(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def opened(jpeg: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(jpeg))
    picture.load()
    return picture


def difference(one: Image.Image, other: Image.Image) -> float:
    assert one.size == other.size
    a, b = (picture.convert("RGB").tobytes() for picture in (one, other))
    return sum(abs(x - y) for x, y in zip(a, b, strict=True)) / len(a)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_part_is_cut_from_the_picture_as_it_is_seen(pool, orientation):
    stored = chequered()
    turn = TURNS.get(orientation)
    upright = stored if turn is None else stored.transpose(turn)
    assert upright.size == upright_size(*stored.size, orientation)
    whole = Whole("one", MediaType.PNG, *stored.size, orientation)
    part = opened(pool.region(whole, lambda: written(stored), Box(40, 100, 120, 60), 1.0))
    assert difference(part, upright.crop((40, 100, 160, 160))) < 3
    half = opened(pool.region(whole, lambda: b"", Box(40, 100, 120, 60), 0.5))
    assert difference(half, upright.crop((40, 100, 160, 160)).resize((60, 30), Image.Resampling.BICUBIC)) < 4


@given(
    orientation=st.integers(1, 8), size=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    place=st.tuples(*[st.integers(0, 39)] * 4),
)  # fmt: skip
@settings(max_examples=examples(60, 1000), deadline=None)
def test_every_box_is_found_again_in_the_stored_picture(orientation, size, place):
    made = Image.new("L", size)
    made.frombytes(bytes((x * 7 + y * 31) % 256 for y in range(size[1]) for x in range(size[0])))
    turn = TURNS.get(orientation)
    upright = made if turn is None else made.transpose(turn)
    box = Box(place[0], place[1], place[2] + 1, place[3] + 1).within(upright.size)
    if box is None:
        return
    there = stored_box(box, size, orientation)
    cut = made.crop((there.left, there.top, there.left + there.width, there.top + there.height))
    cut = cut if turn is None else cut.transpose(turn)
    seen = upright.crop((box.left, box.top, box.left + box.width, box.top + box.height))
    assert cut.size == seen.size and cut.tobytes() == seen.tobytes()


def test_the_original_is_asked_for_once_and_three_pictures_stay_open(pool):
    asked: list[str] = []

    def look(key: str) -> None:
        def original() -> bytes:
            asked.append(key)
            return written(chequered())

        pool.region(Whole(key, MediaType.PNG, 400, 300, 1), original, Box(0, 0, 50, 50), 1.0)

    for key in ("a", "a", "b", "c", "a", "b", "c"):
        look(key)
    assert asked == ["a", "b", "c"]
    (pid,) = pool.pids
    os.kill(pid, signal.SIGKILL)
    look("a")
    assert asked == ["a", "b", "c", "a"], "a worker that died is replaced, and what it held is sent again"
    pool.forget()
    assert pool.pids == ()
    look("a")
    assert asked[-1] == "a" and len(asked) == 5


def red_for_green() -> bytes:
    """A colour profile in which red and green have changed places."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes().replace(b"sRGB", b"swap"))
    tags = int.from_bytes(profile[128:132], "big")
    place = {bytes(profile[132 + 12 * n : 136 + 12 * n]): 136 + 12 * n for n in range(tags)}
    red, green = place[b"rXYZ"], place[b"gXYZ"]
    profile[red : red + 8], profile[green : green + 8] = profile[green : green + 8], profile[red : red + 8]
    return bytes(profile)


def test_a_part_is_in_srgb(pool):
    plain = Image.new("RGB", (64, 64), (200, 40, 40))
    data = written(plain, icc_profile=red_for_green())
    part = opened(pool.region(Whole("p", MediaType.PNG, 64, 64, 1), lambda: data, Box(0, 0, 64, 64), 1.0))
    assert difference(part, Image.new("RGB", (64, 64), (40, 200, 40))) < 3


def test_a_raw_file_is_looked_at_in_its_preview(pool, encoded):
    pytest.importorskip("rawpy")
    whole = Whole("raw", MediaType.DNG, 128, 96, 6)
    part = opened(pool.region(whole, lambda: encoded[MediaType.DNG], Box(0, 0, 96, 128), 1.0))
    assert part.size == (96, 128)


@pytest.mark.parametrize("box", [Box(400, 0, 10, 10), Box(0, 0, 0, 10), Box(-20, -20, 10, 10)])
def test_a_place_beside_the_picture_is_refused_without_opening_it(pool, box):
    with pytest.raises(WrongUsage):
        pool.region(Whole("one", MediaType.PNG, 400, 300, 1), pytest.fail, box, 1.0)


@pytest.mark.parametrize("scale", [0.0, -1.0, float("nan"), float("inf"), 20.0])
def test_no_part_is_larger_than_a_screen(pool, scale):
    with pytest.raises(WrongUsage):
        pool.region(Whole("one", MediaType.PNG, 400, 300, 1), pytest.fail, Box(0, 0, 400, 300), scale)


def test_a_box_over_the_edge_gives_what_is_there(pool):
    whole = Whole("one", MediaType.PNG, 400, 300, 1)
    part = opened(pool.region(whole, lambda: written(chequered()), Box(-20, 280, 100, 100), 1.0))
    assert part.size == (80, 20)


def test_what_breaks_a_decoder_is_told_and_the_next_picture_goes_on(encoded, scan_bomb):
    with DecoderPool(workers=1, limits=Limits(pixels=1_000_000)) as small:
        broken = Whole("x", MediaType.JPEG, 256, 304, 1)
        for bad, size in ((b"\xff\xd8\xff nothing", (256, 304)), (scan_bomb, (8000, 8000)), (b"", (256, 304))):
            whole = Whole("x", MediaType.JPEG, *size, 1)
            with pytest.raises(Malformed, match="DSC") as told:
                small.region(whole, partial(bytes, bad), Box(0, 0, 50, 50), 1.0, name="DSC_1.jpg")
            assert told.value.hint
        good = small.region(broken, lambda: encoded[MediaType.JPEG], Box(0, 0, 50, 50), 1.0)
        assert opened(good).size == (50, 50)
        large = Whole("big", MediaType.PNG, 1200, 1200, 1)
        with pytest.raises(Malformed, match="1 million"):
            small.region(large, lambda: written(Image.new("RGB", (1200, 1200))), Box(0, 0, 9, 9), 1.0)

"""Ink: InkML that an XML parser understands, a reader that takes nothing else, and a picture of it."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from safelight.capture.ink import InkPoint, ink_png, inkml, read_inkml
from safelight.demo.drawn.signature import drawn_signature
from safelight.domain.errors import Malformed, WrongUsage

INKML = "{http://www.w3.org/2003/InkML}"


def rounded(point: InkPoint) -> InkPoint:
    return InkPoint(round(point.x, 2), round(point.y, 2), round(point.pressure, 3), point.t, point.tilt_x, point.tilt_y)


@st.composite
def inks(draw):
    tilted = draw(st.booleans())
    place = st.floats(-5000, 5000, allow_nan=False)
    time, strokes = 0, []
    for _ in range(draw(st.integers(0, 4))):
        stroke = []
        for _ in range(draw(st.integers(1, 6))):
            time += draw(st.integers(0, 50))
            tilt = (float(draw(st.integers(-60, 60))), float(draw(st.integers(-60, 60)))) if tilted else (None, None)
            stroke.append(rounded(InkPoint(draw(place), draw(place), draw(st.floats(0, 1)), time, *tilt)))
        strokes.append(tuple(stroke))
    return tuple(strokes)


@given(inks())
def test_what_is_written_is_read(strokes):
    data = inkml(strokes)
    assert read_inkml(data) == strokes
    assert inkml(read_inkml(data)) == data


def test_an_xml_parser_sees_inkml():
    strokes = drawn_signature(1, "Ana Sousa")
    root = etree.fromstring(inkml(strokes))
    assert root.tag == f"{INKML}ink"
    channels = [channel.get("name") for channel in root.iter(f"{INKML}channel")]
    assert channels == ["X", "Y", "F", "T"]
    traces = list(root.iter(f"{INKML}trace"))
    assert len(traces) == len(strokes)
    first = [float(number) for number in (traces[0].text or "").split(",")[0].split()]
    assert first == [strokes[0][0].x, strokes[0][0].y, strokes[0][0].pressure, strokes[0][0].t]


def test_anything_else_is_refused():
    good = inkml(drawn_signature(1, "Ana"))
    for bad in (
        b"",
        b"<ink/>",
        good[:-1],
        good + b" ",
        good.replace(b"\n", b"\r\n"),
        good.replace(b"<ink ", b"<!DOCTYPE a [<!ENTITY b 'c'>]><ink "),
        good.replace(b'units="ms"', b'units="s"'),
        re.sub(rb'pen">(\d)', rb'pen">0\1', good, count=1),
        re.sub(rb'pen">\S+', rb'pen">1e9', good, count=1),
        good.decode().encode("utf-16"),
    ):
        with pytest.raises(Malformed):
            read_inkml(bad)


@given(st.data())
def test_every_changed_byte_is_seen(data):
    good = inkml(drawn_signature(2, "Bo"))
    at = data.draw(st.integers(0, len(good) - 1))
    value = data.draw(st.integers(0, 255))
    bent = good[:at] + bytes([value]) + good[at + 1 :]
    try:
        read = read_inkml(bent)
    except Malformed:
        return
    assert inkml(read) == bent


def test_numbers_that_are_none():
    for point in (
        InkPoint(float("nan"), 0, 0.5, 0),
        InkPoint(0, float("inf"), 0.5, 0),
        InkPoint(0, 0, 1.5, 0),
        InkPoint(0, 0, 0.5, -1),
        InkPoint(0, 0, 0.5, 0, 1.0, None),
    ):
        with pytest.raises(WrongUsage):
            inkml(((point,),))
    with pytest.raises(WrongUsage):
        inkml(((),))
    with pytest.raises(WrongUsage):
        inkml(((InkPoint(0, 0, 0.5, 5),), (InkPoint(0, 0, 0.5, 4),)))


def test_the_picture_fits_and_shows_ink():
    data = ink_png(drawn_signature(3, "Mei Lin"), 400, 120)
    assert data == ink_png(drawn_signature(3, "Mei Lin"), 400, 120)
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.size == (400, 120) and picture.mode == "RGBA"
        box = picture.getchannel("A").getbbox()
        assert box is not None
        left, top, right, bottom = box
        assert left >= 4 and top >= 4 and right <= 396 and bottom <= 116
        assert (right - left) > 200 or (bottom - top) > 90
    assert ink_png(((InkPoint(5, 5, 0.5, 0),),), 60, 40)
    with pytest.raises(WrongUsage):
        ink_png((), 100, 100)
    with pytest.raises(WrongUsage):
        ink_png(drawn_signature(3, "Mei"), 10, 10)


def test_signatures_follow_name_and_seed():
    made = {(seed, name): drawn_signature(seed, name) for seed in (1, 2) for name in ("Ana Sousa", "李雷", "", "José")}
    assert len(set(made.values())) == len(made)
    assert drawn_signature(1, "Ana Sousa") == made[1, "Ana Sousa"]
    for strokes in made.values():
        times = [point.t for stroke in strokes for point in stroke]
        assert times == sorted(times) and 300 < times[-1] < 15_000
        assert len({point.pressure for stroke in strokes for point in stroke}) > 10

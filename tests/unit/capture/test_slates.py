"""Slates: what they say survives a photograph, nothing else is believed, and frames go to the right person."""

from __future__ import annotations

import io
import random
import re
import uuid
from datetime import datetime, timedelta, timezone

import pytest
import zxingcpp
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance, ImageFilter

from safelight.capture.slates import (
    Frame,
    SlateRef,
    bind_frames,
    read_slate_text,
    slate_matrix,
    slate_png,
    slate_text,
)
from safelight.demo.drawn.portrait import drawn_portrait
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import SessionId, SubjectId
from safelight.images.media_type import MediaType

uuids = st.uuids(version=4).map(str)
SESSION = SessionId("6f1c1a52-93a4-4c1e-9c56-0d3f6a7b8c9d")
ANA, BEN, CHI = (SubjectId(f"0000000{n}-0000-4000-8000-00000000000{n}") for n in (1, 2, 3))
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@given(uuids, uuids)
def test_what_is_written_is_read(session, subject):
    text = slate_text(SessionId(session), SubjectId(subject))
    assert re.fullmatch(r"SLATE1:[A-Z2-7]{53}", text) and len(text) == 60
    assert read_slate_text(text) == SlateRef(SessionId(session), SubjectId(subject))


def test_the_form_is_fixed():
    """Cards already printed must stay readable."""
    printed = "SLATE1:N4OBUUUTUTA6OFMDJ7NJ5YZHIAAAAACAAAAAAAAAAAAAAAAACX22Z"
    assert slate_text(SESSION, ANA) == printed
    assert read_slate_text(printed) == SlateRef(SESSION, ANA)


@given(uuids, uuids, st.integers(7, 59), st.sampled_from(LETTERS))
def test_a_changed_letter_is_noticed(session, subject, at, letter):
    text = slate_text(SessionId(session), SubjectId(subject))
    assume(text[at] != letter)
    assert read_slate_text(text[:at] + letter + text[at + 1 :]) is None


@given(st.one_of(st.text(), st.text(alphabet=LETTERS, min_size=53, max_size=53).map("SLATE1:".__add__)))
def test_foreign_text_is_ignored(text):
    read = read_slate_text(text)
    assert read is None or slate_text(read.session, read.subject) == text


@pytest.mark.parametrize(
    "text", ["https://example.org/", "SLATE1:", "slate1:" + "A" * 53, "SLATE1:" + "A" * 53 + "\n", "SLATE2:" + "A" * 53]
)
def test_only_our_own_prefix(text):
    assert read_slate_text(text) is None


def test_ids_are_checked():
    with pytest.raises(WrongUsage):
        slate_text(SessionId("x"), ANA)
    with pytest.raises(WrongUsage):
        slate_text(SessionId(str(uuid.uuid1())), ANA)


def test_the_code_is_small_and_equal_for_equal_text():
    text = slate_text(SESSION, ANA)
    matrix = slate_matrix(text)
    assert len(matrix) == len(matrix[0]) == 33
    assert slate_png(text) == slate_png(text)
    with Image.open(io.BytesIO(slate_png(text, module=2))) as picture:
        assert picture.size == (82, 82)
        grey = picture.convert("L")
        drawn = [[grey.getpixel((8 + 2 * x, 8 + 2 * y)) == 0 for x in range(33)] for y in range(33)]
    assert tuple(map(tuple, drawn)) == matrix
    with pytest.raises(WrongUsage, match="too long"):
        slate_matrix("x" * 5000)


def test_the_code_to_type_stands_below_and_leaves_the_quiet_zone_white():
    text = slate_text(SESSION, ANA)
    captioned = slate_png(text, caption="7TDWWB")
    assert captioned == slate_png(text, caption="7TDWWB") != slate_png(text, caption="7TDWWC")
    with Image.open(io.BytesIO(captioned)) as picture, Image.open(io.BytesIO(slate_png(text))) as bare:
        grey, alone = picture.convert("L"), bare.convert("L")
        assert grey.width == alone.width and grey.height > alone.height
        assert grey.crop((0, 0, *alone.size)).tobytes() == alone.tobytes()
        assert grey.crop((0, alone.height, *grey.size)).getextrema() == (0, 255)
        assert [each.text for each in zxingcpp.read_barcodes(grey)] == [text]


# Photographed ----------------------------------------------------------------------------------------------------


def test_a_slate_in_a_drawn_photograph_of_24_megapixels(decoders):
    text = slate_text(SESSION, BEN)
    data = drawn_portrait(5, (4000, 6000), camera_time=datetime(2026, 5, 4), slate=text)  # noqa: DTZ001 - as cameras say it
    assert decoders.develop(data, MediaType.JPEG).slate == text


@pytest.mark.parametrize(
    ("edge", "angle", "light", "blur"), [(450, 0, 1, 0), (400, 35, 0.3, 1), (300, 180, 1, 0), (210, 8, 0.7, 1)]
)
def test_a_slate_in_a_real_photograph(edge, angle, light, blur, decoders, portraits):
    text = slate_text(SESSION, CHI)
    with Image.open(portraits / "grace_hopper.jpg") as picture, Image.open(io.BytesIO(slate_png(text))) as code:
        scene = picture.convert("RGB").resize((2560, 3040))
        card = code.convert("RGB").resize((edge, edge)).rotate(angle, expand=True, fillcolor=(120, 110, 100))
        scene.paste(card, (900, 2000))
    scene = ImageEnhance.Brightness(scene.filter(ImageFilter.GaussianBlur(blur))).enhance(light)
    out = io.BytesIO()
    scene.save(out, "JPEG", quality=85)
    assert decoders.develop(out.getvalue(), MediaType.JPEG).slate == text


def test_other_codes_and_broken_slates_are_not_slates(decoders, portraits):
    good = slate_text(SESSION, CHI)
    for text in ("https://example.org/pay", good[:-1] + ("A" if good[-1] != "A" else "B"), "\u202eabc"):
        with Image.open(portraits / "grace_hopper.jpg") as picture, Image.open(io.BytesIO(slate_png(text))) as code:
            scene = picture.convert("RGB").resize((1024, 1200))
            scene.paste(code.convert("RGB").resize((400, 400)), (300, 700))
        out = io.BytesIO()
        scene.save(out, "PNG")
        assert decoders.develop(out.getvalue(), MediaType.PNG).slate is None


def test_a_slate_is_found_beside_a_foreign_code_and_in_png(decoders):
    text = slate_text(SESSION, ANA)
    scene = Image.new("RGB", (3000, 2000), (200, 190, 180))
    for place, said in enumerate(("https://example.org/", text)):
        with Image.open(io.BytesIO(slate_png(said))) as code:
            scene.paste(code.convert("RGB"), (200 + 1200 * place, 600))
    out = io.BytesIO()
    scene.save(out, "PNG", compress_level=1)
    assert decoders.develop(out.getvalue(), MediaType.PNG).slate == text


# Binding ---------------------------------------------------------------------------------------------------------

START = datetime(2026, 5, 4, 9)  # noqa: DTZ001 - as cameras say it


def frame(key: str, seconds: float | None, slate: SubjectId | None = None, session: SessionId = SESSION) -> Frame:
    time = None if seconds is None else START + timedelta(seconds=seconds)
    return Frame(key, f"IMG_{key}.JPG", time, None if slate is None else SlateRef(session, slate))


def test_a_slate_binds_what_follows():
    frames = [frame("1", 0), frame("2", 10, ANA), frame("3", 20), frame("4", 30), frame("5", 60, BEN), frame("6", 70)]
    bound = bind_frames(frames, CHI)
    assert [binding.subject for binding in bound] == [CHI, ANA, ANA, ANA, BEN, BEN]
    assert [binding.is_slate for binding in bound] == [False, True, False, False, True, False]
    assert not any(binding.check for binding in bound)


def test_time_is_before_name_and_given_order_is_kept():
    frames = [frame("9", 5), frame("10", 0, ANA), frame("11", 60, BEN), frame("1", 70)]
    assert [(b.key, b.subject) for b in bind_frames(frames, None)] == [("9", ANA), ("10", ANA), ("11", BEN), ("1", BEN)]


def test_near_a_switch_somebody_should_look():
    frames = [frame("1", 6.9), frame("2", 7), frame("3", 10, ANA), frame("4", 13), frame("5", 13.1)]
    assert [binding.check for binding in bind_frames(frames, CHI)] == [False, True, False, True, False]
    # the same person's slate again is no switch
    assert not any(binding.check for binding in bind_frames(frames, ANA))


def test_equal_seconds_go_by_name():
    frames = [frame("10", 0), frame("9", 0, ANA), frame("8", 0)]
    bound = bind_frames(frames, CHI)
    assert [binding.subject for binding in bound] == [ANA, ANA, CHI]
    assert [binding.check for binding in bound] == [True, False, True]


def test_a_slate_of_another_session_binds_nobody():
    other = SessionId("7f1c1a52-93a4-4c1e-9c56-0d3f6a7b8c9d")
    frames = [frame("1", 0), frame("2", 10, BEN, other), frame("3", 20), frame("4", 30, ANA), frame("5", 40)]
    assert [binding.subject for binding in bind_frames(frames, CHI, session=SESSION)] == [CHI, None, None, ANA, ANA]
    assert [binding.subject for binding in bind_frames(frames, CHI)] == [CHI, BEN, BEN, ANA, ANA]


def test_frames_without_a_time():
    by_name = [frame("1", None), frame("2", None, ANA), frame("10", None)]
    assert [binding.subject for binding in bind_frames(by_name, BEN)] == [BEN, ANA, ANA]
    mixed = [frame("1", 0, ANA), frame("2", None), frame("3", 20)]
    bound = bind_frames(mixed, BEN)
    assert [(binding.subject, binding.check) for binding in bound] == [(ANA, False), (None, True), (ANA, False)]
    without_slates = [frame("1", 0), frame("2", None)]
    assert [binding.subject for binding in bind_frames(without_slates, BEN)] == [BEN, BEN]


def test_clocks_with_and_without_zone():
    berlin, tokyo = timezone(timedelta(hours=2)), timezone(timedelta(hours=9))
    zoned = [
        Frame("1", "1", datetime(2026, 5, 4, 9, 0, tzinfo=berlin), SlateRef(SESSION, ANA)),
        Frame("2", "2", datetime(2026, 5, 4, 16, 30, tzinfo=tokyo)),
    ]
    assert bind_frames(zoned, BEN)[1].subject == ANA
    mixed = [zoned[0], Frame("2", "2", datetime(2026, 5, 4, 8, 59))]  # noqa: DTZ001 - as cameras say it
    assert bind_frames(mixed, BEN)[1].subject == BEN


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from([None, ANA, BEN, CHI])), max_size=25), st.randoms())
def test_binding_is_the_slow_rule(made, dice):
    frames = [frame(str(place), seconds, slate) for place, (seconds, slate) in enumerate(made)]
    shuffled = frames[:]
    random.Random(dice.random()).shuffle(shuffled)
    bound = {binding.key: binding for binding in bind_frames(shuffled, None)}
    for one in frames:
        when = (one.camera_time, int(one.key))
        before = [f for f in frames if f.slate and (f.camera_time, int(f.key)) <= when]
        last = max(before, key=lambda f: (f.camera_time, int(f.key)), default=None)
        assert bound[one.key].subject == (last.slate.subject if last and last.slate else None)
        assert bound[one.key].is_slate == (one.slate is not None)

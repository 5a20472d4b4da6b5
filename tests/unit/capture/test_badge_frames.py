"""What a live camera sees: only our slates and receipts are told; no frame, however odd, is more than passed over."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image

from safelight.capture.badge_frames import MOST_PIXELS, read_badges
from safelight.capture.slates import slate_png, slate_text
from safelight.domain.ids import SessionId, SubjectId

DAY = SessionId("22222222-2222-4222-8222-222222222222")
ADA = slate_text(DAY, SubjectId("33333333-3333-4333-8333-333333333333"))
BO = slate_text(DAY, SubjectId("55555555-5555-4555-8555-555555555555"))


def frame(*texts: str, size: int = 260) -> Image.Image:
    seen = Image.new("L", (1280, 720), 120)
    for place, text in enumerate(texts):
        code = Image.open(io.BytesIO(slate_png(text))).convert("L").resize((size, size))
        seen.paste(code, (40 + place * (size + 60), 200))
    return seen


def read(seen: Image.Image) -> tuple[str, ...]:
    return read_badges(seen.tobytes(), *seen.size)


def test_slates_are_told_and_each_once() -> None:
    assert read(frame(ADA)) == (ADA,)
    assert read(frame(ADA, ADA)) == (ADA,)
    assert set(read(frame(ADA, BO))) == {ADA, BO}


def test_other_codes_are_not() -> None:
    forged = ADA[:-1] + ("A" if ADA[-1] != "A" else "B")
    assert read(frame("HTTPS://EXAMPLE.ORG/", forged, "AB12CD")) == ()
    assert read(frame("HTTPS://EXAMPLE.ORG/", BO, forged)) == (BO,)


def test_of_a_receipt_its_code_is_told_and_nothing_around_it() -> None:
    assert read(frame("mailto:hi@lamp.example?subject=Withdraw%20K7QM-2XWP-9ABC-DEFG")) == ("K7QM-2XWP-9ABC-DEFG",)


@pytest.mark.parametrize(("width", "height"), [(1280, 719), (0, 0), (-1280, -720), (1 << 40, 1)])
def test_a_frame_of_another_size_is_a_mistake_of_the_caller(width: int, height: int) -> None:
    with pytest.raises(ValueError, match="another size"):
        read_badges(frame(ADA).tobytes(), width, height)


def test_a_frame_too_large_is_not_looked_at() -> None:
    assert read_badges(bytes(MOST_PIXELS + 1), MOST_PIXELS + 1, 1) == ()


@given(some.binary(min_size=1, max_size=4096), some.integers(1, 64))
def test_noise_says_nothing(noise: bytes, width: int) -> None:
    height = -(-len(noise) // width)
    assert read_badges(noise.ljust(width * height, b"\0"), width, height) == ()

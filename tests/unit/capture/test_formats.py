"""Every format of the table is recognised, decoded and checked for its end here; a new one cannot be forgotten."""

from __future__ import annotations

import hashlib
import io

import pytest

from safelight.capture.completeness import END_CHECKS, check_whole
from safelight.capture.developing import PILLOW_FORMATS, develop
from safelight.capture.raw import RAW_FORMATS
from safelight.domain.ids import Sha256
from safelight.images.image_format import FORMATS, WHOLE_FILE, sniff
from safelight.images.imagehash import image_data_sha256
from safelight.images.media_type import MediaType


def test_real_files_are_what_they_are_whatever_their_name(encoded: dict[MediaType, bytes]) -> None:
    for kind, data in encoded.items():
        if kind is not MediaType.DNG:
            assert sniff(data[:64], "holiday.txt") is kind
    assert sniff(encoded[MediaType.DNG][:64], "a.DNG") is MediaType.DNG


def test_every_format_has_exactly_one_decoder() -> None:
    assert set(PILLOW_FORMATS) | RAW_FORMATS == set(FORMATS)
    assert not set(PILLOW_FORMATS) & RAW_FORMATS
    assert {each.media_type for each in FORMATS.values() if each.raw} == RAW_FORMATS


def test_a_picture_of_every_format_that_is_hashed_by_its_data_is_tried(encoded: dict[MediaType, bytes]) -> None:
    assert set(encoded) == {each.media_type for each in FORMATS.values() if each.hash_kind != WHOLE_FILE}


def test_every_format_hashed_as_a_whole_has_a_check_of_its_end() -> None:
    whole = {each.media_type for each in FORMATS.values() if each.hash_kind == WHOLE_FILE}
    assert set(END_CHECKS) == whole


def test_a_format_without_decoder_is_a_fault_of_the_program(
    encoded: dict[MediaType, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "safelight.capture.developing.PILLOW_FORMATS",
        {kind: names for kind, names in PILLOW_FORMATS.items() if kind is not MediaType.PNG},
    )
    with pytest.raises(LookupError, match="image/png"):
        develop(encoded[MediaType.PNG], MediaType.PNG, 1_000_000, look=False)


def test_the_hash_while_reading_is_that_of_the_table(encoded: dict[MediaType, bytes]) -> None:
    for kind, data in encoded.items():
        own = Sha256(hashlib.sha256(data).hexdigest())
        assert check_whole(io.BytesIO(data), kind, own) == image_data_sha256(data, kind)

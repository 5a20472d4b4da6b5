"""The status list: one bit per record, the size of a list, and lists made to hurt."""

from __future__ import annotations

import base64
import copy
import gzip
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.documents.status import (
    LARGEST_LIST,
    LIST_SIZE,
    MOST_LISTS,
    read_status_list,
    status_list,
    status_list_bytes,
    status_list_id,
)
from safelight.domain.errors import Malformed, WrongUsage
from safelight.domain.ids import StudioId

STUDIO = "00000000-0000-4000-8000-000000000002"
START = datetime(2026, 11, 22, 9, 30, 12, tzinfo=UTC)
END = START + timedelta(30)
GOLDEN = Path(__file__).with_name("golden") / "status-list.json"


def made(bits: set[int], size: int = LIST_SIZE) -> dict[str, Any]:
    return status_list(bits, StudioId(STUDIO), START, END, size)


def test_the_bytes_are_those_of_version_1() -> None:
    assert status_list_bytes(made({0, 9, 4007, 131071})) == GOLDEN.read_bytes()


@given(st.sets(st.integers(0, LIST_SIZE - 1), max_size=40))
def test_the_bits_are_read_back(bits: set[int]) -> None:
    read = read_status_list(status_list_bytes(made(bits)))
    assert all(read.ended(each) for each in bits)
    assert sum(byte.bit_count() for byte in read.bits) == len(bits)
    assert (read.id, read.studio, read.valid_from, read.valid_until) == (
        status_list_id(StudioId(STUDIO)),
        STUDIO,
        START,
        END,
    )


def test_anybody_can_open_it_with_base64_and_gzip() -> None:
    text = made({0, 9})["credentialSubject"]["encodedList"]
    bits = gzip.decompress(base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4)))
    assert text[0] == "u" and len(bits) == LIST_SIZE // 8 == 16384
    assert bits[:2] == b"\x80\x40"  # bit 0 is the leftmost


def test_the_example_of_the_recommendation_is_read() -> None:
    """Bitstring Status List v1.0, section 2.2, example 3: a list of 131,072 entries, none of them set."""
    raw = made(set())
    raw["credentialSubject"]["encodedList"] = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
    assert read_status_list(raw).bits == bytes(16384)


def test_an_entry_outside_the_list_counts_as_ended() -> None:
    read = read_status_list(made(set()))
    assert not read.ended(0) and not read.ended(LIST_SIZE - 1)
    assert read.ended(LIST_SIZE) and read.ended(-1)


def test_each_list_of_a_studio_has_its_own_name() -> None:
    ids = []
    for number in (1, 2, 10, MOST_LISTS):
        raw = status_list({7}, StudioId(STUDIO), START, END, number=number)
        read = read_status_list(status_list_bytes(raw))
        assert (read.number, read.id, read.ended(7)) == (number, status_list_id(StudioId(STUDIO), number), True)
        ids.append(read.id)
    assert ids == [f"urn:uuid:{STUDIO}#status{each}" for each in ("", "-2", "-10", "-99")]
    raw = status_list({7}, StudioId(STUDIO), START, END, number=2)
    for wrong in ("#status", "#status-3", "#status-1", "#status-02", "#status-100", "#status-", "#status-2-bits"):
        with pytest.raises(Malformed):
            read_status_list(raw | {"id": f"urn:uuid:{STUDIO}{wrong}"})


def test_a_list_vouches_only_for_its_time() -> None:
    read = read_status_list(made(set()))
    assert read.fresh(START) and read.fresh(END)
    assert not read.fresh(START - timedelta(seconds=1)) and not read.fresh(END + timedelta(seconds=1))


@pytest.mark.parametrize("wrong", [
    lambda: made({LIST_SIZE}), lambda: made({-1}), lambda: made(set(), LIST_SIZE + 4), lambda: made(set(), 1024),
    lambda: made(set(), LARGEST_LIST * 2), lambda: status_list((), StudioId(STUDIO), END, START),
    *(lambda number=number: status_list((), StudioId(STUDIO), START, END, number=number) for number in (0, 100)),
])  # fmt: skip
def test_a_list_that_makes_no_sense_is_not_made(wrong: Any) -> None:
    with pytest.raises(WrongUsage):
        wrong()


def test_a_longer_list() -> None:
    read = read_status_list(made({2 * LIST_SIZE - 1}, 2 * LIST_SIZE))
    assert read.ended(2 * LIST_SIZE - 1) and not read.ended(LIST_SIZE)


def encoded(packed: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


BOMB = gzip.compress(bytes(64 * 1024 * 1024), mtime=0)
GOOD = gzip.compress(bytes(LIST_SIZE // 8), mtime=0)


@pytest.mark.parametrize(("text", "fault"), [
    (encoded(BOMB), "holds more than"),
    (encoded(GOOD[:-6]), "is cut off"),
    (encoded(GOOD + b"more"), "something after its end"),
    (encoded(GOOD + GOOD), "something after its end"),
    (encoded(GOOD[:-1] + b"\x01"), "does not unpack"),
    (encoded(b"nothing packed"), "does not unpack"),
    (encoded(zlib.compress(bytes(LIST_SIZE // 8))), "does not unpack"),
    (encoded(gzip.compress(bytes(100), mtime=0)), "holds fewer than"),
    ("z" + encoded(GOOD)[1:], "is not written"),
    ("u" + base64.b64encode(GOOD).decode(), "is not written"),
    ("u", "is not written"),
    ("uA", "does not unpack"),
])  # fmt: skip
def test_lists_made_to_hurt(text: str, fault: str) -> None:
    raw = made(set())
    raw["credentialSubject"]["encodedList"] = text
    with pytest.raises(Malformed) as caught:
        read_status_list(raw)
    assert caught.value.faults[0].startswith("/credentialSubject/encodedList: ")
    assert fault in caught.value.faults[0] or "match" in caught.value.faults[0]


@pytest.mark.parametrize(("path", "value"), [
    (("issuer",), "urn:uuid:00000000-0000-4000-8000-000000000003"), (("id",), "urn:uuid:x#status"),
    (("validUntil",), "2026-11-21T00:00:00Z"), (("validFrom",), "yesterday"), (("proof",), {}),
    (("credentialSubject", "statusPurpose"), "suspension"), (("credentialSubject", "id"), "x"),
    (("@context",), []), (("type",), ["VerifiableCredential"]), (("credentialSubject", "statusSize"), 2),
])  # fmt: skip
def test_every_changed_field_is_noticed(path: tuple[str, ...], value: Any) -> None:
    raw = copy.deepcopy(made({5}))
    inner = raw if len(path) == 1 else raw[path[0]]
    inner[path[-1]] = value
    with pytest.raises(Malformed) as caught:
        read_status_list(raw)
    assert any(path[0] in each or each.startswith("/: ") or "/id" in each for each in caught.value.faults)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_raise_nothing_but_malformed(untrusted: bytes) -> None:
    with pytest.raises(Malformed):
        read_status_list(untrusted)


@given(st.binary(max_size=300))
def test_arbitrary_packed_bytes_raise_nothing_but_malformed(packed: bytes) -> None:
    raw = made(set())
    raw["credentialSubject"]["encodedList"] = encoded(packed)
    with pytest.raises(Malformed):
        read_status_list(raw)

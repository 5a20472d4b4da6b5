"""Our payload against the age library as the judge: both ways, at every edge of a chunk, and damaged in every way."""

from __future__ import annotations

import io
from typing import Any

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safelight.domain.errors import CannotOpen, Malformed
from safelight.keys.age_identity import _bech32
from safelight.keys.age_payload import CHUNK, PAYLOAD_NONCE, header_bytes, new_file_key
from safelight.keys.sealing import AgeIdentity, check_age_header, file_identity, open_file, seal_file

IDENTITY, OTHER = file_identity(bytes(range(32))), file_identity(bytes(range(1, 33)))
SEALED = CHUNK + 16
TOGETHER = 8 * CHUNK
EDGES = sorted({max(0, at + off) for at in (0, CHUNK, 2 * CHUNK, TOGETHER, 2 * TOGETHER) for off in (-1, 0, 1)})
SIZES = st.sampled_from(EDGES) | st.integers(0, 3 * TOGETHER)


def library(identity: AgeIdentity) -> Any:
    return pyrage.x25519.Identity.from_str(identity.exposed_secret)


def content(seed: int, size: int) -> bytes:
    return (bytes((seed + at) % 251 for at in range(251)) * (size // 251 + 1))[:size]


def ours(data: bytes, *recipients: str) -> bytes:
    out = io.BytesIO()
    seal_file(io.BytesIO(data), out, recipients or (IDENTITY.recipient,))
    return out.getvalue()


def opened(data: bytes, *identities: AgeIdentity) -> bytes:
    out = io.BytesIO()
    open_file(io.BytesIO(data), out, identities or (IDENTITY,))
    return out.getvalue()


def payload_of(data: bytes) -> int:
    """Where the first chunk begins."""
    return len(check_age_header(io.BytesIO(data)).raw) + PAYLOAD_NONCE


@pytest.mark.parametrize("size", EDGES)
def test_the_library_opens_ours_and_we_open_its_at_every_edge(size: int) -> None:
    data = content(size, size)
    assert pyrage.decrypt(ours(data), [library(IDENTITY)]) == data
    assert opened(pyrage.encrypt(data, [library(IDENTITY).to_public()])) == data
    assert opened(ours(data)) == data


@settings(max_examples=25)
@given(st.integers(0, 250), SIZES, st.lists(st.booleans(), min_size=1, max_size=4))
def test_the_library_agrees_on_any_size_and_recipients(seed: int, size: int, others: list[bool]) -> None:
    data = content(seed, size)
    people = [OTHER if other else IDENTITY for other in others]
    made = ours(data, *(each.recipient for each in people))
    theirs = pyrage.encrypt(data, [library(each).to_public() for each in people])
    for each in people:
        assert pyrage.decrypt(made, [library(each)]) == data
        assert opened(theirs, each) == data
    assert opened(theirs, OTHER, IDENTITY) == data


def refused_by_both(data: bytes) -> None:
    with pytest.raises((Malformed, CannotOpen)):
        opened(data)
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(data, [library(IDENTITY)])


@settings(max_examples=25)
@given(SIZES, st.data())
def test_a_payload_cut_anywhere_is_refused(size: int, data: st.DataObject) -> None:
    good = ours(content(3, size))
    start = payload_of(good)
    edges = [start + number * SEALED for number in range((len(good) - start) // SEALED + 1)]
    cut = data.draw(st.sampled_from(edges) | st.integers(start - PAYLOAD_NONCE, len(good) - 1))
    if cut < len(good):
        refused_by_both(good[:cut])


@settings(max_examples=25)
@given(SIZES, st.data())
def test_a_flipped_bit_anywhere_is_refused(size: int, data: st.DataObject) -> None:
    good = bytearray(ours(content(5, size)))
    place = data.draw(st.integers(0, len(good) - 1))
    good[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((Malformed, CannotOpen)):
        opened(bytes(good))


@pytest.mark.parametrize("size", [0, 1, CHUNK, 2 * CHUNK, TOGETHER, TOGETHER + 1])
def test_whatever_follows_the_last_chunk_is_refused(size: int) -> None:
    good = ours(content(7, size))
    for more in (b"\0", bytes(16), bytes(SEALED), good[payload_of(good) :], good):
        refused_by_both(good + more)


def test_chunks_cannot_change_places_be_left_out_or_come_twice() -> None:
    good = ours(content(9, 4 * CHUNK + 5))
    start = payload_of(good)
    chunks = [good[at : at + SEALED] for at in range(start, len(good), SEALED)]
    for order in ((1, 0, 2, 3, 4), (0, 1, 2, 4), (0, 1, 2, 3), (0, 0, 1, 2, 3, 4), (0, 1, 2, 3, 4, 4), (4,)):
        refused_by_both(good[:start] + b"".join(chunks[each] for each in order))


def test_no_two_seals_share_a_key_or_a_nonce() -> None:
    data = content(1, 1000)
    seals = [ours(data) for _ in range(20)]
    starts = [payload_of(each) for each in seals]
    assert len({each[start - PAYLOAD_NONCE : start] for each, start in zip(seals, starts, strict=True)}) == 20
    assert len({each[start:] for each, start in zip(seals, starts, strict=True)}) == 20


def test_a_key_that_protects_nothing_is_refused_on_both_sides() -> None:
    """Points of low order make the shared secret the same for everybody (RFC 7748 section 6.1)."""
    with pytest.raises(Malformed):
        ours(b"x", _bech32("age", bytes(32)))
    good = ours(b"x")
    header = check_age_header(io.BytesIO(good))
    line, rest = good.split(b"\n-> X25519 ", 1)
    low = line + b"\n-> X25519 " + b"A" * 43 + rest[43:]
    assert check_age_header(io.BytesIO(low)).x25519[0].share == bytes(32) != header.x25519[0].share
    with pytest.raises(Malformed, match="beginning"):
        opened(low)


def test_a_header_that_was_changed_is_refused_although_its_key_opens() -> None:
    good = ours(b"x", OTHER.recipient, IDENTITY.recipient)
    first = good.index(b"\n-> X25519 ")
    second = good.index(b"\n-> X25519 ", first + 1)
    without = good[:first] + good[second:]  # the other recipient was taken out
    with pytest.raises(Malformed, match="beginning"):
        opened(without)


@pytest.mark.parametrize("point", [bytes(32), b"\x01" + bytes(31)])
def test_a_point_of_low_order_gets_no_file_key(point: bytes) -> None:
    """Whoever asked for it: what is shared with it is the same for everybody."""
    with pytest.raises(Malformed, match="not an age key"):
        header_bytes(new_file_key(), [point])

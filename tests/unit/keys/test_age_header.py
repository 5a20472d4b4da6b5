"""The gate before the age library refuses what the format forbids, and what costs too much."""

from __future__ import annotations

import base64
import contextlib
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.domain.errors import Malformed
from safelight.keys.sealing import check_age_header, file_identity, seal_file

B32 = base64.b64encode(bytes(range(32))).rstrip(b"=")
B48 = base64.b64encode(bytes(48)).rstrip(b"=")
X25519 = b"-> X25519 " + B32 + b"\n" + B32 + b"\n"
VERSION, MAC = b"age-encryption.org/v1\n", b"--- " + B32 + b"\n"
GREASE = b"-> Gr$ase-grease a b\n\n"


def check(raw: bytes, **limits: int) -> tuple[str, ...]:
    stream = io.BytesIO(raw + b"\n--- body")
    header = check_age_header(stream, **limits)
    assert header.raw == raw and stream.read() == b"\n--- body"
    return header.stanzas


def test_good_headers_pass_and_the_stream_stands_behind_them() -> None:
    assert check(VERSION + X25519 + MAC) == ("X25519",)
    assert check(VERSION + GREASE + X25519 + MAC) == ("Gr$ase-grease", "X25519")
    assert check(VERSION + X25519 * 64 + MAC) == ("X25519",) * 64
    assert check(VERSION + b"-> ssh-ed25519 abcd " + B32 + b"\n" + B32 + b"\n" + MAC) == ("ssh-ed25519",)
    assert check(VERSION + b"-> full\n" + B48 + b"\n\n" + MAC) == ("full",)
    assert check(VERSION + b"-> long\n" + B48 + b"\n" + B48 + b"\n" + B32 + b"\n" + MAC) == ("long",)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "cut off"),
        (VERSION, "cut off"),
        (VERSION[:-1], "cut off"),
        (VERSION + X25519, "cut off"),
        (b"age-encryption.org/v2\n" + X25519 + MAC, "version 1"),
        (b" " + VERSION + X25519 + MAC, "version 1"),
        (VERSION.replace(b"\n", b"\r\n") + X25519 + MAC, "version 1"),
        ((VERSION + X25519 + MAC).replace(b"\n", b"\r\n"), "version 1"),
        (VERSION + X25519.replace(b"\n", b"\r\n") + MAC, "recipient line"),
        (VERSION + X25519 + MAC.replace(b"\n", b"\r\n"), "not Base64"),
        (b"-----BEGIN AGE ENCRYPTED FILE-----\n" + X25519, "armor"),
        (VERSION + MAC, "no recipient"),
        (VERSION + b"-> scrypt " + B32[:22] + b" 23\n" + B32 + b"\n" + MAC, "passphrase"),
        (VERSION + X25519 + b"-> scrypt x 10\n" + B32 + b"\n" + MAC, "passphrase"),
        (VERSION + b"-> scrypt\n", "passphrase"),
        (VERSION + X25519 * 65 + MAC, "more than 64"),
        (VERSION + b"-> x\n" + MAC, "not Base64"),  # no body at all
        (VERSION + b"-> x\n" + X25519 + MAC, "not Base64"),
        (VERSION + b"-> x\n" + B48 + b"\n" + MAC, "not Base64"),  # no final short line
        (VERSION + b"-> x\n" + B48 + b"\n" + X25519 + MAC, "not Base64"),
        (VERSION + b"-> x\n" + B48 + b"A\n" + MAC, "longer than 64"),
        (VERSION + b"-> x\n" + B32 + b"=\n" + MAC, "not Base64"),
        (VERSION + b"-> x\nAB\n" + MAC, "only permitted"),
        (VERSION + b"-> x\nA\n" + MAC, "not Base64"),
        (VERSION + b"-> x\n-_\n" + MAC, "not Base64"),
        (VERSION + b"-> \n\n" + MAC, "recipient line"),
        (VERSION + b"->\n\n" + MAC, "recipient line"),
        (VERSION + b"-> a  b\n\n" + MAC, "recipient line"),
        (VERSION + b"-> a b \n\n" + MAC, "recipient line"),
        (VERSION + b"-> \xc3\xa9\n\n" + MAC, "recipient line"),
        (VERSION + b"-> a\x7f\n\n" + MAC, "recipient line"),
        (VERSION + b"hello\n" + X25519 + MAC, "recipient line"),
        (VERSION + b"-> X25519\n" + B32 + b"\n" + MAC, "sizes"),
        (VERSION + b"-> X25519 " + B32 + b" " + B32 + b"\n" + B32 + b"\n" + MAC, "sizes"),
        (VERSION + b"-> X25519 " + B32[:-3] + b"\n" + B32 + b"\n" + MAC, "sizes"),
        (VERSION + b"-> X25519 AAAA\n" + B32 + b"\n" + MAC, "sizes"),
        (VERSION + b"-> X25519 " + B32 + b"\nAAAA\n" + MAC, "sizes"),
        (VERSION + X25519 + b"---\n", "authentication"),
        (VERSION + X25519 + b"--- \n", "authentication"),
        (VERSION + X25519 + b"--- AAAA\n", "authentication"),
        (VERSION + X25519 + b"--- " + B32 + b" x\n", "Base64"),
        (VERSION + X25519 + b"---" + B32 + b"\n", "authentication"),
        (VERSION + X25519 + MAC[:-1], "cut off"),
    ],
)
def test_forbidden_headers_are_refused(raw: bytes, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        check_age_header(io.BytesIO(raw))


def test_ten_thousand_recipients_cost_nothing() -> None:
    stream = io.BytesIO(VERSION + X25519 * 10_000 + MAC)
    start = time.perf_counter()
    with pytest.raises(Malformed, match="more than 64"):
        check_age_header(stream)
    assert time.perf_counter() - start < 0.1
    assert stream.tell() < 10_000


@pytest.mark.parametrize(
    "endless", [b"a" * 10_000_000, VERSION + b"-> " + b"a" * 10_000_000, VERSION + b"-> a\n" + (B48 + b"\n") * 9999]
)
def test_an_endless_header_is_read_only_so_far(endless: bytes) -> None:
    stream = io.BytesIO(endless)
    with pytest.raises(Malformed, match="too long"):
        check_age_header(stream)
    assert stream.tell() <= 64 * 1024


def test_the_limits_can_be_tighter() -> None:
    with pytest.raises(Malformed):
        check(VERSION + X25519 * 3 + MAC, max_stanzas=2)
    assert check(VERSION + X25519 * 2 + MAC, max_stanzas=2, max_header=1000)
    with pytest.raises(Malformed):
        check(VERSION + X25519 * 2 + MAC, max_header=100)


def test_what_we_write_passes() -> None:
    out = io.BytesIO()
    seal_file(io.BytesIO(b"x"), out, [file_identity(bytes([each] * 32)).recipient for each in range(60)])
    assert check_age_header(io.BytesIO(out.getvalue())).stanzas.count("X25519") == 60


@given(st.binary(max_size=300))
def test_noise_gets_a_sentence_and_nothing_else(noise: bytes) -> None:
    for raw in (noise, VERSION + noise, VERSION + X25519 + noise, VERSION + b"-> a\n" + noise):
        try:
            header = check_age_header(io.BytesIO(raw))
        except Malformed:
            continue
        assert raw.startswith(header.raw)


@given(st.data())
def test_a_flipped_bit_never_raises_anything_else(data: st.DataObject) -> None:
    raw = bytearray(VERSION + GREASE + X25519 + MAC)
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with contextlib.suppress(Malformed):
        check_age_header(io.BytesIO(bytes(raw)))

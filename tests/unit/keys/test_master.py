"""The master key derives independent keys, shows itself nowhere, and wraps the keys of subjects."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import safelight
from safelight.domain.errors import Malformed
from safelight.domain.ids import StudioId, SubjectId
from safelight.keys.framing import framed
from safelight.keys.master import MasterKey, derive_key, new_master
from safelight.keys.subject_keys import WRAPPED_SIZE, new_subject_keys, subject_key_aad, unwrap_key, wrap_key

from .conftest import Run

STUDIO, SUBJECT = StudioId("studio"), SubjectId("subject")


def test_openssl_derives_the_same(run: Run) -> None:
    key = MasterKey(bytes(range(32)))
    done = run(
        ["openssl", "kdf", "-keylen", "32", "-kdfopt", "digest:SHA256", "-kdfopt", f"hexkey:{bytes(range(32)).hex()}",
         "-kdfopt", "info:safelight/key/1/rows", "-binary", "HKDF"]
    )  # fmt: skip
    assert done.stdout == key.derive("rows") == derive_key(bytes(range(32)), "rows")


def test_labels_and_masters_differ(master: MasterKey) -> None:
    keys = {master.derive(label) for label in ("rows", "pseudonym", "content-tag", "journal", "subject-keys")}
    assert len(keys) == 5
    assert new_master().derive("rows") not in keys


def test_it_shows_itself_nowhere(master: MasterKey) -> None:
    shown = f"{master!r} {master} {master!s} {new_subject_keys()!r} {MasterKey(bytes(32), predecessor=master)!r}"
    assert master.exposed_bytes.hex() not in shown and repr(master.exposed_bytes)[2:-1] not in shown
    for attempt in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            attempt(master)


def test_equal_only_to_itself(master: MasterKey) -> None:
    twin = MasterKey(bytes(master.exposed_bytes))
    assert twin == master and hash(twin) == hash(master) and twin.key_id == master.key_id
    assert master != new_master() and master != master.exposed_bytes


@pytest.mark.parametrize("wrong", [b"", bytes(31), bytes(33), bytearray(32)])
def test_only_32_bytes(wrong: bytes) -> None:
    with pytest.raises(ValueError):
        MasterKey(wrong)


@given(st.lists(st.binary(max_size=8), max_size=5), st.lists(st.binary(max_size=8), max_size=5))
def test_framing_has_one_meaning(one: list[bytes], other: list[bytes]) -> None:
    assert (framed(*one) == framed(*other)) == (one == other)


def test_wrapped_keys_open_only_in_their_place(master: MasterKey) -> None:
    keys = new_subject_keys()
    assert keys.portrait != keys.evidence
    aad = subject_key_aad(STUDIO, SUBJECT, "portrait", 1)
    wrapped = wrap_key(master, keys.portrait, aad)
    assert len(wrapped) == WRAPPED_SIZE
    assert unwrap_key(master, wrapped, aad) == keys.portrait
    others = [
        subject_key_aad(StudioId("other"), SUBJECT, "portrait", 1),
        subject_key_aad(STUDIO, SubjectId("other"), "portrait", 1),
        subject_key_aad(STUDIO, SUBJECT, "evidence", 1),
        subject_key_aad(STUDIO, SUBJECT, "portrait", 2),
        subject_key_aad(StudioId("studiosub"), SubjectId("ject"), "portrait", 1),
    ]
    for elsewhere in others:
        with pytest.raises(Malformed):
            unwrap_key(master, wrapped, elsewhere)
    with pytest.raises(Malformed):
        unwrap_key(new_master(), wrapped, aad)
    assert wrap_key(master, keys.portrait, aad) != wrapped


def test_any_changed_byte_or_length_is_refused(master: MasterKey) -> None:
    wrapped = wrap_key(master, bytes(32), b"")
    for place in range(len(wrapped)):
        changed = bytearray(wrapped)
        changed[place] ^= 1
        with pytest.raises(Malformed):
            unwrap_key(master, bytes(changed), b"")
    for broken in (b"", wrapped[:-1], wrapped + b"\0"):
        with pytest.raises(Malformed):
            unwrap_key(master, broken, b"")
    with pytest.raises(ValueError):
        wrap_key(master, bytes(16), b"")


def test_an_unfinished_rotation_opens_both(master: MasterKey) -> None:
    fresh = MasterKey(new_master().exposed_bytes, predecessor=master)
    assert unwrap_key(fresh, wrap_key(master, bytes(32), b"x"), b"x") == bytes(32)
    assert unwrap_key(fresh, wrap_key(fresh, bytes(32), b"x"), b"x") == bytes(32)
    with pytest.raises(Malformed):
        unwrap_key(master, wrap_key(fresh, bytes(32), b"x"), b"x")


def test_ten_thousand_wraps_cost_little(master: MasterKey) -> None:
    start = time.perf_counter()
    for _ in range(1000):
        unwrap_key(master, wrap_key(master, bytes(32), b"x"), b"x")
    assert time.perf_counter() - start < 1.0  # measured: 0.03 s


@pytest.mark.skipif(sys.platform == "win32", reason="there are no core files on Windows")
def test_a_hardened_process_leaves_no_core() -> None:
    program = (
        "import resource; from safelight.keys.process import harden; "
        "harden(); print(resource.getrlimit(resource.RLIMIT_CORE))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=_path())
    assert done.stdout.strip() == "(0, 0)"


def _path() -> dict[str, str]:
    return {"PYTHONPATH": str(Path(safelight.__file__).parents[1])}

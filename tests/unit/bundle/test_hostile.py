"""Bundles that mean harm or came to harm: each is refused with one sentence, fast, and leaves nothing behind."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safelight.bundle.folder import extract_to_folder
from safelight.bundle.reader import extract, read_metadata
from safelight.domain.errors import CannotOpen, ExitCode, Malformed, Refused, SafelightError
from support import bundle_parts as parts
from support import hostile_bundles as hostile

EVERY_TIME = settings(
    max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def _ignore(*_: object) -> None:
    """A sink that keeps nothing."""


def _refusal(name: str, path: Path, pin: str | None) -> SafelightError:
    before = sorted(path.parent.rglob("*"))
    start = time.perf_counter()
    with pytest.raises(SafelightError) as caught:
        extract_to_folder(path, [parts.IDENTITY], path.parent / "out", pin)
        pytest.fail(f"{name} was accepted")
    assert time.perf_counter() - start < 5
    assert sorted(path.parent.rglob("*")) == before, "something was left behind"
    return caught.value


SAYS: dict[str, tuple[type[SafelightError], str]] = {
    "age-for-somebody-else": (CannotOpen, "another key"),
    "age-armored": (Malformed, "armor"),
    "age-scrypt-23": (Malformed, "passphrase"),
    "age-65-stanzas": (Malformed, "more than 64 recipients"),
    "age-cut-between-chunks": (Malformed, "damaged or was cut short"),
    "tar-name-up": (Malformed, r"“\.\./x” is no name"),
    "tar-type-32": (Malformed, "a symbolic link"),
    "tar-type-35": (Malformed, "a folder"),
    "tar-pax-path": (Malformed, "an extended header"),
    "tar-gnu-long-name": (Malformed, "a GNU long name"),
    "tar-size-base-256": (Malformed, "not written as a number must be"),
    "tar-setuid": (Malformed, "says more than name, size and time"),
    "tar-owner-name": (Malformed, "says more than name, size and time"),
    "tar-prefix": (Malformed, "says more than name, size and time"),
    "tar-checksum": (Malformed, "a header is damaged"),
    "tar-old-magic": (Malformed, "not in the ustar form"),
    "tar-trailing-data": (Malformed, "something follows its end"),
    "tar-no-end": (Malformed, "cut short"),
    "tar-twice-by-case": (Malformed, "readme.txt is there twice"),
    "tar-one-more": (Malformed, "photos/more.jpg behind the last file"),
    "tar-manifest-too-large": (Malformed, "manifest.json is larger"),
    "content-foreign-signature": (Refused, "manifest.json and manifest.json.sig do not fit: .* another key"),
    "content-signature-for-a-record": (Refused, "another purpose"),
    "content-another-picture": (Refused, "shows another picture"),
    "content-use-not-asked-for": (Malformed, "a use this bundle is not for"),
    "content-policy-of-another-photo": (Refused, "about another photo"),
    "content-sums": (Refused, "SHA256SUMS"),
}
ONLY_WITH_PHOTOS = ("content-photo-torn", "content-photo-no-picture", "content-another", "content-hash", "content-size")


def test_every_hostile_file_is_refused_and_says_why(corpus: Any, tmp_path: Path) -> None:
    path, pin = tmp_path / "hostile.age", parts.SIGNER.public_ssh
    said = {}
    for name, data in hostile.cases(corpus):
        path.write_bytes(data)
        error = _refusal(name, path, pin)
        said[name] = error
        assert error.code in (ExitCode.NO, ExitCode.CANNOT_OPEN, ExitCode.MALFORMED), name
        assert "\n" not in error.title and error.title.endswith((".", ")")), (name, error.title)
        assert error.title.isprintable() and len(error.title) < 400 and error.hint, (name, error.title)
        if name.startswith("content-") and not name.startswith(ONLY_WITH_PHOTOS):
            with pytest.raises(SafelightError):
                read_metadata(path, [parts.IDENTITY], pin)
                pytest.fail(name)
        if name != "content-foreign-signature":  # for who pins nothing, that key is the studio's until it is compared
            _refusal(name, path, None)
    assert len(said) >= 120
    for name, (kind, sentence) in SAYS.items():
        assert isinstance(said[name], kind), (name, said[name])
        assert re.search(sentence, str(said[name])), (name, str(said[name]))


def test_one_flipped_bit_in_any_member_is_refused_by_name(corpus: Any, tmp_path: Path) -> None:
    path = tmp_path / "flipped.age"
    for number, (name, data) in enumerate(corpus.files):
        for at in (0, len(data) // 2, len(data) - 1):
            flipped = bytearray(data)
            flipped[at] ^= 1 << (number % 7)
            path.write_bytes(corpus.encrypted(hostile.packed(corpus.replaced(name, bytes(flipped)))))
            with pytest.raises((Refused, Malformed)) as caught:
                extract(path, [parts.IDENTITY], parts.SIGNER.public_ssh, _ignore)
            assert name in caught.value.title, (name, at, caught.value.title)


@EVERY_TIME
@given(st.data())
def test_any_flipped_bit_anywhere_in_the_archive_is_refused(corpus: Any, tmp_path: Path, data: st.DataObject) -> None:
    flipped = bytearray(corpus.archive)
    # Half of the tries into what is no photo: headers, padding, small members.
    end = len(flipped) if data.draw(st.booleans()) else corpus.archive.index(corpus.photo.encode() + b"\0")
    flipped[data.draw(st.integers(0, end - 1))] ^= 1 << data.draw(st.integers(0, 7))
    path = tmp_path / "flipped.age"
    path.write_bytes(corpus.encrypted(bytes(flipped)))
    with pytest.raises((Refused, Malformed)):
        extract(path, [parts.IDENTITY], parts.SIGNER.public_ssh, _ignore)


@EVERY_TIME
@given(st.data())
def test_a_bundle_cut_anywhere_is_refused(corpus: Any, tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "cut.age"
    path.write_bytes(corpus.honest[: data.draw(st.integers(0, len(corpus.honest) - 1))])
    with pytest.raises((Malformed, CannotOpen)):
        extract(path, [parts.IDENTITY], parts.SIGNER.public_ssh, _ignore)


def test_a_forwarded_bundle_says_whom_it_was_for(corpus: Any, tmp_path: Path) -> None:
    import pyrage

    other = pyrage.x25519.Identity.from_str(parts.OTHER_IDENTITY)
    path = tmp_path / "forwarded.age"
    path.write_bytes(pyrage.encrypt(corpus.archive, [other.to_public()]))
    for read in (read_metadata, lambda a, b, c: extract(a, b, c, _ignore)):
        with pytest.raises(Refused, match=r"addressed to Northwind Casting \(DE\), not to you"):
            read(path, [parts.OTHER_IDENTITY], parts.SIGNER.public_ssh)

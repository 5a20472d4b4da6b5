"""Reading a bundle: everything comes back, only from the studio one trusts, and looking inside costs little."""

from __future__ import annotations

import hashlib
import io
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from safelight.bundle import reader
from safelight.bundle.prepare import Sidecar
from safelight.bundle.reader import extract, read_metadata
from safelight.documents.manifest import Member, MemberRole
from safelight.domain.consent import EventKind
from safelight.domain.errors import Cancelled, CannotOpen, Refused, WrongUsage
from safelight.keys.sealing import AgeIdentity, age_recipient, open_file
from support import bundle_parts as parts
from support import hostile_bundles as hostile


class Kept:
    """A sink that keeps what it is given."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.members: list[Member] = []

    def __call__(self, member: Member, stream: BinaryIO, /) -> None:
        data = stream.read()
        assert stream.seek(0) == 0 and stream.read() == data and stream.seek(0, 2) == len(data)
        self.files[member.path] = data
        self.members.append(member)


def test_everything_comes_back(honest: Any, portrait: bytes) -> None:
    kept = Kept()
    identity = AgeIdentity(age_recipient(parts.IDENTITY), parts.IDENTITY)
    opened = extract(honest.path, [identity], parts.SIGNER.public_ssh, kept)
    assert opened.complete and opened.pinned and opened.warnings(parts.NOW) == ()
    assert opened.manifest == honest.manifest
    assert opened.manifest_sha256 == honest.manifest_sha256
    assert opened.signed_by == parts.SIGNER.public_ssh
    assert list(kept.files.values()) == [each.data for each in parts.distinct(portrait, 3)]
    assert [each.path for each in kept.members] == [each.path for each in opened.manifest.photos]
    assert list(opened.notices.values()) == [parts.NOTICE.decode()]
    assert opened.status_lists[0].ended(7) and not opened.status_lists[0].ended(11)
    assert {each.photo for each in opened.policies.values()} == {each.guid for each in opened.manifest.photos}
    for signed in opened.receipts.values():
        # One record is told; of the refusal nothing travels but a digest.
        assert [each.kind for each in signed.receipt.records] == [EventKind.GIVEN]
        assert len(signed.digests) == 2
    assert not any(b"refused" in data for data in opened.files.values() if data.startswith(b"{"))


def test_metadata_is_the_same_without_the_photos(honest: Any) -> None:
    whole = extract(honest.path, [parts.IDENTITY], None, Kept())
    part = read_metadata(honest.path, [parts.IDENTITY], None)
    assert not part.complete and part.files == whole.files and part.receipts == whole.receipts
    assert part.policies == whole.policies and part.status_lists == whole.status_lists


def test_looking_inside_reads_only_the_beginning(
    portrait: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = parts.write(tmp_path / "b.age", parts.distinct(portrait * 100, 4)).path
    original = open_file
    read: list[Any] = []

    def counting(source: Any, sink: Any, identities: Any) -> Any:
        class Counted:
            def read(self, size: int) -> bytes:
                data: bytes = source.read(size)
                read.append(len(data))
                return data

        return original(Counted(), sink, identities)

    monkeypatch.setattr(reader, "open_file", counting)
    threads = threading.active_count()
    read_metadata(path, [parts.IDENTITY], parts.SIGNER.public_ssh)
    assert threading.active_count() == threads
    assert path.stat().st_size > 20_000_000
    assert sum(read) < 3_000_000


def test_nobody_has_vouched_for_an_unpinned_key(honest: Any) -> None:
    opened = read_metadata(honest.path, [parts.IDENTITY], None)
    assert not opened.pinned
    (warning,) = opened.warnings(parts.NOW)
    assert opened.manifest.studio.fingerprint in warning


def test_another_pin_is_refused_even_before_the_manifest_is_read(honest: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "read_manifest", lambda _: pytest.fail("bytes nobody vouches for were parsed"))
    with pytest.raises(Refused, match="by another key"):
        read_metadata(honest.path, [parts.IDENTITY], parts.OTHER_SIGNER.public_ssh)


def test_a_studio_with_the_same_name_and_another_key_is_another_studio(portrait: bytes, tmp_path: Path) -> None:
    impostor = parts.write(tmp_path / "b.age", parts.distinct(portrait, 1), signer=parts.OTHER_SIGNER)
    with pytest.raises(Refused, match="by another key"):
        extract(impostor.path, [parts.IDENTITY], parts.SIGNER.public_ssh, Kept())
    assert read_metadata(impostor.path, [parts.IDENTITY], parts.OTHER_SIGNER.public_ssh).pinned


def test_records_keep_the_signature_of_a_key_the_studio_has_since_replaced(portrait: bytes, tmp_path: Path) -> None:
    written = parts.write(tmp_path / "b.age", parts.distinct(portrait, 2), former=(parts.OTHER_SIGNER,))
    opened = read_metadata(written.path, [parts.IDENTITY], parts.SIGNER.public_ssh)
    assert opened.manifest.studio.former_keys == (parts.OTHER_SIGNER.public_ssh,)


def test_the_wrong_key_opens_nothing(honest: Any, tmp_path: Path) -> None:
    for read in (read_metadata, lambda a, b, c: extract(a, b, c, Kept())):
        with pytest.raises(CannotOpen, match="another key"):
            read(honest.path, [parts.OTHER_IDENTITY], None)
        with pytest.raises(CannotOpen, match="could not be opened"):
            read(tmp_path / "nowhere.age", [parts.IDENTITY], None)
        with pytest.raises(WrongUsage, match="is a folder"):
            read(tmp_path, [parts.IDENTITY], None)


def test_an_old_status_list_is_a_warning_with_its_date(honest: Any) -> None:
    opened = read_metadata(honest.path, [parts.IDENTITY], parts.SIGNER.public_ssh)
    assert opened.vouched_until == parts.NOW + timedelta(days=30)
    assert opened.warnings(opened.vouched_until) == ()
    (warning,) = opened.warnings(opened.vouched_until + timedelta(seconds=1))
    assert "2026-05-31T10:14:32Z" in warning
    (warning,) = opened.warnings(parts.NOW - timedelta(days=1))
    assert "clock" in warning


def test_large_photos_wait_sealed_and_raw_files_bring_sidecars(
    portrait: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "IN_MEMORY", 50_000)
    raw = parts.Picture(
        b"II*\0" + b"raw" * 40_000, "image/x-nikon-nef", "nef", (Sidecar("xmp", b"<x/>"), Sidecar("c2pa", b"box"))
    )
    written = parts.write(tmp_path / "b.age", [*parts.distinct(portrait, 1), raw])
    kept = Kept()
    staging = tmp_path / "staging"
    staging.mkdir()
    extract(written.path, [parts.IDENTITY], None, kept, staging=staging)
    assert list(kept.files.values()) == [parts.distinct(portrait, 1)[0].data, raw.data, b"<x/>", b"box"]
    assert [each.role for each in kept.members] == [MemberRole.PHOTO] * 2 + [MemberRole.SIDECAR] * 2
    assert list(staging.iterdir()) == []
    guid = written.manifest.photos[1].guid
    assert written.manifest.photos[1].sidecars == (f"photos/{guid}.xmp", f"photos/{guid}.c2pa")


def test_progress_is_told_and_stopping_stops(honest: Any) -> None:
    seen = []

    def report(done: int, total: int, what: str) -> None:
        seen.append((done, total))
        if len(seen) == 2 and stop:
            raise Cancelled

    stop = False
    extract(honest.path, [parts.IDENTITY], None, Kept(), report)
    assert [each[0] for each in seen] == sorted(each[0] for each in seen) and seen[-1][0] == seen[-1][1] > 0
    seen, stop, threads = [], True, threading.active_count()
    with pytest.raises(Cancelled):
        extract(honest.path, [parts.IDENTITY], None, Kept(), report)
    assert threading.active_count() == threads


def test_what_the_sink_raises_comes_out(honest: Any) -> None:
    def full(member: Member, stream: BinaryIO, /) -> None:
        raise Refused("The archive does not want it.")

    threads = threading.active_count()
    with pytest.raises(Refused, match="does not want"):
        extract(honest.path, [parts.IDENTITY], None, full)
    assert threading.active_count() == threads


def test_the_sink_never_sees_a_changed_photo(corpus: Any, tmp_path: Path) -> None:
    photos = [name for name, _ in corpus.files if name.startswith("photos/")]
    data = bytearray(corpus.by_name[photos[1]])
    data[-1] ^= 1
    path = tmp_path / "b.age"
    path.write_bytes(corpus.encrypted(hostile.packed(corpus.replaced(photos[1], bytes(data)))))
    kept = Kept()
    with pytest.raises(Refused, match=f"{photos[1]} was changed"):
        extract(path, [parts.IDENTITY], None, kept)
    assert list(kept.files) == photos[:1]


def test_an_independent_reader_of_age_sees_the_same(honest: Any, corpus: Any) -> None:
    """Decrypted by hand, with primitives only, as the format's specification says (C2SP age v1)."""
    import base64

    from cryptography.hazmat.primitives import hashes, hmac
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    def derive(salt: bytes | None, info: bytes, key: bytes) -> bytes:
        return HKDF(hashes.SHA256(), 32, salt, info).derive(key)

    def decoded(text: bytes) -> bytes:
        return base64.b64decode(text + b"=" * (-len(text) % 4))

    letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    values = [letters.index(char) for char in parts.IDENTITY.lower().split("1", 1)[1][:-6]]
    number = int("".join(f"{value:05b}" for value in values)[:256], 2)
    key = X25519PrivateKey.from_private_bytes(number.to_bytes(32, "big"))
    mine = key.public_key().public_bytes_raw()
    stream = io.BytesIO(honest.path.read_bytes())
    head = b""
    stanzas = []
    while not (line := stream.readline()).startswith(b"---"):
        head += line
        if line.startswith(b"-> X25519 "):
            body = stream.readline()
            stanzas.append((decoded(line.split(b" ")[2].strip()), decoded(body.strip())))
            head += body
    ((share, wrapped),) = stanzas
    secret = key.exchange(X25519PublicKey.from_public_bytes(share))
    unwrap = ChaCha20Poly1305(derive(share + mine, b"age-encryption.org/v1/X25519", secret))
    file_key = unwrap.decrypt(bytes(12), wrapped, None)
    check = hmac.HMAC(derive(None, b"header", file_key), hashes.SHA256())
    check.update(head + b"---")
    check.verify(decoded(line[4:].strip()))
    cipher = ChaCha20Poly1305(derive(stream.read(16), b"payload", file_key))
    clear, number = b"", 0
    while chunk := stream.read(65552):
        last = stream.tell() == honest.size
        clear += cipher.decrypt(number.to_bytes(11, "big") + bytes([last]), chunk, None)
        number += 1
    assert hashlib.sha256(clear).digest() == hashlib.sha256(corpus.archive).digest()

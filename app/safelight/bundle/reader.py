"""Opens a bundle from outside, stage by stage; nothing it says counts before the studio's signature was checked.

Stages: the header gate and decryption (``keys.sealing``, in a thread of its own), the strict tar form (``ustar``), then
in the order of the file the manifest and its signature, whom it is for, every small member against its hash and against
each other (``contents``), and the photos. Plaintext stays in memory; a photo too large for that waits sealed.
"""

from __future__ import annotations

import calendar
import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Protocol

from safelight.documents.manifest import (
    MANIFEST_PATH,
    MAX_JSON,
    SIGNATURE_PATH,
    SUMS_PATH,
    Manifest,
    ManifestPhoto,
    Member,
    MemberRole,
    order_of,
    read_manifest,
)
from safelight.documents.reading import printable
from safelight.domain.errors import CannotOpen, Malformed, Refused
from safelight.domain.ids import Sha256
from safelight.domain.progress import Report, silent
from safelight.images.imagehash import image_data_sha256
from safelight.keys.input_files import open_input
from safelight.keys.sealing import AgeIdentity, age_recipient, open_file
from safelight.keys.signing import signer_of
from safelight.keys.spool import SealedSpool

from .contents import OpenedBundle, check_signature, manifest_hash, open_contents
from .pipe import Pipe
from .readme import sums
from .ustar import UstarReader

IN_MEMORY = 32 * 1024 * 1024
"""Photos up to this size are held in memory while they are checked and handed on."""
_LONGEST_SIGNATURE = 4096
_PHOTOS = order_of(MemberRole.PHOTO)
_KEPT_NOTHING = "Nothing of the bundle was kept. Ask the studio for a fresh copy."


class PhotoSink(Protocol):
    """Takes the photos (and their sidecars) of a bundle, one by one, in the bundle's order, in the caller's thread."""

    def __call__(self, member: Member, stream: BinaryIO, /) -> None:
        """``stream`` is seekable, holds exactly the member's content and is valid during the call; it was checked
        against the manifest. The bundle as a whole is only whole when :func:`extract` has returned."""  # noqa: D209
        ...


@dataclass(frozen=True, slots=True)
class SignedManifest:
    """What a bundle says of itself, and the key that signed it; of everything else nothing was read."""

    manifest: Manifest
    sha256: Sha256
    signed_by: str


def read_signed_manifest(
    path: Path, identities: Sequence[AgeIdentity | str], vouched: Callable[[str], None]
) -> SignedManifest:
    """The manifest alone, if somebody who is trusted signed it and it is for one of ``identities``.

    ``vouched`` is called with the key that claims to have signed and raises when nobody trusts that key; then, and
    when the signature is not by it, the manifest is not even parsed. Raises as :func:`read_metadata` does.
    """
    with _decrypted(path, identities) as archive:
        untrusted, mtime = _first(archive, MANIFEST_PATH, MAX_JSON)
        signature, _ = _first(archive, SIGNATURE_PATH, _LONGEST_SIGNATURE, mtime)
        with _about_the_manifest():
            key = signer_of(_text(signature))
        vouched(key)
        manifest = _signed_manifest(untrusted, signature, key)
        _check_addressee(manifest, identities)
        return SignedManifest(manifest, manifest_hash(untrusted), key)


def read_metadata(path: Path, identities: Sequence[AgeIdentity | str], pin: str | None) -> OpenedBundle:
    """Everything before the first photo, checked; the photos are neither decrypted nor checked.

    ``pin`` is the studio's public SSH key from a card that is trusted; None accepts the key the bundle names and says
    so in the result. Raises :class:`CannotOpen` (not for these keys), :class:`Malformed`, :class:`Refused`
    (signature, pin, or addressed to somebody else).
    """
    with _decrypted(path, identities) as archive:
        return _open(archive, identities, pin)


def extract(
    path: Path,
    identities: Sequence[AgeIdentity | str],
    pin: str | None,
    sink: PhotoSink,
    report: Report = silent,
    staging: Path | None = None,
) -> OpenedBundle:
    """Everything, checked to the last byte; each photo goes to ``sink`` as soon as its own hashes have matched.

    When this raises, the caller throws away what ``sink`` was given. Photos over 32 MiB wait sealed in an unnamed file
    in ``staging`` (None: the system's place for temporary files). Raises as :func:`read_metadata` does.
    """
    with ExitStack() as stack:
        checker = stack.enter_context(ThreadPoolExecutor(1, thread_name_prefix="safelight-check"))
        # Left first: that stops the decryption, so the checker is not waited for longer than one piece.
        archive = stack.enter_context(_decrypted(path, identities))
        opened = _open(archive, identities, pin)
        manifest = opened.manifest
        members = [each for each in manifest.members if order_of(each.role) == _PHOTOS]
        photos = {each.path: each for each in manifest.photos}
        done, total = 0, sum(each.size for each in members)
        mtime = _mtime(manifest)
        first = members[:1]  # none where the records alone are renewed
        upcoming = [checker.submit(_checked, archive, each, mtime, photos.get(each.path), staging) for each in first]
        for index, member in enumerate(members):
            report(done, total, "checking photos")
            with upcoming[0].result() as photo:
                # While the sink works on this one, the next is decrypted and checked.
                if index + 1 < len(members):
                    after = members[index + 1]
                    upcoming = [checker.submit(_checked, archive, after, mtime, photos.get(after.path), staging)]
                sink(member, photo.stream)
            done += member.size
        if (extra := archive.next_entry()) is not None:
            raise _unexpected(extra.name)
        report(total, total, "checking photos")
    return replace(opened, complete=True)


@contextmanager
def _decrypted(path: Path, identities: Sequence[AgeIdentity | str]) -> Iterator[UstarReader]:
    try:
        file = open_input(path)
    except OSError as error:
        raise CannotOpen(
            f"“{path.name}” could not be opened ({error.strerror}).", "Check the name, and that you may read the file."
        ) from error
    with file, Pipe(lambda pipe: open_file(file, pipe, identities), "safelight-decrypt") as pipe:
        yield UstarReader(pipe)


def _open(archive: UstarReader, identities: Sequence[AgeIdentity | str], pin: str | None) -> OpenedBundle:
    """The members before the first photo, checked; leaves the archive at the first photo."""
    untrusted_manifest, mtime = _first(archive, MANIFEST_PATH, MAX_JSON)
    signature, _ = _first(archive, SIGNATURE_PATH, _LONGEST_SIGNATURE, mtime)
    manifest = _signed_manifest(untrusted_manifest, signature, pin)
    _check_addressee(manifest, identities)
    if mtime != _mtime(manifest):
        raise Refused("The files in the bundle are not of the time the manifest says.", _KEPT_NOTHING)
    front = {MANIFEST_PATH: untrusted_manifest, SIGNATURE_PATH: signature}
    expected = sums(front, manifest.members)
    if _first(archive, SUMS_PATH, len(expected), mtime)[0] != expected:
        raise Refused(f"{SUMS_PATH} does not agree with the manifest and its signature.", _KEPT_NOTHING)
    files = {**front, SUMS_PATH: expected}
    small = [each for each in manifest.members if order_of(each.role) < _PHOTOS]
    for member in small:
        _next(archive, member, mtime)
        data = archive.content(member.size)
        if hashlib.sha256(data).hexdigest() != member.sha256:
            raise _changed(member)
        files[member.path] = data
    return open_contents(
        manifest, files, manifest.studio.ssh_public_key, pin is not None, manifest_hash(untrusted_manifest)
    )


def _first(archive: UstarReader, name: str, most: int, mtime: int | None = None) -> tuple[bytes, int]:
    entry = archive.next_entry()
    if entry is None or entry.name != name or (mtime is not None and entry.mtime != mtime):
        raise Malformed(f"The bundle does not begin as one must: {name} is not where it belongs.", _KEPT_NOTHING)
    if entry.size > most:
        raise Malformed(f"{name} is larger than it may be.", _KEPT_NOTHING)
    return archive.content(most), entry.mtime


def _signed_manifest(untrusted: bytes, signature: bytes, pin: str | None) -> Manifest:
    with _about_the_manifest():
        if pin is not None:
            # Bytes nobody known has signed are not even parsed.
            check_signature((pin,), untrusted, signature, "safelight-bundle")
        manifest = read_manifest(untrusted)
        check_signature((manifest.studio.ssh_public_key,), untrusted, signature, "safelight-bundle")
    return manifest


@contextmanager
def _about_the_manifest() -> Iterator[None]:
    """Errors begin with the names of the two members they are about."""
    try:
        yield
    except Refused as error:
        raise Refused(f"{MANIFEST_PATH} and {SIGNATURE_PATH} do not fit: {error.title}", error.hint) from error
    except Malformed as error:
        title = f"{MANIFEST_PATH} or {SIGNATURE_PATH}: {error.title}"
        raise Malformed(title, error.hint, error.faults) from error


def _text(signature: bytes) -> str:
    try:
        return signature.decode("ascii")
    except UnicodeDecodeError as error:
        raise Malformed("The signature is not text.", _KEPT_NOTHING) from error


def _check_addressee(manifest: Manifest, identities: Sequence[AgeIdentity | str]) -> None:
    ours = {each.recipient if isinstance(each, AgeIdentity) else age_recipient(each) for each in identities}
    recipient = manifest.recipient
    if recipient.id not in ours:
        raise Refused(
            f"This bundle is addressed to {printable(recipient.name)} ({recipient.country}), not to you.",
            f"What it allows, it allows {printable(recipient.name)} alone. Nothing was kept; ask "
            f"{printable(manifest.studio.name)} for a bundle of your own.",
        )


def _mtime(manifest: Manifest) -> int:
    return calendar.timegm(manifest.created_at.utctimetuple())


def _next(archive: UstarReader, member: Member, mtime: int) -> None:
    entry = archive.next_entry()
    if entry is None:
        raise Malformed(f"{member.path} is listed in the manifest but missing.", _KEPT_NOTHING)
    if entry.name != member.path:
        raise _unexpected(entry.name, member.path)
    if entry.size != member.size or entry.mtime != mtime:
        raise Refused(f"{member.path} does not have the size or time the manifest says.", _KEPT_NOTHING)


def _unexpected(name: str, instead_of: str = "") -> Malformed:
    where = f" where the manifest lists {instead_of}" if instead_of else " behind the last file of the manifest"
    return Malformed(f"The bundle holds {name}{where}.", _KEPT_NOTHING)


def _changed(member: Member) -> Refused:
    return Refused(f"{member.path} was changed after the manifest was signed.", _KEPT_NOTHING)


@dataclass(frozen=True, slots=True)
class _Photo:
    """A checked photo or sidecar; leaving it gives its memory or its place on disk back."""

    stream: BinaryIO
    resources: ExitStack

    def __enter__(self) -> _Photo:
        return self

    def __exit__(self, *_: object) -> None:
        self.resources.close()


def _checked(
    archive: UstarReader, member: Member, mtime: int, photo: ManifestPhoto | None, staging: Path | None
) -> _Photo:
    """Take ``member`` out of the archive and check its hash and, if it is a photo, that of its image data."""
    _next(archive, member, mtime)
    digest = hashlib.sha256()
    with ExitStack() as stack:
        if member.size <= IN_MEMORY:
            stream: BinaryIO = (held := io.BytesIO())
            for piece in archive.pieces():
                digest.update(piece)
                held.write(piece)
            image: memoryview | BinaryIO = held.getbuffer()
        else:
            spool = stack.enter_context(SealedSpool(staging))
            for piece in archive.pieces():
                digest.update(piece)
                spool.append(piece)
            image = stream = stack.enter_context(spool.open(0, member.size))
        if digest.hexdigest() != member.sha256:
            raise _changed(member)
        if photo is not None:
            _check_image(photo, image)
        stream.seek(0)
        return _Photo(stream, stack.pop_all())


def _check_image(photo: ManifestPhoto, image: memoryview | BinaryIO) -> None:
    """An agency finds a photo again by the hash of its image data, so the manifest must tell the right one."""
    try:
        found = image_data_sha256(image, photo.media_type)
    except Malformed as error:
        raise Malformed(f"{photo.path}: {error.title}", error.hint, error.faults) from error
    if (found.kind, found.sha256) != (photo.image_hash_kind, photo.image_sha256):
        raise Refused(f"{photo.path} shows another picture than the manifest says.", _KEPT_NOTHING)

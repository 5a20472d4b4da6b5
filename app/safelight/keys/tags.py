"""Keyed tags: equal things are told inside one archive, and nobody without its key learns which things they are."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Sequence

from safelight.domain.ids import Sha256
from safelight.keys.framing import framed
from safelight.keys.master import KeySource


def image_tag(source: KeySource, kind: str, sha256: Sha256) -> str:
    """64 hexadecimal digits for the image data with this hash of this kind, whatever metadata stands beside it."""
    return _tag(source, "image-tag", kind.encode(), bytes.fromhex(sha256)).hex()


def file_tags(source: KeySource, files: Sequence[tuple[str, tuple[int, int, int, int]]]) -> tuple[str, ...]:
    """One tag each for files by name and what the file system says: device, inode, size, time of change in ns."""
    key = source.derive("file-tag")
    return tuple(
        hmac.digest(
            key,
            framed(name.encode("utf-8", "surrogateescape"), *(str(number).encode() for number in mark)),
            hashlib.sha256,
        ).hex()
        for name, mark in files
    )


def camera_tag(source: KeySource, model: str, serial: str) -> str:
    """A tag for one camera; empty when it says nothing about itself. Bodies without a serial number share one.

    ``model`` is its name with the maker's in it, however the camera divides the two.
    """
    return _tag(source, "camera-tag", model.encode(), serial.encode()).hex() if model or serial else ""


def shot_id(source: KeySource, camera: str, stem: str, second: str) -> str:
    """The id of one release of the shutter, in the form of a random UUID (RFC 9562, version 4).

    Equal for whatever one ``camera`` (a tag) wrote under one name without ending, in one ``second`` of its own clock.
    """
    tag = _tag(source, "shot", camera.encode(), stem.casefold().encode("utf-8", "surrogateescape"), second.encode())
    return str(uuid.UUID(bytes=tag[:16], version=4))


def code_tag(source: KeySource, code_sha256: Sha256) -> str:
    """A tag for the code on a receipt, by the hash it is compared by: 64 hexadecimal digits."""
    return _tag(source, "withdrawal-code", bytes.fromhex(code_sha256)).hex()


def suppression_salt(source: KeySource, recipient: str) -> str:
    """The salt of the hashes one recipient is sent of pictures to leave out, always the same: 64 digits."""
    return _tag(source, "suppression-salt", recipient.encode()).hex()


def _tag(source: KeySource, label: str, *parts: bytes) -> bytes:
    return hmac.digest(source.derive(label), framed(*parts), hashlib.sha256)

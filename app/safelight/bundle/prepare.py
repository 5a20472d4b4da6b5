"""A photo made ready for export: cleaned, marked, signed; as parts around image data that is read but never copied."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from safelight.domain.errors import Malformed
from safelight.domain.ids import Sha256
from safelight.images.cleaning import merged_xmp
from safelight.images.media_type import MediaType
from safelight.images.photo_file import PhotoFile
from safelight.images.rights_marks import RightsMarks
from safelight.images.xmp import read_photo, takes_xmp
from safelight.images.xmp_packet import merge

from .credentials import Buffer, CredentialSigner

# Its binding is over boxes, not over a plain stretch of bytes (C2PA 2.4, "BMFF hash"): the library makes it.
BOXES = frozenset({MediaType.HEIC.value})


class Sidecar(NamedTuple):
    """A file that goes beside a photo into which nothing is written; ``ending`` (``xmp``, ``c2pa``) without the dot."""

    ending: str
    data: bytes


@dataclass(frozen=True, slots=True)
class PreparedPhoto:
    """The bytes of a bundle member: written one part after the other they have ``size`` and ``sha256``."""

    parts: tuple[Buffer, ...]
    size: int
    sha256: Sha256
    sidecars: tuple[Sidecar, ...] = ()


def prepare_photo(
    untrusted_image: Buffer,
    media_type: str,
    marks: RightsMarks,
    definition: Mapping[str, Any],
    signer: CredentialSigner | None,
    keep: frozenset[str] = frozenset(),
) -> PreparedPhoto:
    """Clean, write XMP, sign last (anything later would break the signature).

    JPEG, PNG, WebP, TIFF and DNG carry everything inside; all other kinds keep their bytes and get ``.xmp`` and
    ``.c2pa`` beside them. ``definition`` is from ``images.credentials.manifest_definition``; ``keep`` as in
    ``images.cleaning.clean``; without ``signer`` there are no credentials. Raises Malformed if the file is torn.
    """
    if not takes_xmp(media_type):
        return _beside(untrusted_image, media_type, marks, definition, signer)
    photo = read_photo(untrusted_image, media_type)
    photo = photo.cleaned(keep).with_xmp(merged_xmp(photo, marks, keep))
    if signer is None:
        return _hashed(photo)
    if not signer.signs_hashes:
        whole = signer.sign(photo.parts(), media_type, definition)
        return PreparedPhoto((whole,), len(whole), Sha256(hashlib.sha256(whole).hexdigest()))
    photo = photo.with_credentials(bytes(signer.reserve(definition)))
    start, length = photo.credentials_span()
    before, after = _around(photo.parts(), start)
    digest = _digest(before)
    file_digest = digest.copy()  # everything before the manifest is hashed once for both
    for part in after:
        digest.update(part)
    store = signer.sign_hash(definition, digest.digest(), start, length)
    photo = photo.with_credentials(store)
    parts = photo.parts()
    if photo.credentials_span() != (start, length):
        raise Malformed("The photo could not be signed.", "Nothing was written: its credentials changed their length.")
    for part in parts[len(before) :]:
        file_digest.update(part)
    size = sum(len(each) for each in parts)
    return PreparedPhoto(tuple(parts), size, Sha256(file_digest.hexdigest()))


def _beside(
    image: Buffer, media_type: str, marks: RightsMarks, definition: Mapping[str, Any], signer: CredentialSigner | None
) -> PreparedPhoto:
    digest = hashlib.sha256(image)
    sidecars = [Sidecar("xmp", merge(None, marks))]
    if signer is not None:
        if media_type in BOXES:
            store = signer.sign_file(definition, image, media_type)
        else:
            store = signer.sign_hash(definition, digest.digest(), 0, 0)
        sidecars.append(Sidecar("c2pa", store))
    return PreparedPhoto((image,), len(image), Sha256(digest.hexdigest()), tuple(sidecars))


def _hashed(photo: PhotoFile) -> PreparedPhoto:
    parts = photo.parts()
    size = sum(len(each) for each in parts)
    return PreparedPhoto(tuple(parts), size, Sha256(_digest(parts).hexdigest()))


def _digest(parts: list[Buffer]) -> Any:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest


def _around(parts: list[Buffer], start: int) -> tuple[list[Buffer], list[Buffer]]:
    """The parts before and after the manifest, which is a part of its own and begins at ``start``."""
    at = 0
    for number, part in enumerate(parts):
        if at == start:
            return parts[:number], parts[number + 1 :]
        at += len(part)
    raise Malformed("The photo could not be signed.", "Nothing was written: its parts do not add up.")

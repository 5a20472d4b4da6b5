"""The manifest of a bundle as signed bytes: from whom, for whom, which uses, every file, and who is on each photo."""

from __future__ import annotations

import json

from safelight.domain.errors import Malformed

from .jcs import canonical
from .manifest_check import check, key_fingerprint, recipient_fingerprint
from .manifest_parts import (
    FORMAT,
    MANIFEST_PATH,
    MAX_BEFORE_PHOTOS,
    MAX_JSON,
    MAX_MEMBERS,
    MAX_PHOTO,
    MEDIA_TYPES,
    README_PATH,
    SIGNATURE_PATH,
    STATUS_PATH,
    SUMS_PATH,
    WHAT,
    Manifest,
    ManifestPhoto,
    ManifestRecipient,
    ManifestStudio,
    Member,
    MemberRole,
    order_of,
    status_path,
)
from .plain import from_plain, to_plain
from .reading import Faults, parse_json, validate

__all__ = [
    "FORMAT",
    "MANIFEST_PATH",
    "MAX_BEFORE_PHOTOS",
    "MAX_JSON",
    "MAX_MEMBERS",
    "MAX_PHOTO",
    "MEDIA_TYPES",
    "README_PATH",
    "SIGNATURE_PATH",
    "STATUS_PATH",
    "SUMS_PATH",
    "Manifest",
    "ManifestPhoto",
    "ManifestRecipient",
    "ManifestStudio",
    "Member",
    "MemberRole",
    "key_fingerprint",
    "order_of",
    "read_manifest",
    "recipient_fingerprint",
    "status_path",
    "write_manifest",
]


def write_manifest(manifest: Manifest) -> bytes:
    """The RFC 8785 bytes of ``manifest``; raises :class:`Malformed` for what :func:`read_manifest` would refuse."""
    raw = to_plain(manifest)
    data = canonical(raw)
    if len(data) > MAX_JSON:
        raise Malformed("The bundle is too large for one manifest.", "Export the photos in several bundles.")
    validate("manifest", raw, WHAT)
    check(manifest)
    return data


def read_manifest(untrusted: bytes) -> Manifest:
    """The manifest in ``untrusted``; raises :class:`Malformed` with every fault. Its signature is still to be checked.

    Bytes that are not the RFC 8785 form are refused, so that one manifest has one hash.
    """
    raw = parse_json(untrusted, WHAT, MAX_JSON)
    validate("manifest", raw, WHAT)
    manifest = from_plain(Manifest, raw, "", WHAT)
    faults = Faults(WHAT)
    # The schema allows no fraction and no key outside ASCII; for the rest this is the RFC 8785 form, at C speed.
    if json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() != untrusted:
        faults.add("", "not in canonical form (RFC 8785)")
    check(manifest, faults)
    return manifest

"""The two keys of each subject, wrapped by the master: destroying the wrapped copies erases the person."""

from __future__ import annotations

from dataclasses import dataclass, field
from secrets import token_bytes
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from safelight.domain.errors import Malformed
from safelight.domain.ids import OrganisationId
from safelight.keys.framing import framed
from safelight.keys.master import KEY_SIZE, MasterKey

SubjectKeyPurpose = Literal["portrait", "evidence"]
"""``portrait``: photos, ink, demographics. ``evidence``: record, receipt, journal payloads."""

_NONCE = 12
WRAPPED_SIZE = _NONCE + KEY_SIZE + 16
"""Bytes of a wrapped key: nonce, ciphertext, tag."""


@dataclass(frozen=True, slots=True)
class SubjectKeys:
    """The two independent 32-byte keys of one subject; neither shows in ``repr``."""

    portrait: bytes = field(repr=False)
    evidence: bytes = field(repr=False)


def new_subject_keys() -> SubjectKeys:
    """Two fresh random keys for a new subject."""
    return SubjectKeys(portrait=token_bytes(KEY_SIZE), evidence=token_bytes(KEY_SIZE))


def subject_key_aad(studio: OrganisationId, owner: str, purpose: SubjectKeyPurpose, version: int) -> bytes:
    """What a wrapped key is bound to, so that it opens only as this key of this owner in this key store."""
    return framed(b"safelight-subject-key/1", studio.encode(), owner.encode(), purpose.encode(), b"%d" % version)


def wrap_key(master: MasterKey, key: bytes, aad: bytes) -> bytes:
    """``key`` (32 bytes) encrypted under ``master`` and bound to ``aad``: 60 bytes (AES-256-GCM, random nonce)."""
    if len(key) != KEY_SIZE:
        raise ValueError("a subject key has 32 bytes")
    nonce = token_bytes(_NONCE)
    return nonce + AESGCM(master.derive("subject-keys")).encrypt(nonce, key, aad)


def unwrap_key(master: MasterKey, wrapped: bytes, aad: bytes) -> bytes:
    """The key that :func:`wrap_key` wrapped for the same ``aad``.

    During an unfinished rotation a key still wrapped by the predecessor opens too. Raises :class:`Malformed` when the
    copy was changed, belongs to another subject or another studio.
    """
    if len(wrapped) == WRAPPED_SIZE:
        candidate: MasterKey | None = master
        while candidate is not None:
            try:
                return AESGCM(candidate.derive("subject-keys")).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], aad)
            except InvalidTag:
                candidate = candidate.predecessor
    raise Malformed(
        "The key of a subject does not open: its stored copy was changed or belongs elsewhere.",
        "Nothing was changed; the other subjects still open. Restore the key store from a backup.",
    )

"""The studio's master key: 32 bytes from which every other key is derived or under which it is wrapped."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from secrets import token_bytes
from typing import NoReturn, Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_SIZE = 32
"""Bytes of every symmetric key here."""


class KeySource(Protocol):
    """Anything from which keys for a named purpose can be derived: the master key, or the studio's secrets."""

    def derive(self, label: str) -> bytes:
        """The 32-byte key for ``label``."""
        ...


def derive_key(secret: bytes, label: str) -> bytes:
    """A 32-byte key for the purpose ``label`` from a uniformly random ``secret`` (HKDF-SHA256, RFC 5869)."""
    info = b"safelight/key/1/" + label.encode()
    return HKDF(algorithm=hashes.SHA256(), length=KEY_SIZE, salt=None, info=info).derive(secret)


@dataclass(frozen=True, slots=True, eq=False)
class MasterKey:
    """The key of the whole archive; its bytes never show in ``repr``, logs or pickles.

    ``predecessor`` is set only while a master rotation is unfinished: what was not yet wrapped again opens under it.
    """

    exposed_bytes: bytes = field(repr=False)
    predecessor: MasterKey | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if type(self.exposed_bytes) is not bytes or len(self.exposed_bytes) != KEY_SIZE:
            raise ValueError("a master key has 32 bytes")

    def derive(self, label: str) -> bytes:
        """The 32-byte key for ``label`` ("rows", "journal", …); different labels tell nothing about each other."""
        return derive_key(self.exposed_bytes, label)

    @property
    def key_id(self) -> str:
        """16 hexadecimal digits that name this key without revealing anything of it."""
        return self.derive("key-id").hex()[:16]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MasterKey) and hmac.compare_digest(self.exposed_bytes, other.exposed_bytes)

    def __hash__(self) -> int:
        return hash(self.key_id)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a master key is not written anywhere except wrapped")


def new_master() -> MasterKey:
    """A fresh random master key."""
    return MasterKey(token_bytes(KEY_SIZE))

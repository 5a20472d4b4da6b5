"""age identities (X25519): made at random for organisations, derived from the subject's key for sealed files."""

from __future__ import annotations

from dataclasses import dataclass, field
from secrets import token_bytes

import pyrage
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from safelight.domain.errors import CannotOpen, Malformed
from safelight.keys.master import KEY_SIZE, derive_key
from safelight.keys.secret_files import secret_text

_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_SECRET_PREFIX = "age-secret-key-"
_PROBE = X25519PrivateKey.from_private_bytes(bytes(range(32)))
"""Any private key will do to see whether a point answers with zero, and this one keeps nothing secret."""


@dataclass(frozen=True, slots=True)
class AgeIdentity:
    """An X25519 identity: ``recipient`` (``age1…``) may be given to anybody, ``exposed_secret`` to nobody."""

    recipient: str
    exposed_secret: str = field(repr=False)


def file_identity(subject_key: bytes) -> AgeIdentity:
    """The identity to which one subject's files are sealed, always the same one for the same 32-byte key.

    It exists nowhere else: when the wrapped subject key is destroyed, so is this.
    """
    if len(subject_key) != KEY_SIZE:
        raise ValueError("a subject key has 32 bytes")
    return _identity(derive_key(subject_key, "age-x25519"))


def new_age_identity() -> str:
    """A fresh random identity, ``AGE-SECRET-KEY-1…``, as ``age-keygen`` makes it."""
    return _identity(token_bytes(KEY_SIZE)).exposed_secret


def age_recipient(identity: str) -> str:
    """The recipient ``age1…`` of an identity; :class:`CannotOpen` if it is not one."""
    return str(_parsed_identity(identity).to_public())


def identity_scalar(identity: AgeIdentity | str) -> bytes:
    """The 32 secret bytes of an identity, not clamped; text is stripped of white space around it."""
    return _bech32_data(str(_parsed_identity(identity)))


def recipient_point(recipient: str) -> bytes:
    """The 32 bytes of a public key.

    Raises :class:`Malformed` if the text is not an ``age1…`` X25519 recipient, or one of the few points to which
    nothing can be encrypted: with them the shared secret is zero whatever the sender does (RFC 7748, section 6.1).
    """
    try:
        point = _bech32_data(str(pyrage.x25519.Recipient.from_str(recipient)))
    except pyrage.RecipientError as error:
        raise Malformed("A recipient is not an age key.", "Text beginning with “age1” is expected.") from error
    try:
        _PROBE.exchange(X25519PublicKey.from_public_bytes(point))
    except ValueError as error:
        raise Malformed(
            "A recipient is an age key to which nothing can be encrypted.", "Ask its owner for the key they really use."
        ) from error
    return point


def _parsed_identity(identity: AgeIdentity | str) -> pyrage.x25519.Identity:
    text = identity.exposed_secret if isinstance(identity, AgeIdentity) else identity.strip()
    try:
        return pyrage.x25519.Identity.from_str(text)
    except pyrage.IdentityError as error:
        # The text is a secret, so it is not repeated.
        raise CannotOpen(
            "The key is not an age identity.",
            "A line beginning with “AGE-SECRET-KEY-1” is expected, as age-keygen writes it.",
        ) from error


def identities_in_file(untrusted: bytes) -> tuple[str, ...]:
    """The identities in an identity file, in order (comments and empty lines skipped, as ``age -i`` does).

    Raises :class:`CannotOpen` when there is none, or when a line is something else; which line is said, not what it
    holds.
    """
    found = []
    for number, line in enumerate(secret_text(untrusted, "The key file").splitlines(), 1):
        key = line.strip()
        if not key or key.startswith("#"):
            continue
        try:
            age_recipient(key)
        except CannotOpen as error:
            raise CannotOpen(f"Line {number} of the key file is not an age identity.", error.hint) from error
        found.append(key)
    if not found:
        raise CannotOpen("The key file holds no key.", "Give the file that age-keygen, or this program, wrote.")
    return tuple(dict.fromkeys(found))


def identity_in_file(untrusted: bytes) -> str:
    """The only identity in an identity file; raises :class:`CannotOpen` when there are several, or none."""
    keys = identities_in_file(untrusted)
    if len(keys) != 1:
        raise CannotOpen(
            f"The key file holds {len(keys)} keys where exactly one is expected.",
            "Put the one that is meant into a file of its own.",
        )
    return keys[0]


def _identity(scalar: bytes) -> AgeIdentity:
    # X25519 clamps any 32 bytes (RFC 7748 section 5), so every scalar is a valid identity.
    secret = _bech32(_SECRET_PREFIX, scalar).upper()
    return AgeIdentity(recipient=age_recipient(secret), exposed_secret=secret)


def _bech32(prefix: str, data: bytes) -> str:
    """Bech32 of ``data`` (BIP 173, without its length limit, as the age specification uses it)."""
    bits = int.from_bytes(data, "big") << (-len(data) * 8 % 5)
    count = -(-len(data) * 8 // 5)
    values = [(bits >> (5 * (count - 1 - i))) & 31 for i in range(count)]
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    check = _polymod([*expanded, *values, 0, 0, 0, 0, 0, 0]) ^ 1
    values += [(check >> (5 * (5 - i))) & 31 for i in range(6)]
    return f"{prefix}1{''.join(_CHARSET[value] for value in values)}"


def _bech32_data(text: str) -> bytes:
    """The bytes in a Bech32 text that the age library has accepted, checksum and all."""
    bits = 0
    values = [_CHARSET.index(each) for each in text.lower().rpartition("1")[2][:-6]]
    for value in values:
        bits = bits << 5 | value
    return (bits >> len(values) * 5 % 8).to_bytes(len(values) * 5 // 8, "big")


def _polymod(values: list[int]) -> int:
    state = 1
    for value in values:
        top = state >> 25
        state = (state & 0x1FFFFFF) << 5 ^ value
        for i, generator in enumerate(_GENERATORS):
            state ^= generator if top >> i & 1 else 0
    return state

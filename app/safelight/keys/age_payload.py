"""The age v1 format over the cipher of the cryptography library: wraps file keys, seals and opens payloads in bulk.

This is the one place where the program has code of its own although a library serves. The age library asks for 8 KiB
at a time and holds the interpreter while it works, which made taking in a bundle more than twice as slow as it is here.
Nothing of a cipher is written here, only how the format (C2SP age) puts them together: X25519 and HKDF-SHA-256 wrap a
file key for each recipient, HMAC binds the header to it, and ChaCha20-Poly1305 seals the payload in chunks of 64 KiB
whose nonce counts them and marks the last (STREAM), so that none can be left out, moved or added. The published test
vectors of the format and the age library itself, in both directions, are the judges in the tests.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Sequence
from secrets import token_bytes

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from safelight.domain.errors import CannotOpen, Malformed
from safelight.keys.age_header import VERSION_LINE, AgeHeader, X25519Stanza

CHUNK = 64 * 1024
PAYLOAD_NONCE = 16
_FILE_KEY = 16
_TAG = 16
_SEALED = CHUNK + _TAG
_TOGETHER = 8
"""So many chunks are gathered into one piece (512 KiB): the fewer the pieces, the fewer the turns of the threads."""
_LABEL = b"age-encryption.org/v1/X25519"
_ONCE = bytes(12)
"""The nonce of a file key's seal; the key of that seal is made for this one use."""

Fill = Callable[[memoryview], int]
"""Puts what comes next into the view and tells how much it was; less than asked for only at the end."""
Emit = Callable[[memoryview], None]
"""Takes a piece that never changes again."""


def new_file_key() -> bytes:
    """A fresh random file key; one file is sealed with it and no other."""
    return token_bytes(_FILE_KEY)


def header_bytes(file_key: bytes, points: Iterable[bytes]) -> bytes:
    """A header that gives ``file_key`` to each of the X25519 public keys ``points``."""
    lines = [VERSION_LINE]
    for point in points:
        share, body = _wrapped(file_key, point)
        lines.append(b"-> X25519 %b\n%b\n" % (_base64(share), _base64(body)))
    covered = b"".join(lines) + b"---"
    return covered + b" %b\n" % _base64(_mac(file_key, covered).finalize())


def file_key_of(untrusted: AgeHeader, scalars: Sequence[bytes]) -> bytes:
    """The file key, taken out with one of the secret ``scalars``; the header was authenticated with it.

    Raises :class:`CannotOpen` if no stanza is for any of them, :class:`Malformed` if the header was changed.
    """
    secrets = [X25519PrivateKey.from_private_bytes(each) for each in scalars]
    for stanza in untrusted.x25519:
        for secret in secrets:
            file_key = _unwrapped(stanza, secret)
            if file_key is not None:
                try:
                    _mac(file_key, untrusted.authenticated).verify(untrusted.mac)
                except InvalidSignature as error:
                    raise _damaged_header() from error
                return file_key
    raise CannotOpen(
        "The encrypted file is for another key.", "Nothing of it was kept. Ask the sender whom it was for."
    )


def seal_payload(file_key: bytes, fill: Fill, emit: Emit) -> None:
    """Encrypt everything that ``fill`` gives, to its end; what is emitted follows the header as it is."""
    nonce = token_bytes(PAYLOAD_NONCE)
    emit(memoryview(nonce))
    cipher, number = _payload_cipher(file_key, nonce), 0
    for gathered, whole, ended in _gathered(fill, CHUNK):
        rest = gathered[whole * CHUNK :]
        out = memoryview(bytearray(whole * _SEALED + (len(rest) + _TAG if ended else 0)))
        for index in range(whole):
            plain, sealed = gathered[index * CHUNK :][:CHUNK], out[index * _SEALED :][:_SEALED]
            cipher.encrypt_into(_nonce(number, False), plain, None, sealed)
            number += 1
        if ended:
            cipher.encrypt_into(_nonce(number, True), rest, None, out[whole * _SEALED :])
        emit(out)


def open_payload(file_key: bytes, fill: Fill, emit: Emit) -> None:
    """Decrypt everything that ``fill`` gives behind the header; every piece that is emitted is genuine.

    Whether the payload was cut short is known only at its end: :class:`Malformed` for that and for every damage.
    """
    nonce = bytearray(PAYLOAD_NONCE)
    if fill(memoryview(nonce)) < PAYLOAD_NONCE:
        raise _damaged()
    cipher, number = _payload_cipher(file_key, bytes(nonce)), 0
    for gathered, whole, ended in _gathered(fill, _SEALED):
        rest = gathered[whole * _SEALED :]
        # Every payload has a last chunk; an empty one is right only where there is no other.
        if ended and (len(rest) < _TAG or (len(rest) == _TAG and number + whole > 0)):
            raise _damaged()
        out = memoryview(bytearray(whole * CHUNK + (len(rest) - _TAG if ended else 0)))
        try:
            for index in range(whole):
                sealed, plain = gathered[index * _SEALED :][:_SEALED], out[index * CHUNK :][:CHUNK]
                cipher.decrypt_into(_nonce(number, False), sealed, None, plain)
                number += 1
            if ended:
                cipher.decrypt_into(_nonce(number, True), rest, None, out[whole * CHUNK :])
        except InvalidTag as error:
            raise _damaged() from error
        if out:
            emit(out)


def _gathered(fill: Fill, size: int) -> Iterator[tuple[memoryview, int, bool]]:
    """Everything that ``fill`` gives, some chunks of ``size`` at a time: the bytes, how many chunks lead them, the end.

    Whether a chunk is the last shows only when another byte follows it or none does: so a full one is held back, and
    at the end the last one follows those that are counted. The bytes are good until the next turn.
    """
    buffer = memoryview(bytearray(_TOGETHER * size))
    held, ended = 0, False
    while not ended:
        got = fill(buffer[held:])
        ended = got < len(buffer) - held
        filled = held + got
        whole = max(0, filled - 1) // size
        yield buffer[:filled], whole, ended
        held = filled - whole * size
        buffer[:held] = buffer[whole * size : filled]


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes((last,))


def _wrapped(file_key: bytes, point: bytes) -> X25519Stanza:
    ephemeral = X25519PrivateKey.generate()
    share = ephemeral.public_key().public_bytes_raw()
    try:
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(point))
    except ValueError as error:  # a point of low order: anybody would know the secret
        raise Malformed("A recipient is not an age key.", "It is a key that protects nothing.") from error
    return X25519Stanza(share, _stanza_cipher(shared, share, point).encrypt(_ONCE, file_key, None))


def _unwrapped(stanza: X25519Stanza, secret: X25519PrivateKey) -> bytes | None:
    try:
        shared = secret.exchange(X25519PublicKey.from_public_bytes(stanza.share))
    except ValueError as error:
        raise _damaged_header() from error
    try:
        point = secret.public_key().public_bytes_raw()
        return _stanza_cipher(shared, stanza.share, point).decrypt(_ONCE, stanza.body, None)
    except InvalidTag:
        return None


def _stanza_cipher(shared: bytes, share: bytes, point: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(_hkdf(shared, share + point, _LABEL))


def _payload_cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(_hkdf(file_key, nonce, b"payload"))


def _mac(file_key: bytes, covered: bytes) -> hmac.HMAC:
    mac = hmac.HMAC(_hkdf(file_key, None, b"header"), hashes.SHA256())
    mac.update(covered)
    return mac


def _hkdf(secret: bytes, salt: bytes | None, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt, info).derive(secret)


def _base64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _damaged() -> Malformed:
    return Malformed("The encrypted file is damaged or was cut short.", "Nothing of it was kept. Get a fresh copy.")


def _damaged_header() -> Malformed:
    return Malformed("The encrypted file is damaged at its beginning.", "Nothing of it was kept. Get a fresh copy.")

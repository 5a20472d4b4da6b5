"""Signs and checks in the SSH signature format, so that anyone can check with stock ``ssh-keygen -Y verify``."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from secrets import token_bytes
from typing import Literal, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from safelight.domain.errors import Malformed, Refused
from safelight.keys.framing import framed

Namespace = Literal[
    "safelight-bundle",
    "safelight-record",
    "safelight-status",
    "safelight-journal",
    "safelight-card",
    "safelight-receipt",
    "safelight-notice",
    "safelight-feed",
    "safelight-ack",
    "safelight-check",
    "safelight-closing",
    "safelight-rules",
    "safelight-suppression",
]
"""What a signature is for. It is part of what is signed, so one for a card can never pass as one for a bundle."""

_ALGORITHM = b"ssh-ed25519"
_MAGIC = b"SSHSIG"
_VERSION = (1).to_bytes(4, "big")
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----\n", "-----END SSH SIGNATURE-----\n"
_COLUMNS = 70
_LONGEST_SIGNATURE = 4096
_HASHES = {b"sha512": hashlib.sha512, b"sha256": hashlib.sha256}
_FIELD = 2**255 - 19
_SMALL_ORDER = frozenset(
    {
        0,
        1,
        _FIELD - 1,
        0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
        0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
    }
)
"""The y of the eight Ed25519 points of small order: with one of them as key, one signature fits many messages."""

_WORDS = 6
_BITS_PER_WORD = 10


class SigningKey:
    """An Ed25519 private key (RFC 8032) that signs under a namespace; it never shows its seed."""

    __slots__ = ("_key", "public_ssh")

    def __init__(self, seed: bytes) -> None:
        """``seed``: 32 random bytes. ``public_ssh`` is then the public half as OpenSSH writes it."""
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public_ssh = f"ssh-ed25519 {base64.b64encode(_blob(self._key.public_key().public_bytes_raw())).decode()}"

    def sign(self, message: bytes, namespace: Namespace) -> str:
        """The armored signature over ``message`` (PROTOCOL.sshsig, SHA-512), deterministic."""
        space = namespace.encode()
        signature = framed(_ALGORITHM, self._key.sign(_signed_bytes(message, space, b"sha512")))
        public = _blob(self._key.public_key().public_bytes_raw())
        body = _MAGIC + _VERSION + framed(public, space, b"", b"sha512", signature)
        text = base64.b64encode(body).decode()
        lines = [text[start : start + _COLUMNS] + "\n" for start in range(0, len(text), _COLUMNS)]
        return _BEGIN + "".join(lines) + _END

    def __repr__(self) -> str:
        return f"SigningKey({ssh_fingerprint(self.public_ssh)})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a signing key is not written anywhere except sealed")


@dataclass(frozen=True, slots=True)
class OneTimeSignature:
    """A signature whose private key no longer exists, so that nobody, the studio included, can make another."""

    public_ssh: str
    signature: str
    fingerprint: str
    """``SHA256:…`` of the public key, as printed on the receipt."""


def sign_once(statement: bytes, namespace: Namespace = "safelight-receipt") -> OneTimeSignature:
    """Sign ``statement`` with a key made for it alone and let go of that key.

    The seed lives only in this call: it is never written, returned or derived from anything. Python cannot overwrite
    its memory; the process never dumps core (``process.harden``).
    """
    key = SigningKey(token_bytes(32))
    return OneTimeSignature(key.public_ssh, key.sign(statement, namespace), ssh_fingerprint(key.public_ssh))


def verify_sshsig(public_ssh: str, message: bytes, signature: str, namespace: Namespace) -> None:
    """Return if ``signature`` is one over ``message`` by ``public_ssh`` for ``namespace``; raise otherwise.

    :class:`Refused`: another key, another purpose, or a changed message (each said). :class:`Malformed`: not a
    signature of this format. The key in the signature only tells *who claims*; trust comes from ``public_ssh``.
    """
    pinned = _public_blob(public_ssh)
    untrusted = _read_signature(signature)
    if untrusted.public != pinned:
        raise Refused(
            f"The signature is by another key ({_fingerprint(untrusted.public)}) than the one expected "
            f"({_fingerprint(pinned)}).",
            "Nothing was taken over. Ask the sender, by another way than this file, which key is theirs.",
        )
    if untrusted.namespace != namespace.encode():
        raise Refused(
            f"The signature was made for another purpose ({_printable(untrusted.namespace)}) than “{namespace}”.",
            "Nothing was taken over. Ask the sender for the right file.",
        )
    tbs = _signed_bytes(message, untrusted.namespace, untrusted.hash_name)
    try:
        Ed25519PublicKey.from_public_bytes(pinned[-32:]).verify(untrusted.signature, tbs)
    except (InvalidSignature, ValueError) as error:
        raise Refused(
            "The content was changed after it was signed, or the signature was.",
            "Nothing was taken over. Ask the sender to send it again.",
        ) from error


def signer_of(untrusted_signature: str) -> str:
    """The public key an armored signature carries ("ssh-ed25519 …"): who claims to have signed, nothing more.

    For a one-time key, whose fingerprint is compared with what the person's receipt says.
    """
    blob = _read_signature(untrusted_signature).public
    return f"{_ALGORITHM.decode()} {base64.b64encode(blob).decode()}"


def ssh_fingerprint(public_ssh: str) -> str:
    """``SHA256:…`` as ``ssh-keygen -l`` prints it."""
    return _fingerprint(_public_blob(public_ssh))


def fingerprint_words(public_ssh: str) -> tuple[str, ...]:
    """Six words of the SLIP-39 list (60 bits of the SHA-256 of the key) to compare over the telephone."""
    from shamir_mnemonic.wordlist import words_from_indices  # where words are shown or compared; a start does neither

    number = int.from_bytes(hashlib.sha256(_public_blob(public_ssh)).digest(), "big")
    top = number >> (256 - _WORDS * _BITS_PER_WORD)
    shifts = range((_WORDS - 1) * _BITS_PER_WORD, -1, -_BITS_PER_WORD)
    return tuple(words_from_indices((top >> shift) & (2**_BITS_PER_WORD - 1) for shift in shifts))


def allowed_signers_line(principal: str, public_ssh: str, namespaces: tuple[str, ...]) -> str:
    """One line (with its newline) of an ``allowed_signers`` file for ``ssh-keygen -Y verify`` (ssh-keygen(1)).

    ``principal`` is the name to pass with ``-I``; it may not hold what would end or add to the line.
    """
    if not principal or any(c.isspace() or not c.isprintable() or c in '",*?!#' for c in principal):
        raise Malformed("The name of a signer may not hold spaces, commas, quotes or wildcards.")
    blob = base64.b64encode(_public_blob(public_ssh)).decode()
    return f'{principal} namespaces="{",".join(namespaces)}" ssh-ed25519 {blob}\n'


@dataclass(frozen=True, slots=True)
class _Envelope:
    public: bytes
    namespace: bytes
    hash_name: bytes
    signature: bytes


def _blob(raw_public: bytes) -> bytes:
    return framed(_ALGORITHM, raw_public)


def _signed_bytes(message: bytes, namespace: bytes, hash_name: bytes) -> bytes:
    return _MAGIC + framed(namespace, b"", hash_name, _HASHES[hash_name](message).digest())


def _fingerprint(blob: bytes) -> str:
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def _printable(untrusted_name: bytes) -> str:
    text = untrusted_name[:64].decode("ascii", "replace")
    return "".join(c if c.isprintable() and c.isascii() else "?" for c in text)


def _has_one_owner(raw_public: bytes) -> bool:
    """False for keys that prove nothing: OpenSSL accepts them, as RFC 8032 allows."""
    y = int.from_bytes(raw_public, "little") & (2**255 - 1)
    return y < _FIELD and y not in _SMALL_ORDER


def _public_blob(public_ssh: str) -> bytes:
    """The key blob of an OpenSSH public key line; a comment after the key is allowed and ignored."""
    parts = public_ssh.strip().split(" ", 2)
    if len(parts) >= 2 and parts[0] == _ALGORITHM.decode():
        try:
            blob = base64.b64decode(parts[1], validate=True)
        except (binascii.Error, ValueError):
            blob = b""
        canonical = base64.b64encode(blob).decode() == parts[1]
        if len(blob) == 51 and blob == _blob(blob[-32:]) and canonical and _has_one_owner(blob[-32:]):
            return blob
    raise Malformed("This is not an ssh-ed25519 public key.", "A line beginning with “ssh-ed25519 AAAA” is expected.")


def _not_a_signature(why: str) -> Malformed:
    return Malformed("The signature file is not an SSH signature as this program writes it.", f"Fault: {why}.")


def _read_signature(untrusted_text: str) -> _Envelope:
    if len(untrusted_text) > _LONGEST_SIGNATURE:
        raise _not_a_signature("it is too long")
    text = untrusted_text.replace("\r\n", "\n")
    text = text if text.endswith("\n") else text + "\n"
    if not text.startswith(_BEGIN) or not text.endswith("\n" + _END):
        raise _not_a_signature("the first or last line is not the expected one")
    encoded = text[len(_BEGIN) : -len(_END)].replace("\n", "")
    try:
        body = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _not_a_signature("the text between the lines is not Base64") from error
    if base64.b64encode(body).decode() != encoded:
        raise _not_a_signature("the Base64 is not in its only permitted form")
    if not body.startswith(_MAGIC + _VERSION):
        raise _not_a_signature("it is not SSHSIG version 1")
    fields = _split(body[len(_MAGIC + _VERSION) :], 5)
    public, namespace, reserved, hash_name, wrapped = fields
    if len(public) != 51 or public != _blob(public[-32:]):
        raise _not_a_signature("the key in it is not Ed25519")
    if not namespace or reserved:
        raise _not_a_signature("the namespace is empty or the reserved field is not")
    if hash_name not in _HASHES:
        raise _not_a_signature("the hash is neither sha512 nor sha256")
    algorithm, signature = _split(wrapped, 2)
    if algorithm != _ALGORITHM or len(signature) != 64:
        raise _not_a_signature("the signature in it is not Ed25519")
    return _Envelope(public, namespace, hash_name, signature)


def _split(untrusted: bytes, count: int) -> list[bytes]:
    """Exactly ``count`` RFC 4251 strings and nothing after them."""
    fields: list[bytes] = []
    position = 0
    for _ in range(count):
        start = position + 4
        length = int.from_bytes(untrusted[position:start], "big")
        if start > len(untrusted) or start + length > len(untrusted):
            raise _not_a_signature("a field is longer than the file")
        fields.append(untrusted[start : start + length])
        position = start + length
    if position != len(untrusted):
        raise _not_a_signature("there are bytes after the end")
    return fields

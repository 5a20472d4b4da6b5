"""The gate before decryption: a strict reading of an encrypted file's header, before any key is tried.

Common age libraries accept headers the format forbids (missing body or final line of a stanza) and obey a passphrase
stanza that costs a minute and 8 GB. What passes here is: binary, the exact version line, well-formed stanzas, few, no
scrypt.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from safelight.domain.errors import Malformed

MAX_STANZAS = 64
MAX_HEADER = 64 * 1024
VERSION_LINE = b"age-encryption.org/v1\n"
_ARMOR = b"-----BEGIN AGE"
_STANZA_LINE = re.compile(rb"-> [!-~]+(?: [!-~]+)*\n")
_BODY_COLUMNS = 64
_BASE64 = re.compile(rb"[A-Za-z0-9+/]*")


class LineSource(Protocol):
    """A binary stream that can be read by lines."""

    def readline(self, limit: int, /) -> bytes:
        """The next line with its newline, or at most ``limit`` bytes."""
        ...


class X25519Stanza(NamedTuple):
    """The file key wrapped for one X25519 recipient: the sender's ephemeral share, and the sealed key (32 bytes)."""

    share: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class AgeHeader:
    """A header that passed: the stanza types in order, and the exact bytes that were read (``len`` = its size).

    ``x25519`` are the stanzas a key of ours may open, ``mac`` is what the file key must authenticate ``raw`` with.
    """

    stanzas: tuple[str, ...]
    raw: bytes
    x25519: tuple[X25519Stanza, ...]
    mac: bytes

    @property
    def authenticated(self) -> bytes:
        """What ``mac`` is over: everything up to and with the three dashes of the last line."""
        return self.raw[: self.raw.rindex(b"\n---") + 4]


def check_age_header(
    untrusted_stream: LineSource, max_stanzas: int = MAX_STANZAS, max_header: int = MAX_HEADER
) -> AgeHeader:
    """Read an age v1 header (C2SP age, section "Encrypted file format") and refuse whatever it forbids or we do.

    Leaves the stream just behind the header. Raises :class:`Malformed`; reads at most ``max_header`` bytes. Unknown
    stanza types pass (the format asks readers to ignore them). The header's authenticity is *not* checked here: that
    needs a key and is done on decryption.
    """
    return _Reading(untrusted_stream, max_stanzas, max_header).header()


def _refused(why: str) -> Malformed:
    return Malformed("The file is not an encrypted file this program accepts.", f"Fault: {why}. Nothing was read.")


class _Reading:
    def __init__(self, stream: LineSource, max_stanzas: int, max_header: int) -> None:
        self._stream = stream
        self._max_stanzas = max_stanzas
        self._left = max_header
        self._raw = bytearray()
        self._x25519: list[X25519Stanza] = []

    def header(self) -> AgeHeader:
        first = self._line()
        if first.startswith(_ARMOR):
            raise _refused("it is in text armor; only the binary form is accepted")
        if first != VERSION_LINE:
            raise _refused("it does not begin as an age version 1 file")
        kinds: list[str] = []
        line = self._line()
        while not line.startswith(b"---"):
            if len(kinds) >= self._max_stanzas:
                raise _refused(f"it has more than {self._max_stanzas} recipients")
            kinds.append(self._stanza(line))
            line = self._line()
        mac = self._footer(line)
        if not kinds:
            raise _refused("it has no recipient")
        return AgeHeader(tuple(kinds), bytes(self._raw), tuple(self._x25519), mac)

    def _line(self) -> bytes:
        line = self._stream.readline(self._left)
        self._left -= len(line)
        self._raw += line
        if not line.endswith(b"\n"):
            raise _refused("its header is cut off or too long")
        return line

    def _stanza(self, line: bytes) -> str:
        if not _STANZA_LINE.fullmatch(line):
            raise _refused("a recipient line is not well formed")
        kind, *arguments = line[3:-1].split(b" ")
        if kind == b"scrypt":
            raise _refused("it is encrypted to a passphrase; only keys are accepted")
        body = self._body()
        if kind == b"X25519":
            if len(arguments) != 1 or len(share := _decoded(arguments[0])) != 32 or len(body) != 32:
                raise _refused("an X25519 recipient does not have the sizes of one")
            self._x25519.append(X25519Stanza(share, body))
        return kind.decode("ascii")

    def _body(self) -> bytes:
        encoded = b""
        while True:
            line = self._line()[:-1]
            if len(line) > _BODY_COLUMNS:
                raise _refused("a line of a recipient is longer than 64 characters")
            encoded += line
            if len(line) < _BODY_COLUMNS:  # a body always ends with a short line, if need be an empty one
                return _decoded(encoded)

    @staticmethod
    def _footer(line: bytes) -> bytes:
        if not line.startswith(b"--- ") or len(mac := _decoded(line[4:-1])) != 32:
            raise _refused("its authentication line is not well formed")
        return mac


def _decoded(text: bytes) -> bytes:
    """Unpadded Base64 in its only permitted form (RFC 4648 section 3.5: no stray bits)."""
    if not _BASE64.fullmatch(text):
        raise _refused("a field is not Base64")
    try:
        data = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise _refused("a field is not Base64") from error
    if base64.b64encode(data).rstrip(b"=") != text:
        raise _refused("a field is not in its only permitted Base64 form")
    return data

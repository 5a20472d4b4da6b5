"""Seals what is at rest: rows with AES-256-GCM bound to their place, files with age to a subject or a recipient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_bytes
from typing import TYPE_CHECKING, Protocol, cast

import pyrage
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from safelight.domain.errors import CannotOpen, DeviceFailure, Malformed, WrongUsage
from safelight.domain.ids import StudioId
from safelight.keys.age_header import MAX_HEADER, MAX_STANZAS, AgeHeader, check_age_header
from safelight.keys.age_identity import (
    AgeIdentity,
    age_recipient,
    file_identity,
    identities_in_file,
    identity_in_file,
    new_age_identity,
    parsed_identity,
    parsed_recipient,
)
from safelight.keys.framing import framed

if TYPE_CHECKING:
    from io import BufferedIOBase

__all__ = [
    "MAX_HEADER",
    "MAX_STANZAS",
    "AgeHeader",
    "AgeIdentity",
    "ByteSink",
    "ByteSource",
    "RowAddress",
    "age_recipient",
    "check_age_header",
    "file_identity",
    "identities_in_file",
    "identity_in_file",
    "new_age_identity",
    "open_file",
    "open_row",
    "seal_file",
    "seal_row",
]

_NONCE = 12
_TAG = 16
_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class RowAddress:
    """Where a sealed row lives; a row moved elsewhere does not open.

    ``row`` is the row's id, ``version`` counts rewrites of it, so that an old copy cannot be put back unnoticed.
    """

    studio: StudioId
    table: str
    row: str
    version: int = 1

    def encoded(self) -> bytes:
        """The bytes the seal is bound to; no two addresses share them."""
        fields = (self.studio.encode(), self.table.encode(), self.row.encode(), b"%d" % self.version)
        return framed(b"safelight-row/1", *fields)


def seal_row(key: bytes, plaintext: bytes, aad: RowAddress) -> bytes:
    """``plaintext`` encrypted under the 32-byte ``key`` for the place ``aad``: nonce (12), ciphertext, tag (16)."""
    nonce = token_bytes(_NONCE)
    return nonce + AESGCM(_checked(key)).encrypt(nonce, plaintext, aad.encoded())


def open_row(key: bytes, sealed: bytes, aad: RowAddress) -> bytes:
    """What :func:`seal_row` sealed for the same place; :class:`Malformed` names table and row otherwise."""
    try:
        if len(sealed) < _NONCE + _TAG:
            raise InvalidTag
        return AESGCM(_checked(key)).decrypt(sealed[:_NONCE], sealed[_NONCE:], aad.encoded())
    except InvalidTag as error:
        raise Malformed(
            f"A row of the archive was changed or moved (table {aad.table}, row {aad.row}).",
            "Everything else still opens. Restore this row from a backup.",
            faults=(f"{aad.table}/{aad.row}",),
        ) from error


class ByteSource(Protocol):
    """Where bytes come from: an open file, a pipe, or anything that gives at most ``size`` bytes and ``b""`` last."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes; empty at the end."""
        ...


class ByteSink(Protocol):
    """Where bytes go: an open file, a :class:`~safelight.keys.durable.DurableFile`, a hash."""

    def write(self, data: bytes, /) -> int | None:
        """Take all of ``data``; an unbuffered sink may say how much it took."""
        ...


def seal_file(reader: ByteSource, writer: ByteSink, recipients: Sequence[str]) -> None:
    """Encrypt everything from ``reader`` to ``writer`` for each of ``recipients`` (``age1…``), as binary age v1.

    Memory stays flat (256 KiB pieces) and other threads keep running. Exceptions that the reader or writer raises
    come out unchanged, except :class:`OSError`, which becomes :class:`DeviceFailure`; what was written by then is
    worthless and the caller removes it (``DurableFile`` does).
    """
    if not 1 <= len(recipients) <= MAX_STANZAS:
        raise WrongUsage(f"A file is sealed to 1 to {MAX_STANZAS} recipients, not {len(recipients)}.")
    source, sink = _Source(reader), _Sink(writer)
    try:
        pyrage.encrypt_io(*_as_streams(source, sink), [parsed_recipient(each) for each in recipients])
        sink.empty()
    except (OSError, pyrage.EncryptError) as error:
        raise _own_failure(source, sink, error) from error


def open_file(untrusted_reader: ByteSource, writer: ByteSink, identities: Sequence[AgeIdentity | str]) -> AgeHeader:
    """Decrypt an age v1 file for one of ``identities`` (``AGE-SECRET-KEY-1…``) from its beginning to its end.

    The header passes :func:`check_age_header` first. **Bytes reach ``writer`` before the end was seen**: each piece is
    genuine, but the file may turn out cut short. So write into a private staging place and use it only after this
    returned. Raises :class:`CannotOpen` if the file is for other keys, :class:`Malformed` if it is damaged or not an
    age file, :class:`DeviceFailure` for the reader's or writer's :class:`OSError`.
    """
    source, sink = _Source(untrusted_reader), _Sink(writer)
    keys = [parsed_identity(each) for each in identities]
    try:
        header = check_age_header(source)
        source.put_back(header.raw)
        pyrage.decrypt_io(*_as_streams(source, sink), keys)
        sink.empty()
    except (OSError, pyrage.DecryptError) as error:
        if source.failure or sink.failure:
            raise _own_failure(source, sink, error) from error
        if isinstance(error, OSError):
            raise Malformed(
                "The encrypted file is damaged or was cut short.", "Nothing of it was kept. Get a fresh copy."
            ) from error
        if "No matching keys" in str(error):
            raise CannotOpen(
                "The encrypted file is for another key.", "Nothing of it was kept. Ask the sender whom it was for."
            ) from error
        raise Malformed(
            "The encrypted file is damaged at its beginning.", "Nothing of it was kept. Get a fresh copy."
        ) from error
    return header


def _checked(key: bytes) -> bytes:
    # AESGCM would take 16 or 24 bytes as well and quietly be a weaker cipher.
    if len(key) != 32:
        raise ValueError("a row key has 32 bytes")
    return key


def _as_streams(source: _Source, sink: _Sink) -> tuple[BufferedIOBase, BufferedIOBase]:
    # The age library calls read(n), write(bytes) and flush() and nothing else of what its type asks for.
    return cast("BufferedIOBase", source), cast("BufferedIOBase", sink)


def _own_failure(source: _Source, sink: _Sink, error: Exception) -> BaseException:
    """What to raise for an error that began in the caller's reader or writer.

    The age library wraps an exception of the reader (a :class:`Cancelled`, say) into its own; here it comes out again.
    """
    failure = sink.failure or source.failure or error
    if not isinstance(failure, (OSError, pyrage.EncryptError)):
        return failure
    what = "written" if sink.failure else "read"
    reason = getattr(failure, "strerror", None) or "no reason was given"
    return DeviceFailure(
        f"A file could not be {what} while it was being sealed or opened ({reason}).",
        "What was acknowledged before is kept; make room or check the disk, then try again.",
    )


class _Source:
    """Reads ahead in large pieces (the age library asks for 8 KiB at a time) and remembers a device's error."""

    def __init__(self, reader: ByteSource) -> None:
        self._reader = reader
        self._piece = b""
        self._position = 0
        self.failure: BaseException | None = None

    def read(self, size: int) -> bytes:
        if self._position >= len(self._piece):
            self._refill(b"")
        start, self._position = self._position, min(self._position + size, len(self._piece))
        return self._piece[start : self._position]

    def readline(self, limit: int) -> bytes:
        while True:
            end = self._piece.find(b"\n", self._position, self._position + limit)
            if end >= 0:
                return self.read(end + 1 - self._position)
            kept = self._piece[self._position :]
            if len(kept) >= limit or not self._refill(kept):
                return self.read(limit)

    def put_back(self, data: bytes) -> None:
        self._piece, self._position = data + self._piece[self._position :], 0

    def _refill(self, kept: bytes) -> bool:
        try:
            more = self._reader.read(_PIECE)
        except BaseException as error:
            self.failure = error
            raise
        self._piece, self._position = kept + more, 0
        return bool(more)


class _Sink:
    """Gathers the age library's 8 KiB writes into large ones and remembers a device's error."""

    def __init__(self, writer: ByteSink) -> None:
        self._writer = writer
        self._gathered = bytearray()
        self.failure: BaseException | None = None

    def write(self, data: bytes) -> int:
        self._gathered += data
        if len(self._gathered) >= _PIECE:
            self.empty()
        return len(data)

    def flush(self) -> None:
        """Nothing: :meth:`empty` is called once at the end."""

    def empty(self) -> None:
        data, self._gathered = bytes(self._gathered), bytearray()
        try:
            while data:
                taken = self._writer.write(data)
                data = b"" if taken is None else data[taken:]
        except BaseException as error:
            self.failure = error
            raise

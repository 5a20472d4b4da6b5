"""Seals what is at rest: rows with AES-256-GCM bound to their place, files with age to a subject or a recipient."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from secrets import token_bytes
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from safelight.domain.errors import DeviceFailure, Malformed, WrongUsage
from safelight.domain.ids import OrganisationId
from safelight.keys.age_header import MAX_HEADER, MAX_STANZAS, AgeHeader, check_age_header
from safelight.keys.age_identity import (
    AgeIdentity,
    age_recipient,
    file_identity,
    identities_in_file,
    identity_in_file,
    identity_scalar,
    new_age_identity,
    recipient_point,
)
from safelight.keys.age_payload import file_key_of, header_bytes, new_file_key, open_payload, seal_payload
from safelight.keys.framing import framed

__all__ = [
    "MAX_HEADER",
    "MAX_STANZAS",
    "AgeHeader",
    "AgeIdentity",
    "ByteSink",
    "ByteSource",
    "RowAddress",
    "TableOpener",
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

_ROW = b"safelight-row/1"
_NONCE = 12
_TAG = 16
_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class RowAddress:
    """Where a sealed row lives; a row moved elsewhere does not open.

    ``row`` is the row's id, ``version`` counts rewrites of it, so that an old copy cannot be put back unnoticed.
    """

    studio: OrganisationId
    table: str
    row: str
    version: int = 1

    def encoded(self) -> bytes:
        """The bytes the seal is bound to; no two addresses share them."""
        fields = (self.studio.encode(), self.table.encode(), self.row.encode(), b"%d" % self.version)
        return framed(_ROW, *fields)


def seal_row(key: bytes, plaintext: bytes, aad: RowAddress) -> bytes:
    """``plaintext`` encrypted under the 32-byte ``key`` for the place ``aad``: nonce (12), ciphertext, tag (16)."""
    nonce = token_bytes(_NONCE)
    return nonce + AESGCM(_checked(key)).encrypt(nonce, plaintext, aad.encoded())


def open_row(key: bytes, sealed: bytes, aad: RowAddress) -> bytes:
    """What :func:`seal_row` sealed for the same place; :class:`Malformed` names table and row otherwise."""
    return TableOpener(key, aad.studio, aad.table)(aad.row, aad.version, sealed)


class TableOpener:
    """Opens many rows of one table that are sealed under one key: what they share is made ready once."""

    def __init__(self, key: bytes, studio: OrganisationId, table: str) -> None:
        self._table = table
        self._cipher = AESGCM(_checked(key))
        self._place = framed(_ROW, studio.encode(), table.encode())

    def __call__(self, row: str, version: int, sealed: bytes) -> bytes:
        """The content of ``row``; :class:`Malformed` names it when it was changed or moved."""
        try:
            if len(sealed) < _NONCE + _TAG:
                raise InvalidTag
            place = self._place + framed(row.encode(), b"%d" % version)
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], place)
        except InvalidTag as error:
            raise Malformed(
                f"A row of the archive was changed or moved (table {self._table}, row {row}).",
                "Everything else still opens. Restore this row from a backup.",
                faults=(f"{self._table}/{row}",),
            ) from error


class ByteSource(Protocol):
    """Where bytes come from: an open file, a pipe, or anything that gives at most ``size`` bytes and ``b""`` last."""

    def read(self, size: int, /) -> bytes | memoryview:
        """At most ``size`` bytes; empty at the end."""
        ...


class ByteSink(Protocol):
    """Where bytes go: an open file, a :class:`~safelight.keys.durable.DurableFile`, a hash."""

    def write(self, data: bytes | memoryview, /) -> int | None:
        """Take all of ``data``, which never changes again; an unbuffered sink may say how much it took."""
        ...


def seal_file(reader: ByteSource, writer: ByteSink, recipients: Sequence[str]) -> None:
    """Encrypt everything from ``reader`` to ``writer`` for each of ``recipients`` (``age1…``), as binary age v1.

    Memory stays flat (512 KiB pieces) and other threads keep running. Exceptions that the reader or writer raises
    come out unchanged, except :class:`OSError`, which becomes :class:`DeviceFailure`; what was written by then is
    worthless and the caller removes it (``DurableFile`` does).
    """
    if not 1 <= len(recipients) <= MAX_STANZAS:
        raise WrongUsage(f"A file is sealed to 1 to {MAX_STANZAS} recipients, not {len(recipients)}.")
    file_key, emit = new_file_key(), _emitting(writer)
    emit(memoryview(header_bytes(file_key, [recipient_point(each) for each in recipients])))
    seal_payload(file_key, _Source(reader).fill, emit)


def open_file(untrusted_reader: ByteSource, writer: ByteSink, identities: Sequence[AgeIdentity | str]) -> AgeHeader:
    """Decrypt an age v1 file for one of ``identities`` (``AGE-SECRET-KEY-1…``) from its beginning to its end.

    The header passes :func:`check_age_header` first. **Bytes reach ``writer`` before the end was seen**: each piece is
    genuine, but the file may turn out cut short. So write into a private staging place and use it only after this
    returned. Raises :class:`CannotOpen` if the file is for other keys, :class:`Malformed` if it is damaged or not an
    age file, :class:`DeviceFailure` for the reader's or writer's :class:`OSError`.
    """
    source = _Source(untrusted_reader)
    scalars = [identity_scalar(each) for each in identities]
    header = check_age_header(source)
    open_payload(file_key_of(header, scalars), source.fill, _emitting(writer))
    return header


def _checked(key: bytes) -> bytes:
    # AESGCM would take 16 or 24 bytes as well and quietly be a weaker cipher.
    if len(key) != 32:
        raise ValueError("a row key has 32 bytes")
    return key


def _emitting(writer: ByteSink) -> Callable[[memoryview], None]:
    """Writes all of each piece; a device's error is told as one."""

    def emit(piece: memoryview) -> None:
        try:
            while piece:
                taken = writer.write(piece)
                piece = piece[len(piece) if taken is None else taken :]
        except OSError as error:
            raise _device_failure("written", error) from error

    return emit


def _device_failure(what: str, error: OSError) -> DeviceFailure:
    return DeviceFailure(
        f"A file could not be {what} while it was being sealed or opened ({error.strerror or 'no reason was given'}).",
        "What was acknowledged before is kept; make room or check the disk, then try again.",
    )


class _Source:
    """Gives the header line by line and what follows it in large pieces; a device's error is told as one."""

    def __init__(self, reader: ByteSource) -> None:
        self._reader = reader
        self._ahead = memoryview(b"")

    def readline(self, limit: int) -> bytes:
        """The next line with its newline, or at most ``limit`` bytes."""
        line = b""
        while len(line) < limit:
            if not self._ahead:
                self._ahead = memoryview(self._read(_PIECE))
                if not self._ahead:
                    break
            seen = bytes(self._ahead[: limit - len(line)])
            end = seen.find(b"\n") + 1
            taken = end or len(seen)
            line += seen[:taken]
            self._ahead = self._ahead[taken:]
            if end:
                break
        return line

    def fill(self, view: memoryview) -> int:
        """Put what comes next into ``view``; less than all of it only at the end."""
        start = min(len(view), len(self._ahead))
        view[:start] = self._ahead[:start]
        self._ahead = self._ahead[start:]
        while start < len(view):
            piece = self._read(len(view) - start)
            if not piece:
                break
            view[start : start + len(piece)] = piece
            start += len(piece)
        return start

    def _read(self, size: int) -> bytes | memoryview:
        try:
            return self._reader.read(size)
        except OSError as error:
            raise _device_failure("read", error) from error

"""A place on disk for bytes that must wait: sealed under a key that exists in memory only, in a file without a name.

Pictures on their way out of the studio are prepared before the list of their hashes can be written, and that list comes
first; memory is too small for them and plaintext must not touch a disk. What a power cut leaves behind here is noise.
"""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from secrets import token_bytes
from types import TracebackType
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from safelight.domain.errors import DeviceFailure
from safelight.keys.durable import device_failure, unfinished_name

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Piece = bytes | bytearray | memoryview
CHUNK = 1024 * 1024
_TAG = 16


class SealedSpool:
    """Bytes are appended once, then read from anywhere, in any thread; leaving the block forgets key and file.

    AES-256-GCM in chunks of 1 MiB under a key made for this object, with the chunk's number as nonce, so each nonce is
    used once. Every error of the device is a :class:`DeviceFailure`; a chunk that was altered on disk is one too.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """``folder`` lends its disk; no name is left in it, not even after a crash (where the system allows that)."""
        self.size = 0
        self._place = folder or Path(tempfile.gettempdir())
        self._cipher = AESGCM(token_bytes(32))
        # Both buffers are used again and again: fresh memory for each chunk would cost as much as sealing it.
        self._gathered = memoryview(bytearray(CHUNK))
        self._filled = 0
        self._sealed = bytearray(CHUNK + _TAG)
        self._chunks = 0
        self._lock = threading.Lock()
        try:
            self._file = tempfile.TemporaryFile(  # noqa: SIM115 - closed by __exit__
                buffering=0, dir=self._place, prefix=f"{unfinished_name()}-"
            )
        except OSError as error:
            raise device_failure(error, self._place) from error

    def __enter__(self) -> SealedSpool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._gathered[:] = bytes(CHUNK)
        self._cipher = AESGCM(token_bytes(32))
        with contextlib.suppress(OSError):  # nothing in it is needed any more
            self._file.close()

    def append(self, data: Piece) -> None:
        """Add ``data`` at the end; from one thread at a time, and not after the first read."""
        rest = memoryview(data).cast("B")
        self.size += len(rest)
        while rest:
            if not self._filled and len(rest) >= CHUNK:
                self._seal(rest[:CHUNK])
                rest = rest[CHUNK:]
                continue
            taken = rest[: CHUNK - self._filled]
            self._gathered[self._filled : self._filled + len(taken)] = taken
            self._filled += len(taken)
            rest = rest[len(taken) :]
            if self._filled == CHUNK:
                self._seal(self._gathered)
                self._filled = 0

    def pieces(self, offset: int, length: int) -> Iterator[memoryview]:
        """The ``length`` bytes from ``offset``, in pieces of at most 1 MiB."""
        if offset < 0 or length < 0 or offset + length > self.size:
            raise ValueError("nothing was stored there")
        while length:
            number, start = divmod(offset, CHUNK)
            piece = memoryview(self._chunk(number))[start : start + length]
            yield piece
            offset += len(piece)
            length -= len(piece)

    def open(self, offset: int, length: int) -> io.BufferedReader:
        """The ``length`` bytes from ``offset`` as a seekable stream."""
        return io.BufferedReader(_Window(self, offset, length), CHUNK)

    def _seal(self, data: Piece) -> None:
        self._cipher.encrypt_into(self._chunks.to_bytes(12, "big"), data, None, self._sealed)
        rest = memoryview(self._sealed)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise device_failure(error, self._place) from error
        self._chunks += 1

    def _chunk(self, number: int) -> bytes | memoryview:
        if number == self._chunks:
            return self._gathered[: self._filled]  # the last, unfinished one never left memory
        try:
            with self._lock:
                self._file.seek(number * (CHUNK + _TAG))
                sealed = self._file.read(CHUNK + _TAG)
            return self._cipher.decrypt(number.to_bytes(12, "big"), sealed, None)
        except OSError as error:
            raise device_failure(error, self._place) from error
        except InvalidTag as error:
            raise DeviceFailure(
                "The disk gave back something else than was written to it.", "Check the disk, then try again."
            ) from error


class _Window(io.RawIOBase):
    """A part of a spool as a stream."""

    def __init__(self, spool: SealedSpool, offset: int, length: int) -> None:
        self._spool, self._offset, self._length = spool, offset, length
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._length}[whence]
        if start + offset < 0:
            raise ValueError("before the beginning")
        self._position = start + offset
        return self._position

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer).cast("B")
        wanted = max(0, min(len(target), self._length - self._position))
        filled = 0
        for piece in self._spool.pieces(self._offset + self._position, wanted) if wanted else ():
            target[filled : filled + len(piece)] = piece
            filled += len(piece)
        self._position += filled
        return filled

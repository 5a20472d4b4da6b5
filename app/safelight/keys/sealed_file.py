"""One sealed file with what opens it: a value that can be handed to whoever is to read that file and nothing else."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from safelight.domain.errors import Malformed, WrongUsage
from safelight.keys.age_identity import AgeIdentity
from safelight.keys.durable import device_failure
from safelight.keys.sealing import ByteSink, ByteSource, open_file

LARGEST_IN_MEMORY = 512 * 1024 * 1024
"""Cap of :meth:`SealedFile.read_bytes` unless told otherwise."""

SourceT = TypeVar("SourceT", bound=ByteSource)
Piece = bytes | memoryview


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file under the hash of its ciphertext (``id``), where it lies, its plain size, and the one key that opens it.

    The key opens every file of the same owners, so the value goes only to processes of this program, over a pipe.
    """

    id: str
    place: Path
    size: int
    identity: AgeIdentity = field(repr=False)

    def read(self, opened: Callable[[Path], AbstractContextManager[SourceT]], writer: ByteSink) -> SourceT:
        """Open it into ``writer``; ``opened`` gives its bytes, and is returned as it is after the last of them.

        Only after this returned is it sure that the content is whole and the right one. Raises :class:`Malformed`
        naming the file when it was changed, cut short or exchanged, :class:`DeviceFailure` when the disk does not
        give it.
        """
        digest = hashlib.sha256()
        try:
            with opened(self.place) as sealed:
                open_file(HashingSource(sealed, digest), writer, [self.identity])
        except FileNotFoundError as error:
            raise self._damaged("is missing") from error
        except OSError as error:
            raise device_failure(error, self.place) from error
        except Malformed as error:
            raise self._damaged("was changed or cut short") from error
        if digest.hexdigest() != self.id:
            # Another file sealed for the same owner would open as well.
            raise self._damaged("is not the one its name says")
        return sealed

    def read_bytes(self, cap: int = LARGEST_IN_MEMORY) -> bytes:
        """The content in memory; :class:`WrongUsage` when it is larger than ``cap``, else as :meth:`read`."""
        if self.size > cap:
            raise WrongUsage(f"File {self.id} has {self.size} bytes, more than the {cap} allowed here.")
        gathered = Capped(cap)
        self.read(unbuffered, gathered)
        return gathered.value()

    def _damaged(self, what: str) -> Malformed:
        return Malformed(
            f"The sealed file {self.id} {what}.",
            "Everything else still opens. Restore it from a backup.",
            (f"files/{self.id}",),
        )


def unbuffered(place: Path) -> io.FileIO:
    """The file as the system gives it: it is read in large pieces anyway."""
    return place.open("rb", buffering=0)


class HashingSource:
    """Hashes what is read through it."""

    def __init__(self, reader: ByteSource, digest: hashlib._Hash) -> None:
        self._reader, self._digest = reader, digest

    def read(self, size: int, /) -> Piece:
        """At most ``size`` bytes, as they come."""
        piece = self._reader.read(size)
        self._digest.update(piece)
        return piece


class Capped:
    """Gathers at most so many bytes."""

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._gathered = io.BytesIO()

    def write(self, data: Piece, /) -> int:
        """Take ``data``; :class:`Malformed` once there are too many."""
        if self._gathered.tell() + len(data) > self._cap:
            raise Malformed("A sealed file holds more than its row says.", "Restore the studio from a backup.")
        return self._gathered.write(data)

    def value(self) -> bytes:
        """Everything that was gathered."""
        return self._gathered.getvalue()

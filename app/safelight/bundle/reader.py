"""Opens a bundle from outside, stage by stage; nothing it says counts before the studio's signature was checked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

from safelight.domain.progress import Report, silent
from safelight.formats.manifest import Member
from safelight.keys.sealing import AgeIdentity

from .contents import OpenedBundle


class PhotoSink(Protocol):
    """Takes the photos (and their sidecars) of a bundle, one by one, in the bundle's order, in the caller's thread."""

    def __call__(self, member: Member, stream: BinaryIO) -> None:
        """``stream`` is seekable, holds exactly the member's content and is valid during the call; it was checked
        against the manifest. The bundle as a whole is only whole when :func:`extract` has returned."""
        ...


def read_metadata(path: Path, identities: Sequence[AgeIdentity | str], pin: str | None) -> OpenedBundle:
    """Everything before the first photo, checked; the photos are neither decrypted nor checked.

    ``pin`` is the studio's public SSH key from a card that is trusted; None accepts the key the bundle names and says
    so in the result. Raises :class:`CannotOpen` (not for these keys), :class:`Malformed`, :class:`Refused`
    (signature, pin, or addressed to somebody else).
    """
    ...


def extract(
    path: Path,
    identities: Sequence[AgeIdentity | str],
    pin: str | None,
    sink: PhotoSink,
    report: Report = silent,
    staging: Path | None = None,
) -> OpenedBundle:
    """Everything, checked to the last byte; each photo goes to ``sink`` as soon as its own hashes have matched.

    When this raises, the caller throws away what ``sink`` was given. Photos over 32 MiB wait sealed in an unnamed file
    in ``staging`` (None: the system's place for temporary files). Raises as :func:`read_metadata` does.
    """
    ...

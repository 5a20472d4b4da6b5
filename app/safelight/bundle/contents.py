"""What an opened bundle says, as values, and the checks that its parts say the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from safelight.domain.ids import PhotoGuid, ReceiptId, Sha256
from safelight.formats.manifest import Manifest
from safelight.formats.policy import Policy
from safelight.formats.record import SignedReceipt
from safelight.formats.status import StatusList


@dataclass(frozen=True, slots=True)
class OpenedBundle:
    """A bundle whose signature and parts were checked.

    ``signed_by`` is the studio's public SSH key, ``pinned`` whether the caller knew it beforehand. ``files`` are the
    members before the photos as they lie in the bundle, by path. ``complete`` is False while the photos were not read.
    """

    manifest: Manifest
    manifest_sha256: Sha256
    signed_by: str
    pinned: bool
    status: StatusList
    receipts: Mapping[ReceiptId, SignedReceipt]
    policies: Mapping[PhotoGuid, Policy]
    notices: Mapping[Sha256, str]
    files: Mapping[str, bytes]
    complete: bool = False

    def warnings(self, now: datetime) -> tuple[str, ...]:
        """What the owner should hear although the bundle is in order, one sentence each."""
        ...

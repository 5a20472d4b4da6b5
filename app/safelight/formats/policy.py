"""What one photo may be used for, as an ODRL 2.2 agreement between the people on it and one recipient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from safelight.domain.ids import Country, PhotoGuid, RecipientId, ScopeId, SubjectId
from safelight.domain.people import Recipient
from safelight.domain.record import ConsentReceipt
from safelight.domain.scope import Catalogue


@dataclass(frozen=True, slots=True)
class Permission:
    """One use allowed by one person: until when, where (each entry a set of places; all must hold), for whom."""

    action: str
    assigner: SubjectId
    use: ScopeId
    until: datetime
    places: tuple[frozenset[Country | str], ...]
    recipient: RecipientId


@dataclass(frozen=True, slots=True)
class Prohibition:
    """An action barred by one person; for the purposes named, or for every purpose when none is."""

    action: str
    assigner: SubjectId
    purposes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy as read: everything not permitted is barred, and a prohibition beats a permission."""

    uid: str
    photo: PhotoGuid
    assignee: RecipientId
    permissions: tuple[Permission, ...]
    prohibitions: tuple[Prohibition, ...]


def policy_document(
    photo: PhotoGuid,
    receipts: Sequence[ConsentReceipt],
    uses: Sequence[ScopeId],
    recipient: Recipient,
    catalogue: Catalogue,
) -> dict[str, Any]:
    """The agreement for ``photo``: ``receipts`` are those of everybody on it, ``uses`` what was cleared for it.

    Every use of the catalogue that is not in ``uses`` is prohibited, whether it was refused, never asked or is simply
    not for this recipient, so the policy tells nobody which. Raises :class:`WrongUsage` when a receipt does not hold a
    yes for one of ``uses`` and this recipient.
    """
    ...


def policy_bytes(policy: Mapping[str, Any]) -> bytes:
    """The RFC 8785 bytes of a policy, as written to ``policies/<photo>.jsonld`` and into the photo's XMP."""
    ...


def read_policy(untrusted: bytes | Mapping[str, Any]) -> Policy:
    """The policy in ``untrusted``; raises :class:`Malformed` with every fault when it is not of this closed form."""
    ...

"""The list that says which records have ended: a W3C Bitstring Status List credential, one bit per record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from safelight.domain.ids import StudioId

LIST_SIZE = 131_072
"""Entries of a new list: the smallest the recommendation allows, so that a set bit hides among many."""


@dataclass(frozen=True, slots=True)
class StatusList:
    """A list as read: ``bits`` holds entry 0 in the leftmost bit of its first byte."""

    id: str
    studio: StudioId
    valid_from: datetime
    valid_until: datetime
    bits: bytes

    def ended(self, index: int) -> bool:
        """Whether the record with this index has ended; an index outside the list counts as ended."""
        ...


def status_list_id(studio: StudioId) -> str:
    """The name of a studio's one status list, as its records carry it."""
    ...


def status_list(
    set_bits: Iterable[int], studio: StudioId, valid_from: datetime, valid_until: datetime, size: int = LIST_SIZE
) -> dict[str, Any]:
    """The credential with the bits in ``set_bits`` set; ``size`` entries, a multiple of 8.

    It carries no proof of its own: the studio's SSHSIG over its RFC 8785 bytes lies beside it. Raises
    :class:`WrongUsage` for an index outside the list.
    """
    ...


def status_list_bytes(credential: Mapping[str, Any]) -> bytes:
    """The RFC 8785 bytes of the credential, as written to ``status/list.json``."""
    ...


def read_status_list(untrusted: bytes | Mapping[str, Any]) -> StatusList:
    """The list in ``untrusted``; raises :class:`Malformed` when it is no such list or unpacks to too much."""
    ...

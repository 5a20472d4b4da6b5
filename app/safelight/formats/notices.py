"""Withdrawal notices to an organisation that got pictures, and its acknowledgements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from safelight.domain.ids import NoticeId, PhotoGuid, ReceiptId, RecipientId, RecordId, ScopeId, Sha256, StudioId


class Ended(StrEnum):
    """Why a record no longer allows anything."""

    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    INVALIDATED = "invalidated"
    ERASED = "erased"


class Asked(StrEnum):
    """What the recipient is asked to do."""

    STOP = "stop"
    DELETE = "delete"
    STOP_TRAINING = "stop-training"


class Reply(StrEnum):
    """What the recipient did about one photo."""

    REMOVED = "removed"
    NOT_HELD = "not-held"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class NoticePhoto:
    """A photo concerned: its id, the hash of its image data, and the hashes of the files it was handed over as."""

    guid: PhotoGuid
    image_hash_kind: str
    image_sha256: Sha256
    members: tuple[Sha256, ...]


@dataclass(frozen=True, slots=True)
class NoticeItem:
    """One record that has ended, since when and why, the photos it covered and what is asked."""

    record: RecordId
    receipt: ReceiptId
    scope: ScopeId
    status_index: int
    ended: Ended
    since: datetime
    asked: tuple[Asked, ...]
    photos: tuple[NoticePhoto, ...]


@dataclass(frozen=True, slots=True)
class WithdrawalNotice:
    """``safelight-notice/1``: numbered per recipient from 1; ``previous`` is the SHA-256 of the notice before it."""

    id: NoticeId
    number: int
    previous: Sha256 | None
    studio: StudioId
    recipient: RecipientId
    issued_at: datetime
    due: date
    items: tuple[NoticeItem, ...]


@dataclass(frozen=True, slots=True)
class Reaction:
    """The answer for one record and photo; ``why`` says something exactly when the photo was kept."""

    record: RecordId
    photo: PhotoGuid
    reply: Reply
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """``safelight-ack/1``: names the notice by id, number and SHA-256 and answers for every record and photo in it."""

    id: str
    notice: NoticeId
    notice_number: int
    notice_sha256: Sha256
    studio: StudioId
    recipient: RecipientId
    issued_at: datetime
    reactions: tuple[Reaction, ...]


def notice_bytes(notice: WithdrawalNotice) -> bytes:
    """The RFC 8785 bytes of a notice: what is signed (namespace safelight-notice) and sent."""
    ...


def read_notice(untrusted: bytes | Mapping[str, Any]) -> WithdrawalNotice:
    """The notice in ``untrusted``; raises :class:`Malformed` with every fault. Its signature is still to be checked."""
    ...


def ack_bytes(ack: Acknowledgement) -> bytes:
    """The RFC 8785 bytes of an acknowledgement: what is signed (namespace safelight-ack) and sent back."""
    ...


def read_ack(untrusted: bytes | Mapping[str, Any]) -> Acknowledgement:
    """The acknowledgement in ``untrusted``; raises :class:`Malformed` with every fault."""
    ...


def unanswered(notice: WithdrawalNotice, ack: Acknowledgement) -> tuple[tuple[RecordId, PhotoGuid], ...]:
    """The records and photos of ``notice`` that ``ack`` says nothing about."""
    ...

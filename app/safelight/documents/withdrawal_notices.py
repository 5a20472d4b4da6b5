"""Withdrawal notices to an organisation that got pictures, and its acknowledgements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from safelight.domain.ids import NoticeId, PhotoGuid, ReceiptId, RecipientId, RecordId, ScopeId, Sha256, StudioId
from safelight.domain.later import ADDED_LATER

from .jcs import canonical
from .plain import from_plain, to_plain
from .reading import Faults, parse_json, validate


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
    status_list: int | None = field(default=None, metadata=ADDED_LATER)
    """The number of the status list ``status_index`` is a place in; None is the studio's first one."""


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


NOTICE_FORMAT = "safelight-notice/1"
ACK_FORMAT = "safelight-ack/1"
_NOTICE = "withdrawal notice"
_ACK = "acknowledgement"
_MOST_BYTES = 16 * 1024 * 1024


def notice_bytes(notice: WithdrawalNotice) -> bytes:
    """The RFC 8785 bytes of a notice: what is signed (namespace safelight-notice) and sent.

    Raises :class:`Malformed` when it does not make sense (see :func:`read_notice`).
    """
    written = {"format": NOTICE_FORMAT, **to_plain(notice)}
    validate("notice", written, _NOTICE)
    _check_notice(notice)
    return canonical(written)


def read_notice(untrusted: bytes | Mapping[str, Any]) -> WithdrawalNotice:
    """The notice in ``untrusted``; raises :class:`Malformed` with every fault. Its signature is still to be checked.

    Beyond its form: the first notice follows none and every other names the one before, and no record is listed twice.
    """
    raw = parse_json(untrusted, _NOTICE, _MOST_BYTES) if isinstance(untrusted, bytes) else untrusted
    validate("notice", raw, _NOTICE)
    notice = from_plain(WithdrawalNotice, _without_format(raw), "", _NOTICE)
    _check_notice(notice)
    return notice


def _check_notice(notice: WithdrawalNotice) -> None:
    faults = Faults(_NOTICE)
    if (notice.number == 1) != (notice.previous is None):
        faults.add("/previous", "must be null in the first notice and name the one before in every other")
    if notice.due < notice.issued_at.date():
        faults.add("/due", "lies before the notice was issued")
    counted = Counter(item.record for item in notice.items)
    for record, times in counted.items():
        if times > 1:
            faults.add("/items", f"record {record} is listed twice")
    faults.raise_any()


def ack_bytes(ack: Acknowledgement) -> bytes:
    """The RFC 8785 bytes of an acknowledgement: what is signed (namespace safelight-ack) and sent back."""
    written = {"format": ACK_FORMAT, **to_plain(ack)}
    validate("ack", written, _ACK)
    _check_ack(ack)
    return canonical(written)


def read_ack(untrusted: bytes | Mapping[str, Any]) -> Acknowledgement:
    """The acknowledgement in ``untrusted``; raises :class:`Malformed` with every fault.

    Beyond its form: a photo that was kept says why, and nothing is answered twice.
    """
    raw = parse_json(untrusted, _ACK, _MOST_BYTES) if isinstance(untrusted, bytes) else untrusted
    validate("ack", raw, _ACK)
    ack = from_plain(Acknowledgement, _without_format(raw), "", _ACK)
    _check_ack(ack)
    return ack


def _check_ack(ack: Acknowledgement) -> None:
    faults = Faults(_ACK)
    seen: set[tuple[RecordId, PhotoGuid]] = set()
    for index, each in enumerate(ack.reactions):
        if (each.reply is Reply.KEPT) != bool(each.why.strip()):
            faults.add(f"/reactions/{index}/why", "must say why a photo was kept, and be empty otherwise")
        if (each.record, each.photo) in seen:
            faults.add(f"/reactions/{index}", "answers for a record and photo a second time")
        seen.add((each.record, each.photo))
    faults.raise_any()


def _without_format(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in raw.items() if name != "format"}


def unanswered(notice: WithdrawalNotice, ack: Acknowledgement) -> tuple[tuple[RecordId, PhotoGuid], ...]:
    """The records and photos of ``notice`` that ``ack`` says nothing about, in the order of the notice."""
    answered = {(each.record, each.photo) for each in ack.reactions}
    asked = [(item.record, photo.guid) for item in notice.items for photo in item.photos]
    return tuple(each for each in asked if each not in answered)

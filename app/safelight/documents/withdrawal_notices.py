"""Withdrawal notices to an organisation that got pictures: what ended, what is held back, what is asked."""

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
    """Why a record no longer allows anything; an employer is told that it ended, never why."""

    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    INVALIDATED = "invalidated"
    ERASED = "erased"
    ENDED = "ended"


class Asked(StrEnum):
    """What the recipient is asked to do."""

    STOP = "stop"
    DELETE = "delete"
    STOP_TRAINING = "stop-training"


class PhotoState(StrEnum):
    """Whether a photo is held back, or may be used again as its records allow."""

    WITHHELD = "withheld"
    RELEASED = "released"


class PhotoReason(StrEnum):
    """Why a photo is held back or released; an employer hears ``ended`` alone."""

    STRUCK_OUT = "struck-out"
    RESTRICTED = "restricted"
    OBJECTION = "objection"
    WRONG_PERSON = "wrong-person"
    ERASED = "erased"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class NoticePhoto:
    """A photo concerned: its id, the hash of its image data, and the hashes of the files it was handed over as.

    ``image_hash_kind`` is None where the studio does not know it any more; ``members`` finds such a photo.
    """

    guid: PhotoGuid
    image_hash_kind: str | None
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
class NoticePhotoState:
    """A photo that is held back from every use, or released again, since when and why.

    Of several notices the one with the highest number counts for a photo, in whatever order they arrive.
    """

    photo: NoticePhoto
    state: PhotoState
    why: PhotoReason
    since: datetime
    asked: tuple[Asked, ...] = ()


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
    photos: tuple[NoticePhotoState, ...] = ()


NOTICE_FORMAT = "safelight-notice/1"
_NOTICE = "withdrawal notice"
MOST_BYTES = 64 * 1024 * 1024
"""No notice is longer."""


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

    Beyond its form: the first notice follows none and every other names the one before, it says something, and no
    record and no photo's state is listed twice.
    """
    raw = parse_json(untrusted, _NOTICE, MOST_BYTES) if isinstance(untrusted, bytes) else untrusted
    validate("notice", raw, _NOTICE)
    notice = from_plain(
        WithdrawalNotice, {name: value for name, value in raw.items() if name != "format"}, "", _NOTICE
    )
    _check_notice(notice)
    return notice


def _check_notice(notice: WithdrawalNotice) -> None:
    faults = Faults(_NOTICE)
    if (notice.number == 1) != (notice.previous is None):
        faults.add("/previous", "must be null in the first notice and name the one before in every other")
    if notice.due < notice.issued_at.date():
        faults.add("/due", "lies before the notice was issued")
    if not notice.items and not notice.photos:
        faults.add("/items", "must name a record, or photos a photo")
    for record, times in Counter(item.record for item in notice.items).items():
        if times > 1:
            faults.add("/items", f"record {record} is listed twice")
    for photo, times in Counter(each.photo.guid for each in notice.photos).items():
        if times > 1:
            faults.add("/photos", f"photo {photo} is listed twice")
    faults.raise_any()

"""Tells everybody who got pictures that records have ended or photos are held back: one notice per recipient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from safelight.documents.jcs import sha256_hex
from safelight.documents.withdrawal_notices import (
    Asked,
    Ended,
    NoticeItem,
    NoticePhoto,
    NoticePhotoState,
    PhotoReason,
    PhotoState,
    WithdrawalNotice,
    notice_bytes,
)
from safelight.domain.ids import NoticeId, PhotoGuid, ReceiptId, RecipientId, RecordId
from safelight.domain.people import Recipient
from safelight.domain.record import FIRST_LIST, Record
from safelight.storage.rows import DisclosedPhoto, Disclosure, SignedMessage
from safelight.storage.transaction import Transaction
from safelight.studio.held_back import why_held_back
from safelight.studio.journal_kinds import NOTICE_ISSUED
from safelight.studio.open_studio import OpenStudio, new_id

ANSWER_DAYS = 14
"""So many days a recipient has to answer a notice."""
EMPLOYER = "employer"
"""The role of a recipient who is told that something ended, never why."""


@dataclass(frozen=True, slots=True)
class EndedRecord:
    """A record that has ended, with the receipt it stands in; ``since`` when, ``ended`` why."""

    receipt: ReceiptId
    record: Record
    ended: Ended
    since: datetime


@dataclass(frozen=True, slots=True)
class StoppedPhoto:
    """A photo that is held back from every use, or released again."""

    photo: PhotoGuid
    state: PhotoState
    why: PhotoReason
    since: datetime


def tell_recipients(
    studio: OpenStudio,
    writing: Transaction,
    ended: Sequence[EndedRecord],
    stopped: Sequence[StoppedPhoto] = (),
    only: RecipientId | None = None,
) -> tuple[SignedMessage, ...]:
    """A notice, signed and kept, to each recipient that got a photo under one of these records or one of these photos.

    A photo that something else still holds back is not released. ``only`` this recipient is told where it is named.
    Inside the caller's transaction: what ended and who is told are durable together, and no export in between is
    missed, since the ledger is read here. Numbers follow each other without gaps, each notice names the one before.
    """
    archive = studio.archive
    archive.rely_on(own=("recipient", "disclosure", "disclosed_photo", "disclosed_record", "withdrawal_notice"))
    archive.disclosures.index_missing(writing)
    records = [each.record.id for each in ended]
    left = archive.disclosures.of_records(records) if records else ()
    with_photos = archive.disclosures.of_photos([each.photo for each in stopped])
    known = {each.recipient.id: each.recipient for each in archive.recipients.list()}
    told = dict.fromkeys(each.recipient for each in (*left, *with_photos) if only in (None, each.recipient))
    issued = []
    for recipient in told:
        mine = _Handed([each for each in left if each.recipient == recipient])
        theirs = _Handed([each for each in with_photos if each.recipient == recipient])
        veiled = known[recipient].role == EMPLOYER
        items = tuple(
            _item(studio, each, mine, veiled) for each in ended if each.record.id in mine.records
        )
        photos = tuple(
            _state(each, theirs, veiled)
            for each in stopped
            if each.photo in theirs.photos
            and (each.state is PhotoState.WITHHELD or why_held_back(studio, each.photo, recipient) is None)
        )
        if items or photos:
            issued.append(_issue(studio, writing, known[recipient], items, photos))
    return tuple(issued)


class _Handed:
    """What one recipient was handed in these bundles: photos by id, with every file each was handed over as."""

    def __init__(self, bundles: Sequence[Disclosure]) -> None:
        self.records = {record for each in bundles for record in each.records}
        self.photos: dict[PhotoGuid, list[DisclosedPhoto]] = {}
        self._under: dict[RecordId, list[PhotoGuid]] = {}
        for each in bundles:
            for photo in each.photos:
                self.photos.setdefault(photo.guid, []).append(photo)
                # Rows of before records were kept by photo: whatever left in that bundle may rest on any of them.
                for record in photo.records or each.records:
                    self._under.setdefault(record, []).append(photo.guid)

    def under(self, record: RecordId) -> tuple[NoticePhoto, ...]:
        """The photos that left under ``record``, each once."""
        return tuple(self.photo(guid) for guid in dict.fromkeys(self._under.get(record, ())))

    def photo(self, guid: PhotoGuid) -> NoticePhoto:
        """A photo by the newest file it was handed over as, with the hashes of all of them."""
        rows = self.photos[guid]
        members = tuple(dict.fromkeys(each.member_sha256 for each in rows))
        return NoticePhoto(guid, rows[-1].image_hash_kind, rows[-1].image_sha256, members)


def _item(studio: OpenStudio, each: EndedRecord, handed: _Handed, veiled: bool) -> NoticeItem:
    position = each.record.status_position
    return NoticeItem(
        record=each.record.id,
        receipt=each.receipt,
        scope=each.record.scope,
        status_index=position.index,
        status_list=None if position.list == FIRST_LIST else position.list,
        ended=Ended.ENDED if veiled else each.ended,
        since=each.since,
        asked=_asked(studio, each),
        photos=handed.under(each.record.id),
    )


def _asked(studio: OpenStudio, each: EndedRecord) -> tuple[Asked, ...]:
    """Stop, delete what no other answer allows, train no more; of a yes that was given anew only stop relying on it."""
    if each.ended is Ended.INVALIDATED:
        return (Asked.STOP,)
    scope = studio.rules.catalogue.find(each.record.scope)
    training = scope is None or scope.trains
    return (Asked.STOP, Asked.DELETE, *((Asked.STOP_TRAINING,) if training else ()))


def _state(each: StoppedPhoto, handed: _Handed, veiled: bool) -> NoticePhotoState:
    asked: tuple[Asked, ...] = ()
    if each.state is PhotoState.WITHHELD:
        lasting = each.why is not PhotoReason.RESTRICTED  # that is lifted again, and the picture must be there then
        asked = (Asked.STOP, Asked.DELETE) if lasting else (Asked.STOP,)
    why = PhotoReason.ENDED if veiled else each.why
    return NoticePhotoState(handed.photo(each.photo), each.state, why, each.since, asked)


def _issue(
    studio: OpenStudio,
    writing: Transaction,
    recipient: Recipient,
    items: tuple[NoticeItem, ...],
    photos: tuple[NoticePhotoState, ...],
) -> SignedMessage:
    last = studio.archive.outgoing_notices.last(recipient.id)
    notice = WithdrawalNotice(
        id=NoticeId(new_id()),
        number=1 if last is None else last.number + 1,
        previous=None if last is None else last.sha256,
        studio=studio.identity.id,
        recipient=recipient.id,
        issued_at=writing.now,
        due=_due(writing.now),
        items=items,
        photos=photos,
    )
    content = notice_bytes(notice)
    digest = sha256_hex(content)
    made = SignedMessage(
        notice.id, recipient.id, notice.number, writing.now, content.decode(), digest,
        studio.signer.sign(content, "safelight-notice"),
    )  # fmt: skip
    studio.archive.outgoing_notices.add(writing, made)
    studio.archive.journal.append(writing, NOTICE_ISSUED, notice.id, digest.encode())
    return made


def _due(now: datetime) -> date:
    return now.date() + timedelta(days=ANSWER_DAYS)

"""Notices that wait for an answer: per recipient what was asked, until when, and what is answered or kept and why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from safelight.documents.acknowledgements import Pair, Reply
from safelight.documents.withdrawal_notices import PhotoState
from safelight.domain.ids import PhotoGuid, RecipientId, RecordId
from safelight.storage.rows import SignedMessage
from safelight.studio.open_studio import OpenStudio


@dataclass(frozen=True, slots=True)
class ToldNotice:
    """One notice: its number, when it was issued, the last day for an answer, and the photos asked about.

    ``open`` are those of them without an answer.
    """

    number: int
    at: datetime
    due: date
    photos: frozenset[PhotoGuid]
    open: frozenset[PhotoGuid]


@dataclass(frozen=True, slots=True)
class WaitingRecipient:
    """A recipient who has not answered everything: the notices that are open by number, and their first last day."""

    recipient: RecipientId
    name: str
    notices: tuple[int, ...]
    due: date
    photos: int


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """A photo the recipient says it keeps, and why; ``name`` as it came in, empty once it was removed here."""

    photo: PhotoGuid
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class RecipientAnswers:
    """Everything one recipient was told, the newest notice first, and the newest answer that was taken in."""

    recipient: RecipientId
    name: str
    contact: str
    notices: tuple[ToldNotice, ...]
    answered_at: datetime | None
    kept: tuple[KeptPhoto, ...]


@dataclass(frozen=True, slots=True)
class AskedNotice:
    """A notice as answers are compared with it: what it wants an answer for, one by one."""

    number: int
    at: datetime
    due: date
    sha256: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Replies:
    """What the newest acknowledgement of a recipient says; empty where there is none."""

    at: datetime | None
    notices: frozenset[tuple[int, str]]
    said: Mapping[Pair, tuple[Reply, str]]

    def of(self, notice: AskedNotice, pair: Pair) -> Reply | None:
        """The answer for ``pair`` of ``notice``; None while there is none."""
        answered = (notice.number, notice.sha256) in self.notices and pair in self.said
        return self.said[pair][0] if answered else None


def waiting_recipients(studio: OpenStudio) -> tuple[WaitingRecipient, ...]:
    """Everybody who has not answered everything they were asked, the first last day first."""
    issued: dict[RecipientId, list[AskedNotice]] = {}
    for made in studio.archive.outgoing_notices.list():
        issued.setdefault(made.recipient, []).append(asked_notice(made))
    names = {each.recipient.id: each.recipient.name for each in studio.archive.recipients.list()}
    rows = []
    for recipient, notices in issued.items():
        replies = replies_of(studio, recipient)
        left = [(each, _open(each, replies)) for each in notices]
        waiting = [(each, photos) for each, photos in left if photos]
        if waiting:
            photos = frozenset[PhotoGuid]().union(*(photos for _, photos in waiting))
            numbers = tuple(each.number for each, _ in waiting)
            due = min(each.due for each, _ in waiting)
            rows.append(WaitingRecipient(recipient, names.get(recipient, ""), numbers, due, len(photos)))
    return tuple(sorted(rows, key=lambda each: (each.due, each.name.casefold())))


def recipient_answers(studio: OpenStudio, recipient: RecipientId) -> RecipientAnswers:
    """What one recipient was told and answered; raises :class:`WrongUsage` for one that is not on the list."""
    known = studio.archive.recipients.get(recipient).recipient
    replies = replies_of(studio, recipient)
    notices = [asked_notice(each) for each in studio.archive.outgoing_notices.of(recipient)]
    rows = tuple(
        ToldNotice(each.number, each.at, each.due, frozenset(photo for _, photo in each.pairs), _open(each, replies))
        for each in reversed(notices)
    )
    kept = {photo: why for (_, photo), (reply, why) in replies.said.items() if reply is Reply.KEPT}
    lines = studio.archive.photos.lines(tuple(kept))
    told = tuple(KeptPhoto(each, lines[each].name if each in lines else "", why) for each, why in kept.items())
    return RecipientAnswers(recipient, known.name, known.contact, rows, replies.at, told)


def asked_notice(made: SignedMessage) -> AskedNotice:
    """What a notice of the archive asks. It was checked when it was made and opens under the studio's key alone, so
    it is not held against its schema again: hundreds of them are read for one list.
    """
    said = json.loads(made.text)
    ended: Iterable[Pair] = (
        (RecordId(item["record"]), PhotoGuid(photo["guid"])) for item in said["items"] for photo in item["photos"]
    )
    held: Iterable[Pair] = (
        (None, PhotoGuid(each["photo"]["guid"]))
        for each in said["photos"] if each["state"] == PhotoState.WITHHELD
    )  # fmt: skip
    return AskedNotice(made.number, made.at, date.fromisoformat(said["due"]), made.sha256, (*ended, *held))


def replies_of(studio: OpenStudio, recipient: RecipientId) -> Replies:
    """The answers of one recipient: each acknowledgement says everything, so the newest one counts."""
    made = studio.archive.acknowledgements.last(recipient)
    if made is None:
        return Replies(None, frozenset(), {})
    told = json.loads(made.text)
    said: dict[Pair, tuple[Reply, str]] = {
        (each["record"], PhotoGuid(each["photo"])): (Reply(each["reply"]), each.get("why", ""))
        for each in told["reactions"]
    }
    return Replies(made.at, frozenset((each["number"], each["sha256"]) for each in told["notices"]), said)


def _open(notice: AskedNotice, replies: Replies) -> frozenset[PhotoGuid]:
    return frozenset(pair[1] for pair in notice.pairs if replies.of(notice, pair) is None)

"""Who was told what, and what of it is not answered yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from safelight.documents.acknowledgements import Acknowledgement, Reply, asked_in, read_ack, unanswered
from safelight.documents.withdrawal_notices import read_notice
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import NoticeId, RecipientId, Sha256
from safelight.storage.rows import SignedMessage
from safelight.studio.open_studio import OpenStudio


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice: to whom, its number, until when it is to be answered, and what of it is open.

    ``asked`` and ``open`` count records by photo, and photos held back; ``kept`` are answers that say something was
    kept. ``overdue``: the last day is over and something is open.
    """

    id: NoticeId
    recipient: RecipientId
    name: str
    number: int
    issued_at: datetime
    due: date
    records: int
    asked: int
    open: int
    kept: int
    overdue: bool
    sha256: Sha256


def notice_rows(studio: OpenStudio, recipient: RecipientId | None = None) -> tuple[NoticeRow, ...]:
    """Every notice (to one recipient), oldest first, as the newest answer of its recipient leaves it."""
    archive = studio.archive
    archive.rely_on(own=("withdrawal_notice", "acknowledgement", "recipient"))
    names = {each.recipient.id: each.recipient.name for each in archive.recipients.list()}
    sent = archive.outgoing_notices.list() if recipient is None else archive.outgoing_notices.of(recipient)
    answers = {each: newest_answer(studio, each) for each in dict.fromkeys(each.recipient for each in sent)}
    today = studio.today()
    rows = []
    for message in sent:
        notice, ack = read_notice(message.text.encode()), answers[message.recipient]
        still = len(unanswered(notice, message.sha256, ack))
        asked = set(asked_in(notice))
        answered = () if ack is None else ack.reactions
        kept = sum(each.reply is Reply.KEPT and (each.record, each.photo) in asked for each in answered)
        rows.append(
            NoticeRow(
                notice.id, message.recipient, names.get(message.recipient, ""), notice.number, notice.issued_at,
                notice.due, len(notice.items), len(asked), still, kept, bool(still) and today > notice.due,
                message.sha256,
            )
        )
    return tuple(rows)


def issued_notice(studio: OpenStudio, recipient: RecipientId, number: int | None = None) -> SignedMessage:
    """The notice with this number (the last one for None), byte for byte; :class:`WrongUsage` where there is none."""
    sent = studio.archive.outgoing_notices.of(recipient)
    found = next((each for each in reversed(sent) if number in (None, each.number)), None)
    if found is None:
        raise WrongUsage("There is no such notice to this recipient.", "Nothing was written.")
    return found


def newest_answer(studio: OpenStudio, recipient: RecipientId) -> Acknowledgement | None:
    """What a recipient answered last; None while it never did."""
    last = studio.archive.acknowledgements.last(recipient)
    return None if last is None else read_ack(last.text.encode())

"""What somebody gets who took a yes back: a receipt of it, and the letter that carries the receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from safelight.domain.page_document import Block, Facts, Heading, PageDocument, Paragraph, Points
from safelight.domain.people import Role, Studio
from safelight.domain.plain_text import isolate_ltr, name
from safelight.domain.scope import Scope
from safelight.domain.withdrawal import Channel

from .words import Reader, ToldRecipient, Words


@dataclass(frozen=True, slots=True)
class WithdrawalContent:
    """What a withdrawal receipt says.

    ``id`` is the number it is found by. ``by`` is in which role somebody acted and ``by_name`` who (empty: the code
    alone was shown, which does not tell); ``entered_by`` is who of the studio entered it. ``ended`` are the uses that
    end (none when a single ``photo`` was struck out), ``open`` those that are still allowed. ``kept_until`` is how long
    the proof is kept (None: not known yet).
    """

    id: str
    studio: Studio
    reader: Reader
    at: datetime
    by: Role
    channel: Channel
    ended: tuple[Scope, ...]
    open: tuple[Scope, ...] = ()
    photo: str = ""
    by_name: str = ""
    entered_by: str = ""
    told: tuple[ToldRecipient, ...] = ()
    kept_until: date | None = None


def withdrawal_receipt(content: WithdrawalContent) -> PageDocument:
    """The receipt of a withdrawal: what stops, who is told until when, what cannot be undone, what stays and why."""
    words = Words(content.studio, content.reader)
    title = words.say("withdrawal_title")
    return PageDocument(
        title=title,
        lead=words.say("withdrawal_lead", name=words.who(), day=words.local_day(content.at)),
        blocks=(*_facts(words, content), *_stops(words, content), *_told(words, content), *_stays(words, content),
                *_more(words)),
        language=words.language,
        studio_name=content.studio.name,
        reference=words.reference(content.id),
        at=content.at,
    )  # fmt: skip


def withdrawal_letter(content: WithdrawalContent, pdf: bytes) -> bytes:
    """The letter to the contact on file, with the receipt; whoever did not do it is asked to say so at once."""
    words = Words(content.studio, content.reader)
    day = words.local_day(content.at)
    return words.letter(
        words.say("withdrawal_subject", studio=content.studio.name),
        [words.say("withdrawal_text", day=day, where=words.contact())],
        words.say("withdrawal_title"), content.at, pdf,
    )  # fmt: skip


def _facts(words: Words, content: WithdrawalContent) -> list[Block]:
    by = words.role(content.by)
    return [
        Facts(
            (
                (words.receipt("for"), words.who()),
                (words.say("withdrawal_by"), f"{name(content.by_name)} ({by})" if content.by_name else by),
                (words.receipt("event_time"), words.moment(content.at)),
                (words.say("withdrawal_how"), words.say(f"channel_{content.channel.value}")),
                (words.say("entered_by"), name(content.entered_by) if content.entered_by else ""),
                (words.say("studio"), words.sender()),
            )
        )
    ]


def _stops(words: Words, content: WithdrawalContent) -> list[Block]:
    blocks: list[Block] = [Heading(words.receipt("change_stops"))]
    if content.photo:
        blocks.append(Paragraph(words.say("withdrawal_photo", photo=isolate_ltr(content.photo)), remark=True))
    if content.ended:
        if not content.open:
            blocks.append(Paragraph(words.say("withdrawal_all")))
        blocks.append(words.ending(content.ended))
    if content.open and not content.photo:
        still = words.join([words.title(each) for each in content.open])
        blocks.append(Paragraph(words.say("withdrawal_open", uses=still)))
    return [*blocks, Heading(words.receipt("change_stays")), Paragraph(words.say("withdrawal_lawful"))]


def _told(words: Words, content: WithdrawalContent) -> list[Block]:
    heading = Heading(words.say("told"))
    if not content.told:
        return [heading, Paragraph(words.say("told_nobody"))]
    return [heading, Paragraph(words.say("told_lead")), words.recipients(content.told)]


def _stays(words: Words, content: WithdrawalContent) -> list[Block]:
    until = content.kept_until
    told = "" if until is None else words.say("stays_until", day=words.day(until))
    proof = words.sentences(words.say("stays_proof"), told)
    return [Heading(words.say("stays")), Points((proof, words.say("stays_photos")))]


def _more(words: Words) -> list[Block]:
    contact = words.contact()
    lines = (words.say("more_erase"), words.say("more_access"), words.say("more_write", contact=contact),
             words.say("more_again"), *words.complaint())  # fmt: skip
    return [Heading(words.say("more")), Points(lines), Paragraph(words.say("not_you", contact=contact), remark=True)]

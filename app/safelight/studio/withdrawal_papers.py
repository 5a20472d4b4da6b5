"""What somebody gets who took something back: a signed receipt of it, and the letter to the contact on file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, timezone

from safelight.documents.withdrawal_notices import read_notice
from safelight.domain.erasure import evidence_day
from safelight.domain.ids import ScopeId
from safelight.domain.people import Role, Subject
from safelight.domain.scope import Scope
from safelight.domain.withdrawal import Channel
from safelight.rights.mail import file_name
from safelight.rights.withdrawal import WithdrawalContent, withdrawal_letter, withdrawal_receipt
from safelight.rights.words import Reader, ToldRecipient
from safelight.studio.consent_snapshots import standing_of
from safelight.studio.open_studio import OpenStudio
from safelight.studio.papers import signed_pdf
from safelight.studio.queries.erasing import facts_of
from safelight.studio.queries.sessions import session_of
from safelight.studio.retired_uses import reading_catalogue
from safelight.studio.withdrawing import Withdrawn


@dataclass(frozen=True, slots=True)
class WithdrawalPapers:
    """The receipt (PDF) under a name of its own, and the letter (.eml) that carries it."""

    name: str
    pdf: bytes
    letter: bytes


def withdrawal_papers(studio: OpenStudio, done: Withdrawn) -> WithdrawalPapers:
    """The papers about ``done``, in the person's language, to the address that is on file and to no other.

    Whoever types a code learns nothing by it: what else is allowed stands in the letter, and that goes to the contact.
    """
    wanted = done.withdrawal
    person = studio.archive.subjects.get(wanted.subject)
    staff = {each.id: each.name for each in studio.archive.staff.list()}
    by_name = _acted(person, wanted.by) if wanted.channel is not Channel.CODE else ""
    standing = standing_of(studio, person.id).snapshot.states
    recipients = {each.recipient.id: each.recipient.name for each in studio.archive.recipients.list()}
    signed = facts_of(studio, person.id).signed
    content = WithdrawalContent(
        id=done.id,
        studio=studio.identity,
        reader=reader_of(studio, person),
        at=done.at,
        by=wanted.by,
        channel=wanted.channel,
        ended=tuple(_scope(studio, use) for use in dict.fromkeys(each.scope for each in done.ended)),
        open=tuple(_scope(studio, use) for use, state in standing.items() if state.given),
        photo=wanted.photo or "",
        by_name=by_name,
        entered_by=staff.get(wanted.entered_by, "") if wanted.entered_by else "",
        told=tuple(
            ToldRecipient(recipients.get(each.recipient, each.recipient), read_notice(each.text.encode()).due)
            for each in done.notices
        ),
        kept_until=evidence_day(signed, done.at.date()) if signed else None,
    )  # fmt: skip
    receipt = withdrawal_receipt(content)
    pdf = signed_pdf(studio, receipt)
    name = file_name(receipt.title, person.name, done.at.date())
    return WithdrawalPapers(name, pdf, withdrawal_letter(content, pdf))


def reader_of(studio: OpenStudio, person: Subject) -> Reader:
    """Whom a letter is for: the person, in their language, at the place where they were photographed."""
    session = session_of(studio, person.id)
    offset = studio.place_time(studio.now(), session).offset_minutes
    return Reader(
        person.name, person.language, session.country, timezone(timedelta(minutes=offset)), _contact(person),
        studio.authority(person.language),
    )  # fmt: skip


def _scope(studio: OpenStudio, use: ScopeId) -> Scope:
    return reading_catalogue(studio, use).scope(use)


def _acted(person: Subject, by: Role) -> str:
    """Who acted, by name: the person, or the guardian where there is one alone."""
    if by is not Role.GUARDIAN:
        return person.name
    return person.guardians[0].name if len(person.guardians) == 1 else ""


def _contact(person: Subject) -> str:
    """Where letters to the person go: their own address, else that of who answers for them."""
    return person.email or next((each.contact for each in person.guardians if each.contact), "")

"""Records what a person answered and signed: one receipt, one record per use, events, proof, all in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from safelight.domain.changes import Changes
from safelight.domain.choice import Answer, Choice, faults_of
from safelight.domain.consent import EventKind, reviewed_yearly
from safelight.domain.errors import Refused
from safelight.domain.ids import (
    PersonId,
    ReceiptId,
    RecipientId,
    RecordId,
    Sha256,
    SubjectId,
)
from safelight.domain.journal import GENESIS
from safelight.domain.jurisdiction import Jurisdiction
from safelight.domain.notice import Notice
from safelight.domain.people import Guardian, Recipient, Role, Subject, adult_on, is_minor
from safelight.domain.photo import PhotoMark
from safelight.domain.record import Act, ConsentReceipt, Method, NoticeMark, Record, Signing, first_event
from safelight.domain.session import Session
from safelight.domain.sitting import Evidence as Evidence
from safelight.domain.term import review_due, sleeps_after
from safelight.formats.answers import Answers
from safelight.formats.jcs import canonical, sha256_hex
from safelight.formats.plain import to_plain
from safelight.formats.record import document_bytes, receipt_document, statement_of
from safelight.keys.signing import sign_once
from safelight.storage.rows import SignedReceiptFile
from safelight.storage.transaction import Transaction
from safelight.studio.notices import make_notice
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.recipients import studio_as_recipient
from safelight.studio.subjects import SIGNED
from safelight.studio.superseding import end_earlier
from safelight.studio.withdrawal_codes import code_hash, new_code


@dataclass(frozen=True, slots=True)
class Taking:
    """The circumstances: how, by whom of the studio, on what device, and what happened on the way."""

    method: Method
    taken_by: PersonId
    device: str
    started_at: datetime
    acts: tuple[Act, ...]
    signed_by: tuple[Role, ...] = (Role.SUBJECT,)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A signed consent: the receipt, the hash of its statement, and the code it can be withdrawn with."""

    receipt: ConsentReceipt
    statement_sha256: Sha256
    withdrawal_code: str


def record_consent(
    studio: OpenStudio, session: Session, subject: Subject, answers: Answers, evidence: Evidence, taking: Taking
) -> tuple[Recorded, Changes]:
    """Sign and keep ``answers``; every offered use not answered is a no.

    Raises :class:`Refused` with every reason when the answers may not be signed; nothing is kept then. What an
    earlier receipt of the same person allowed for a use asked again ends with this one.
    """
    now = studio.now()
    place = studio.rules.jurisdictions.of(session.country)
    subject = replace(subject, guardians=_guardians(subject, answers))
    choices = _complete(session, answers)
    known = _known_recipients(studio)
    faults = faults_of(
        choices, studio.rules.catalogue, subject, now.date(), place, answers.taught_back, frozenset(known)
    )
    if faults:
        raise Refused("These answers cannot be signed: " + " ".join(faults), "Nothing was recorded.")
    _check_signers(subject, place, now, choices, taking)
    notice = make_notice(studio, session, choices, known, answers.language, subject)
    earlier = _latest(studio, subject.id)
    with studio.archive.transaction(now) as writing:
        receipt = _receipt(studio, writing, session, subject, answers, choices, evidence, taking, notice, earlier, now)
        recorded = _keep(studio, writing, receipt, subject, answers, evidence, taking, notice)
        end_earlier(studio, writing, subject.id, {each.scope for each in choices}, receipt, now)
    studio.acknowledge(receipt.id, recorded.statement_sha256)
    return recorded, Changes.CONSENTS | Changes.SUBJECTS | Changes.JOURNAL


def _guardians(subject: Subject, answers: Answers) -> tuple[Guardian, ...]:
    """Those known before and those named with the answers, each once: a roster has one column, a child two parents."""
    known = {each.name.casefold() for each in subject.guardians}
    return subject.guardians + tuple(each for each in answers.guardians if each.name.casefold() not in known)


def _complete(session: Session, answers: Answers) -> tuple[Choice, ...]:
    given = {each.scope: each for each in answers.choices}
    unasked = [each for each in given if each not in session.offered]
    if unasked:
        raise Refused(
            f"This session does not ask about {', '.join(unasked)}.",
            "Nothing was recorded; answer only what is asked: " + ", ".join(session.offered) + ".",
        )
    return tuple(given.get(scope, Choice(scope)) for scope in session.offered)


def _check_signers(
    subject: Subject, place: Jurisdiction, now: datetime, choices: Sequence[Choice], taking: Taking
) -> None:
    """A minor's yes needs the guardian's act and the minor's own; either one's no was already taken as the answer."""
    if not is_minor(subject.born, now.date(), place.guardian_under):
        return
    missing = {Role.GUARDIAN, Role.SUBJECT} - set(taking.signed_by)
    if missing and any(each.answer is Answer.YES for each in choices):
        who = " and ".join(sorted(each.value for each in missing))
        raise Refused(
            f"A minor's consent needs the guardian and the minor; the {who} did not sign.", "Nothing was recorded."
        )


def _known_recipients(studio: OpenStudio) -> Mapping[RecipientId, Recipient]:
    own = studio_as_recipient(studio)
    return {own.id: own} | {each.recipient.id: each.recipient for each in studio.archive.recipients.list()}


def _latest(studio: OpenStudio, subject: SubjectId) -> ReceiptId | None:
    files = studio.archive.consents.receipts_of(subject)
    return files[-1].receipt.id if files else None


def _receipt(
    studio: OpenStudio,
    writing: Transaction,
    session: Session,
    subject: Subject,
    answers: Answers,
    choices: Sequence[Choice],
    evidence: Evidence,
    taking: Taking,
    notice: Notice,
    earlier: ReceiptId | None,
    now: datetime,
) -> ConsentReceipt:
    place = studio.rules.jurisdictions.of(session.country)
    minor = is_minor(subject.born, now.date(), place.guardian_under)
    indexes = studio.archive.statuses.allocate(writing, len(choices))
    known = _known_recipients(studio)
    named = {each for choice in choices if choice.grant for each in choice.grant.recipients}
    return ConsentReceipt(
        id=ReceiptId(new_id()),
        issued_at=now,
        studio=studio.identity,
        subject=SubjectId(new_id()),
        session=session.id,
        country=session.country,
        language=answers.language,
        notice=NoticeMark(notice.id, notice.version, notice.language, notice.sha256),
        recipients=tuple(known[each] for each in sorted(named)),
        records=tuple(_record(studio, choice, index, now) for choice, index in zip(choices, indexes, strict=True)),
        modifiers=answers.modifiers,
        signing=Signing(
            method=taking.method,
            kind=evidence.kind,
            started_at=min(taking.started_at, now),
            signed_at=now,
            device=taking.device,
            language=answers.language,
            evidence_sha256=sha256_hex(evidence.data),
            acts_sha256=sha256_hex(_acts_bytes(taking.acts)),
            signed_by=taking.signed_by,
            witnessed=bool(answers.witness),
            interpreted=bool(answers.interpreter),
            taught_back=answers.taught_back,
            explained_again=answers.explained_again,
        ),
        photos=tuple(
            PhotoMark(each.guid, each.image_hash_kind, each.image_sha256, each.media_type)
            for each in studio.archive.photos.of_subject(subject.id)
        ),
        authority=studio.authority(place),
        withdraw_at=studio.identity.contact,
        rules=studio.rules.version,
        signed_as_minor=minor,
        adult_on=adult_on(subject.born, place.majority) if minor and subject.born else None,
        replaces=earlier,
    )


def _record(studio: OpenStudio, choice: Choice, index: int, now: datetime) -> Record:
    scope = studio.rules.catalogue.scope(choice.scope)
    grant = choice.grant
    yearly = grant is not None and reviewed_yearly(scope, grant)
    return Record(
        id=RecordId(new_id()),
        scope=scope.id,
        kind=EventKind.GIVEN if grant else EventKind.REFUSED,
        at=now,
        grant=grant,
        last_day=grant.term.last_day(now.date(), scope.cap_months) if grant else None,
        review_due=review_due(now.date()) if yearly else None,
        sleeps_after=sleeps_after(now.date()) if yearly else None,
        status_index=index,
        salt=secrets.token_hex(16),
    )


def _acts_bytes(acts: Sequence[Act]) -> bytes:
    plain: list[Any] = [to_plain(each) for each in acts]
    return canonical(plain)


def _keep(
    studio: OpenStudio,
    writing: Transaction,
    receipt: ConsentReceipt,
    subject: Subject,
    answers: Answers,
    evidence: Evidence,
    taking: Taking,
    notice: Notice,
) -> Recorded:
    document = receipt_document(receipt, studio.rules.catalogue)
    statement = statement_of(document)
    # The one-time key exists only inside this call: afterwards not even the studio can sign this statement again.
    once = sign_once(statement)
    digest = sha256_hex(statement)
    code = new_code()
    head = studio.archive.journal.head()
    studio.archive.notices.put(writing, notice)
    studio.archive.subjects.put(writing, subject)
    studio.archive.subjects.set_state(writing, subject.id, SIGNED)
    studio.archive.consents.add_receipt(
        writing,
        SignedReceiptFile(
            receipt=receipt,
            subject=subject.id,
            document=document_bytes(document),
            statement=statement,
            studio_signature=studio.signer.sign(statement, "safelight-record"),
            subject_public=once.public_ssh,
            subject_signature=once.signature,
            acts=_acts_bytes(taking.acts),
            evidence=evidence.data,
            evidence_type=evidence.media_type,
            taken_by=taking.taken_by,
            journal_head=head.hash if head else GENESIS,
            extra={
                "withdrawal_code": code,
                "withdrawal_hash": code_hash(code),
                "witness": answers.witness,
                "interpreter": answers.interpreter,
            },
        ),
    )
    for record in receipt.records:
        studio.archive.consents.add_event(writing, first_event(record, receipt, new_id(), subject.id))
    studio.archive.journal.append(writing, "consent-recorded", receipt.id, statement, subject.id)
    return Recorded(receipt, digest, code)

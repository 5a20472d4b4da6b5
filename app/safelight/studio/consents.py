"""Records what a person answered and signed: one receipt, one record per use, events, proof, all in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from safelight.documents.act_list import acts_bytes
from safelight.documents.answers import Answers
from safelight.documents.jcs import sha256_hex
from safelight.documents.record import document_bytes, receipt_document, statement_of
from safelight.domain.acts import Act
from safelight.domain.changes import Changes
from safelight.domain.choice import Answer, Choice, faults_of
from safelight.domain.days import PlaceTime
from safelight.domain.errors import Refused
from safelight.domain.ids import (
    PersonId,
    PhotoGuid,
    ReceiptId,
    RecipientId,
    Sha256,
    SubjectId,
)
from safelight.domain.journal import GENESIS
from safelight.domain.jurisdiction import Jurisdiction
from safelight.domain.notice import Notice
from safelight.domain.people import Guardian, Role, Subject, is_minor
from safelight.domain.photo import shot_of
from safelight.domain.record import ConsentReceipt, Method, Signing, first_event
from safelight.domain.session import Session
from safelight.domain.sitting import Evidence as Evidence
from safelight.keys.signing import sign_once
from safelight.keys.tags import code_tag
from safelight.storage.rows import KeptExhibit, SignedReceiptFile
from safelight.storage.transaction import Transaction
from safelight.studio.exhibits import Exhibit, register_exhibits, store_exhibits
from safelight.studio.handwriting import check_signature
from safelight.studio.journal_kinds import CONSENT_RECORDED
from safelight.studio.notices import make_notice
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.outgoing_notices import tell_recipients
from safelight.studio.retired_uses import readable, retired_of, still_asked
from safelight.studio.rules import keep_current
from safelight.studio.seats import Seat, check_seat
from safelight.studio.staff import working_member
from safelight.studio.stating import Said, complete, earlier_yeses, known_recipients, state_receipt, untouched
from safelight.studio.status_lists import draw_positions
from safelight.studio.subjects import SIGNED
from safelight.studio.superseding import end_earlier
from safelight.studio.vetoes import note_vetoes
from safelight.studio.withdrawal_codes import code_hash, new_code


@dataclass(frozen=True, slots=True)
class SigningContext:
    """The circumstances: how, by whom of the studio, on what device, and what happened on the way.

    ``shown`` are the photos the person was asked about, ``vetoed`` those struck out. ``notice`` is the very notice that
    was shown (None makes it now, for answers that come on paper); ``exhibits`` are kept with the receipt. ``signed_on``
    is the day on paper signed before it was entered, ``scan_sha256`` covers the scan of it among the exhibits. ``seat``
    is where somebody signs at a screen: without it any more, nothing is recorded.
    """

    method: Method
    taken_by: PersonId
    device: str
    started_at: datetime
    acts: tuple[Act, ...]
    signed_by: tuple[Role, ...] = (Role.SUBJECT,)
    shown: tuple[PhotoGuid, ...] = ()
    vetoed: frozenset[PhotoGuid] = frozenset()
    notice: Notice | None = None
    exhibits: tuple[Exhibit, ...] = ()
    signed_on: date | None = None
    scan_sha256: Sha256 | None = None
    seat: Seat | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A signed consent: the receipt, the hash of its statement, and the code it can be withdrawn with."""

    receipt: ConsentReceipt
    statement_sha256: Sha256
    withdrawal_code: str


def record_consent(
    studio: OpenStudio,
    session: Session,
    subject: Subject,
    answers: Answers,
    evidence: Evidence,
    context: SigningContext,
) -> tuple[Recorded, Changes]:
    """Sign and keep ``answers``: a record for each use that was asked, none for the others.

    Raises :class:`Refused` with every reason when the answers may not be signed; nothing is kept then. What an
    earlier receipt of the same person allowed for a use asked again ends with this one; a yes that was not asked again
    still holds, unless the answer is no to everything.
    """
    session = still_asked(studio, session)
    here = replace(studio.now_at(session), signed_on=context.signed_on)
    now = here.at
    choices = complete(session, answers, ())
    known = known_recipients(studio)

    def allowed(person: Subject) -> Subject:
        return _allowed(studio, session, person, answers, choices, frozenset(known), context, here)

    subject = allowed(subject)
    check_signature(evidence, subject, context.signed_by[-1])
    notice = context.notice or make_notice(studio, session, choices, known, answers.language, subject)
    exhibits = store_exhibits(studio, subject.id, context.exhibits)
    with studio.archive.transaction(now) as writing:
        if context.seat is not None:
            check_seat(studio, context.seat)
        working_member(studio, context.taken_by)
        studio.archive.rely_on((subject.id, session.id), ("recipient", "setting", "staff", "status"))
        # Read again here: what the desk put right meanwhile is not put back, and decides who had to sign.
        subject = allowed(studio.archive.subjects.get(subject.id))
        if context.signed_on is not None:
            _check_nothing_newer(studio, subject.id, choices, context.signed_on)
        # Before the receipt: it names no photo that somebody struck out.
        noted = note_vetoes(studio, writing, subject.id, context.vetoed, context.shown)
        photos = noted.standing
        # Read again here: what another program ended or recorded meanwhile decides what still holds.
        earlier = earlier_yeses(studio, subject.id)
        choices = complete(session, answers, earlier, retired_of(studio, earlier))
        still = untouched(earlier, choices, here.day)
        shown = frozenset(shot_of(each) for each in photos if each.guid in context.shown and not answers.refused_all)
        said = Said(session, subject, answers, choices, notice, photos, _latest(studio, subject.id), still, shown)
        positions = draw_positions(studio, writing, len(choices))
        signing = _signing(answers, evidence, context, here)
        receipt = state_receipt(studio, said, signing, positions, here, new_id, lambda: secrets.token_hex(16))
        recorded = _keep(studio, writing, receipt, said, evidence, context, exhibits)
        ended = end_earlier(studio, writing, subject.id, {each.scope for each in choices}, receipt, here)
        if ended or noted.changed:
            tell_recipients(studio, writing, [each.told for each in ended], noted.changed)
        # What was kept while the person was being asked has become this receipt, or is out of date.
        studio.archive.held.remove(writing, subject.id, session.id)
    studio.acknowledge(receipt.id, recorded.statement_sha256)
    changed = Changes.PHOTOS if context.shown or context.vetoed else Changes.NONE
    return recorded, Changes.CONSENTS | Changes.SUBJECTS | Changes.JOURNAL | changed


def _allowed(
    studio: OpenStudio,
    session: Session,
    subject: Subject,
    answers: Answers,
    choices: tuple[Choice, ...],
    recipients: frozenset[RecipientId],
    context: SigningContext,
    here: PlaceTime,
) -> Subject:
    """``subject`` with the guardians named on the way; raises :class:`Refused` when they may not sign ``choices``."""
    place = studio.rules.jurisdictions.of(session.country)
    subject = replace(subject, guardians=_guardians(subject, answers))
    faults = faults_of(
        choices, studio.rules.catalogue, subject, here.day, place, answers.taught_back, recipients, here.age_day
    )
    if faults:
        raise Refused("These answers cannot be signed: " + " ".join(faults), "Nothing was recorded.")
    _check_signers(subject, place, here, choices, context)
    return subject


def _check_nothing_newer(
    studio: OpenStudio, subject: SubjectId, choices: Sequence[Choice], signed_on: date
) -> None:
    """An older sheet never takes the place of a newer word, whichever of the two is entered first."""
    uses = {each.scope for each in choices}
    for file in studio.archive.consents.receipts_of(subject):
        for record in file.receipt.records:
            day = record.day or record.at.date()
            if record.scope in uses and day > signed_on:
                raise Refused(
                    f"{record.scope} was answered again on {day}, after this sheet was signed on {signed_on}.",
                    "Nothing was recorded: the newer word counts.",
                )


def _guardians(subject: Subject, answers: Answers) -> tuple[Guardian, ...]:
    """Those known before and those named with the answers, each once: a roster has one column, a child two parents."""
    known = {each.name.casefold() for each in subject.guardians}
    return subject.guardians + tuple(each for each in answers.guardians if each.name.casefold() not in known)


def _check_signers(
    subject: Subject, place: Jurisdiction, here: PlaceTime, choices: Sequence[Choice], context: SigningContext
) -> None:
    """A minor's yes needs the guardian's act and the minor's own; either one's no was already taken as the answer."""
    if not is_minor(subject.born, here.age_day, place.guardian_under):
        return
    missing = {Role.GUARDIAN, Role.SUBJECT} - set(context.signed_by)
    if missing and any(each.answer is Answer.YES for each in choices):
        who = " and ".join(sorted(each.value for each in missing))
        raise Refused(
            f"A minor's consent needs the guardian and the minor; the {who} did not sign.", "Nothing was recorded."
        )


def _latest(studio: OpenStudio, subject: SubjectId) -> ReceiptId | None:
    files = studio.archive.consents.receipts_of(subject)
    return files[-1].receipt.id if files else None


def _signing(answers: Answers, evidence: Evidence, context: SigningContext, here: PlaceTime) -> Signing:
    return Signing(
        method=context.method,
        kind=evidence.kind,
        started_at=min(context.started_at, here.at),
        signed_at=here.at,
        device=context.device,
        language=answers.language,
        evidence_sha256=sha256_hex(evidence.data),
        acts_sha256=sha256_hex(acts_bytes(context.acts)),
        signed_by=context.signed_by,
        witnessed=bool(answers.witness),
        interpreted=bool(answers.interpreter),
        taught_back=answers.taught_back,
        explained_again=answers.explained_again,
        zone=here.zone,
        utc_offset_minutes=here.offset_minutes,
        signed_on=context.signed_on,
        scan_sha256=context.scan_sha256,
    )


def _keep(
    studio: OpenStudio,
    writing: Transaction,
    receipt: ConsentReceipt,
    said: Said,
    evidence: Evidence,
    context: SigningContext,
    exhibits: Sequence[KeptExhibit],
) -> Recorded:
    subject, answers = said.subject, said.answers
    # No to everything also ends a yes to a use that is no longer asked: it is worded as it was signed.
    earlier = studio.archive.consents.receipts_of(subject.id)
    document = receipt_document(receipt, readable(studio.rules.catalogue, reversed(earlier)))
    statement = statement_of(document)
    # The one-time key exists only inside this call: afterwards not even the studio can sign this statement again.
    once = sign_once(statement)
    digest = sha256_hex(statement)
    code = new_code()
    head = studio.archive.journal.head()
    keep_current(studio, writing)
    studio.archive.notices.put(writing, said.notice)
    studio.archive.subjects.put(writing, subject)
    studio.archive.subjects.set_state(writing, subject.id, SIGNED)
    register_exhibits(studio, writing, exhibits)
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
            acts=acts_bytes(context.acts),
            evidence=evidence.data,
            evidence_type=evidence.media_type,
            taken_by=context.taken_by,
            journal_head=head.hash if head else GENESIS,
            withdrawal_code=code,
            withdrawal_hash=code_hash(code),
            opening_code=f"{secrets.randbelow(10_000):04d}",
            witness=answers.witness,
            interpreter=answers.interpreter,
            exhibits=tuple(exhibits),
        ),
    )
    tag = code_tag(studio.secrets, code_hash(code))
    studio.archive.code_tags.add(writing, {receipt.id: (tag, subject.id)})
    for record in receipt.records:
        studio.archive.consents.add_event(writing, first_event(record, receipt, new_id(), subject.id))
    studio.archive.journal.append(writing, CONSENT_RECORDED, receipt.id, statement, subject.id)
    return Recorded(receipt, digest, code)

"""Hands out receipts: the signed PDF of what a person answered, made once and kept."""

from __future__ import annotations

import io
from collections.abc import Sequence
from importlib.metadata import version

from safelight.capture.ink import ink_png, read_inkml
from safelight.capture.slates import slate_matrix
from safelight.documents.act_list import read_acts
from safelight.documents.jcs import sha256_hex
from safelight.domain.changes import Changes
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import Language, Sha256, SubjectId
from safelight.domain.people import Recipient, Role, StaffMember, Subject
from safelight.domain.record import SignatureKind
from safelight.domain.scope import Catalogue
from safelight.keys.signing import fingerprint_words, ssh_fingerprint
from safelight.keys.timestamping import http_transport
from safelight.receipt.issue import Timestamper, render_receipt, sign_receipt
from safelight.receipt.page import Hand, ReceiptContent, ReceiptStatus
from safelight.settings.texts import texts
from safelight.storage.rows import ExhibitKind, SignedReceiptFile
from safelight.studio.corrections import as_signed
from safelight.studio.counted_validations import CountedValidations
from safelight.studio.exhibits import read_exhibit
from safelight.studio.open_studio import TIME_AUTHORITY, OpenStudio
from safelight.studio.recipients import studio_as_recipient
from safelight.studio.retired_uses import worded
from safelight.studio.rules import catalogue_of
from safelight.studio.withdrawal_codes import withdrawal_uri

INK_SIZE = (900, 300)


def issue_receipt(studio: OpenStudio, subject: SubjectId) -> tuple[bytes, Changes]:
    """The PDF receipt of the person's newest signing: issued once, from then on the same bytes.

    Raises :class:`WrongUsage` when nothing was signed yet.
    """
    files = studio.archive.consents.receipts_of(subject)
    if not files:
        raise WrongUsage("This person has not signed anything yet.", "Record a consent first.")
    return receipt_pdf(studio, files[-1])


def receipt_pdf(studio: OpenStudio, file: SignedReceiptFile) -> tuple[bytes, Changes]:
    """The PDF of one signing, which need not be the person's newest: issued once, from then on the same bytes."""
    studio.archive.rely_on((file.subject,))
    if file.pdf is not None:
        return studio.archive.files.read_bytes(file.pdf), Changes.NONE
    now = studio.now()
    drawn = render_receipt(_content(studio, file), file.document)
    pdf = sign_receipt(drawn, studio.documents, now, _time_stamper(studio))
    kept = studio.archive.files.store((file.subject,), io.BytesIO(pdf), "receipt", evidence=True)
    with studio.archive.transaction(now) as writing:
        # Read again here: another program may have issued it while this one was being drawn, and there is one.
        issued = studio.archive.consents.receipt(file.receipt.id).pdf
        if issued is None:
            studio.archive.consents.set_pdf(writing, file.receipt.id, kept)
            studio.archive.journal.append(
                writing, "receipt-issued", file.receipt.id, sha256_hex(pdf).encode(), file.subject
            )
    if issued is not None:
        studio.archive.files.discard(kept)
        return studio.archive.files.read_bytes(issued), Changes.NONE
    studio.acknowledge(kept, sha256_hex(pdf))
    return pdf, Changes.RECEIPTS | Changes.JOURNAL


def _time_stamper(studio: OpenStudio) -> Timestamper | None:
    address = studio.archive.studio.setting(TIME_AUTHORITY)
    return http_transport(address) if address else None


def set_time_authority(studio: OpenStudio, address: str | None) -> Changes:
    """Have receipts stamped by the RFC 3161 authority at ``address`` from now on; None goes back to no network."""
    if address is not None:
        http_transport(address)
    with studio.archive.transaction(studio.now()) as writing:
        studio.archive.studio.set_setting(writing, TIME_AUTHORITY, address)
        studio.archive.journal.append(writing, "time-authority-set", studio.identity.id, (address or "none").encode())
    return Changes.STUDIO | Changes.JOURNAL


def _content(studio: OpenStudio, file: SignedReceiptFile) -> ReceiptContent:
    receipt = file.receipt
    # As they were called when they signed, whatever was put right since.
    person = as_signed(studio, file)
    language = Language(texts(receipt.language).language)
    drawn = receipt.signing.kind is SignatureKind.INK and not file.evidence_erased
    code = file.withdrawal_code
    uri = withdrawal_uri(studio.identity.contact, code)
    # As it was worded when it was signed, however long after that it is drawn and whatever the rules say by then.
    catalogue = worded(catalogue_of(studio, receipt), file, reversed(studio.archive.consents.receipts_of(file.subject)))
    return ReceiptContent(
        receipt=receipt,
        subject_name=person.name,
        studio=studio.identity,
        catalogue=catalogue,
        language=language,
        notice_title=texts(language).notice_title,
        withdrawal_code=code,
        withdrawal_uri=uri,
        qr=slate_matrix(uri),
        journal_head=file.journal_head,
        record_sha256=sha256_hex(file.statement),
        notice_sha256=receipt.notice.sha256,
        subject_key_fingerprint=ssh_fingerprint(file.subject_public),
        studio_key_fingerprint=ssh_fingerprint(studio.signer.public_ssh),
        studio_key_words=fingerprint_words(studio.signer.public_ssh),
        app_version=version("safelight"),
        guardian_names=tuple(each.name for each in person.guardians) if receipt.signed_as_minor else (),
        photographer_name=staff_name(studio.archive.staff.list(), file.taken_by),
        witness_name=file.witness,
        interpreter_name=file.interpreter,
        recipients=all_recipients(studio),
        signature_png=ink_png(read_inkml(file.evidence), *INK_SIZE) if drawn else None,
        typed_name="" if drawn else file.evidence.decode("utf-8", "replace"),
        # No pictures: a receipt is kept under the evidence key, and proof outlives pictures.
        acts=read_acts(file.acts),
        status=_status(studio, file, catalogue),
        earlier=_earlier(studio, file, person),
        signer=_signer(file, person),
        opening_code=file.opening_code,
        journal_entries=studio.archive.journal.number_of(Sha256(file.journal_head)),
    )


def _earlier(studio: OpenStudio, file: SignedReceiptFile, person: Subject) -> tuple[Hand, ...]:
    """The signatures before the last one, each under the name of whoever gave it."""
    names = iter(each.name for each in person.guardians)
    hands = []
    for kept in file.exhibits:
        if kept.what is ExhibitKind.SIGNATURE:
            data = read_exhibit(studio, kept)
            whose = next(names, "") if kept.by is Role.GUARDIAN else person.name
            drawn = ink_png(read_inkml(data), *INK_SIZE) if kept.kind is SignatureKind.INK else None
            hands.append(Hand(whose, drawn, "" if drawn else data.decode("utf-8", "replace"), kept.at))
    return tuple(hands)


def _signer(file: SignedReceiptFile, person: Subject) -> str:
    """Whose the last signature is: with several, the person's own unless a guardian came after."""
    before = [each.by for each in file.exhibits if each.what is ExhibitKind.SIGNATURE]
    if not before:
        return ""
    guardians = before.count(Role.GUARDIAN)
    last_is_guardian = Role.SUBJECT in before and guardians < len(person.guardians)
    return person.guardians[guardians].name if last_is_guardian else person.name


def _status(studio: OpenStudio, file: SignedReceiptFile, catalogue: Catalogue) -> ReceiptStatus:
    if CountedValidations(studio).of(file) is not None:
        return ReceiptStatus.CHECKED
    needs = any(each.grant and catalogue.scope(each.scope).needs_validation for each in file.receipt.records)
    return ReceiptStatus.AWAITING_CHECK if needs else ReceiptStatus.SIGNED


def all_recipients(studio: OpenStudio) -> tuple[Recipient, ...]:
    """Everybody a receipt may name, the studio first."""
    return (studio_as_recipient(studio), *(each.recipient for each in studio.archive.recipients.list()))


def staff_name(members: Sequence[StaffMember], wanted: str) -> str:
    """The name of one member of the staff; empty when nobody has this id."""
    return next((each.name for each in members if each.id == wanted), "")

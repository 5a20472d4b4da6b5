"""What a person takes home: the signed receipt under a name of its own, and a letter that carries it."""

from __future__ import annotations

from datetime import date

from safelight.capture.slates import slate_matrix
from safelight.domain.changes import Changes
from safelight.domain.people import Subject
from safelight.domain.sitting import Finished
from safelight.rights.mail import Attachment, Party, file_name, mail, one_line
from safelight.settings.locales import day_words
from safelight.settings.texts import Texts, texts
from safelight.storage.rows import SignedReceiptFile
from safelight.studio.open_studio import OpenStudio
from safelight.studio.receipts import receipt_pdf
from safelight.studio.withdrawal_codes import withdrawal_uri


def hand_over(studio: OpenStudio, file: SignedReceiptFile) -> tuple[Finished, Changes]:
    """Everything one signed receipt is given away as; the PDF is issued if it was not yet."""
    pdf, changes = receipt_pdf(studio, file)
    person = studio.archive.subjects.get(file.subject)
    words = texts(file.receipt.language)
    code = file.withdrawal_code
    name = file_name(words.receipt["title"], person.name, _day(file))
    finished = Finished(
        pdf=pdf,
        file_name=name,
        withdrawal_code=code,
        withdrawal_qr=slate_matrix(withdrawal_uri(studio.identity.contact, code)),
        letter=_letter(studio, words, person, file, pdf, name),
    )
    return finished, changes


def _day(file: SignedReceiptFile) -> date:
    return file.receipt.signing.day


def _day_in_words(words: Texts, file: SignedReceiptFile) -> str:
    return day_words(words.language, file.receipt.country, _day(file))


def _letter(
    studio: OpenStudio, words: Texts, person: Subject, file: SignedReceiptFile, pdf: bytes, name: str
) -> bytes:
    """An e-mail with the receipt attached."""
    own = studio.identity
    said = (
        words.receipt["letter_hello"].format_map({"name": one_line(person.name)}),
        words.receipt["letter_text"].format_map({"date": _day_in_words(words, file), "where": own.contact}),
        own.name,
    )
    subject = words.receipt["letter_subject"].format_map({"studio": own.name})
    sender, receiver = Party(own.name, own.contact), Party(person.name, person.email)
    return mail(sender, receiver, subject, file.receipt.issued_at, said, (Attachment(name, pdf),))

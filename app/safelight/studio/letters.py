"""What a person takes home: the signed receipt under a name of its own, and a letter that carries it."""

from __future__ import annotations

from datetime import date
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from safelight.capture.slates import slate_matrix
from safelight.domain.changes import Changes
from safelight.domain.people import Subject
from safelight.domain.sitting import Finished
from safelight.settings.locales import day_words
from safelight.settings.texts import Texts, texts
from safelight.storage.rows import SignedReceiptFile
from safelight.studio.open_studio import OpenStudio
from safelight.studio.receipts import receipt_pdf
from safelight.studio.withdrawal_codes import withdrawal_uri

_LONGEST_NAME = 60


def hand_over(studio: OpenStudio, file: SignedReceiptFile) -> tuple[Finished, Changes]:
    """Everything one signed receipt is given away as; the PDF is issued if it was not yet."""
    pdf, changes = receipt_pdf(studio, file)
    person = studio.archive.subjects.get(file.subject)
    words = texts(file.receipt.language)
    code = file.withdrawal_code
    name = _file_name(words, person, file)
    finished = Finished(
        pdf=pdf,
        file_name=name,
        withdrawal_code=code,
        withdrawal_qr=slate_matrix(withdrawal_uri(studio.identity.contact, code)),
        letter=_letter(studio, words, person, file, pdf, name),
    )
    return finished, changes


def _file_name(words: Texts, person: Subject, file: SignedReceiptFile) -> str:
    """A name every file system takes: what it is, whose, of which day; nothing else personal."""
    kept = "".join(each if each.isalnum() or each in " '-" else " " for each in person.name)
    name = " ".join(kept.split())[:_LONGEST_NAME].strip()
    return " ".join(each for each in (words.receipt["title"], name, _day(file).isoformat()) if each) + ".pdf"


def _day(file: SignedReceiptFile) -> date:
    return file.receipt.signing.day


def _day_in_words(words: Texts, file: SignedReceiptFile) -> str:
    return day_words(words.language, file.receipt.country, _day(file))


def _letter(
    studio: OpenStudio, words: Texts, person: Subject, file: SignedReceiptFile, pdf: bytes, name: str
) -> bytes:
    """An e-mail (RFC 5322) with the receipt attached, ready to be sent by whatever program sends mail here."""
    own = studio.identity
    letter = EmailMessage(policy=SMTP)
    sender, receiver = _address(own.name, own.contact.removeprefix("mailto:")), _address(person.name, person.email)
    if sender is not None:
        letter["From"] = sender
    if receiver is not None:
        letter["To"] = receiver
    letter["Subject"] = _line(words.receipt["letter_subject"].format_map({"studio": own.name}))
    letter["Date"] = format_datetime(file.receipt.issued_at)
    said = (
        words.receipt["letter_hello"].format_map({"name": _line(person.name)}),
        words.receipt["letter_text"].format_map({"date": _day_in_words(words, file), "where": own.contact}),
        own.name,
    )
    letter.set_content("\n\n".join(said) + "\n")
    letter.add_attachment(pdf, maintype="application", subtype="pdf", filename=name)
    return letter.as_bytes()


def _address(name: str, where: str) -> Address | None:
    """An address mail can be sent to, or None: a telephone number, or something typed wrong."""
    try:
        return Address(_line(name), addr_spec=where.strip()) if "@" in where else None
    except (ValueError, MessageError, IndexError):
        return None


def _line(text: str) -> str:
    """One line: a line break in a header would begin another one."""
    return " ".join(text.split())

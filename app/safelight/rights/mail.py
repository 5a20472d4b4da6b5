"""A letter as mail (RFC 5322), ready to be sent by whatever program sends mail here; nothing is sent from here."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from safelight.domain.document_type import DocumentType

_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Party:
    """Who writes or is written to; ``contact`` may be a telephone number, then no mail can be addressed to it."""

    name: str
    contact: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter, and what it is called."""

    name: str
    data: bytes
    type: DocumentType = DocumentType.PDF


def mail(
    sender: Party, receiver: Party, subject: str, at: datetime, paragraphs: Sequence[str],
    attachments: Sequence[Attachment] = (),
) -> bytes:  # fmt: skip
    """The letter as ``.eml``; without an address to send to it has no such line, and a person fills it in."""
    letter = EmailMessage(policy=SMTP)
    for header, party in (("From", sender), ("To", receiver)):
        address = _address(party)
        if address is not None:
            letter[header] = address
    letter["Subject"] = one_line(subject)
    letter["Date"] = format_datetime(at)
    letter.set_content("\n\n".join(paragraphs) + "\n")
    for each in attachments:
        main, sub = each.type.value.split("/")
        letter.add_attachment(each.data, maintype=main, subtype=sub, filename=each.name)
    return letter.as_bytes()


def one_line(text: str) -> str:
    """One line: a line break in a header would begin another one."""
    return " ".join(text.split())


def file_name(title: str, whose: str, day: date) -> str:
    """A name every file system takes: what it is, whose, of which day; nothing else personal."""
    # Marks belong to the letters before them: without them a name in Hindi is another one.
    kept = "".join(each if unicodedata.category(each)[0] in "LMN" or each in " '-" else " " for each in whose)
    name = " ".join(kept.split())[:_LONGEST_NAME].strip()
    return " ".join(each for each in (title, name, day.isoformat()) if each) + ".pdf"


def _address(party: Party) -> Address | None:
    """An address mail can be sent to, or None: a telephone number, or something typed wrong."""
    where = party.contact.removeprefix("mailto:").strip()
    try:
        return Address(one_line(party.name), addr_spec=where) if "@" in where else None
    except (ValueError, MessageError, IndexError):
        return None

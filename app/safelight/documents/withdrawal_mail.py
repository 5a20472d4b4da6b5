"""Reads an e-mail in which somebody takes something back: who wrote, their words, and the code, if they gave one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import AddressHeader, DateHeader
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

from safelight.domain.document_type import DocumentType
from safelight.domain.errors import Malformed
from safelight.domain.receipt_codes import ALPHABET, GROUPS, LETTERS

from .reading import printable

LARGEST = 25 * 1024 * 1024
"""Bytes: what mail servers let through; pictures somebody attached are not looked at."""
MOST_TEXT = 20_000
"""So many characters of what somebody wrote are shown."""
_MOST_PARTS = 200
_AGAIN = "Nothing was changed. Save it again as .eml."
_GROUP = rf"[{ALPHABET}]{{{LETTERS}}}"
_CODE = re.compile(rf"(?<![0-9A-Z]){_GROUP}(?:[-\s]?{_GROUP}){{{GROUPS - 1}}}(?![0-9A-Z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WithdrawalMail:
    """A mail as the team sees it: nothing in it is obeyed, fetched or opened.

    ``sender`` is the address it claims to come from, ``sent_at`` when it says it was written (UTC; None where it does
    not say). ``code`` is the first thing in subject or text that has the form of a receipt's code, empty if there is
    none.
    """

    sender: str
    subject: str
    sent_at: datetime | None
    text: str
    code: str


def read_withdrawal_mail(untrusted: bytes) -> WithdrawalMail:
    """The mail (RFC 5322, a file with the ending .eml); raises :class:`Malformed` for what is none or far too large."""
    if len(untrusted) > LARGEST:
        raise Malformed("This e-mail is too large to be read.", _AGAIN)
    message = message_from_bytes(untrusted, policy=default)
    if not (message["From"] or message["Subject"]):
        raise Malformed("This is no e-mail that can be read.", _AGAIN)
    subject, text = _line(message["Subject"]), _text_of(message)
    found = _CODE.search(subject) or _CODE.search(text)
    return WithdrawalMail(_sender(message), subject, _date(message), text, found.group(0).upper() if found else "")


def _sender(message: EmailMessage) -> str:
    header = message["From"]
    addresses = header.addresses if isinstance(header, AddressHeader) else ()
    return printable(addresses[0].addr_spec, 200) if addresses else ""


def _date(message: EmailMessage) -> datetime | None:
    header = message["Date"]
    at = header.datetime if isinstance(header, DateHeader) else None
    return None if at is None else (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)


def _line(text: object) -> str:
    return printable(" ".join(str(text or "").split()), 500)


def _text_of(message: EmailMessage) -> str:
    """What somebody wrote: the plain part, else the words of the HTML part; attachments are left alone."""
    for kind in (DocumentType.TEXT, DocumentType.HTML):
        for number, part in enumerate(message.walk()):
            if number >= _MOST_PARTS:
                break
            if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
                return _shown(_decoded(part), kind)
    return ""


def _decoded(part: object) -> str:
    payload = part.get_payload(decode=True) if isinstance(part, EmailMessage) else None
    if not isinstance(payload, bytes):
        return ""
    charset = part.get_content_charset() if isinstance(part, EmailMessage) else None
    try:
        return payload.decode(charset or "utf-8", "replace")
    except LookupError:  # a character set nobody knows
        return payload.decode("utf-8", "replace")


def _shown(text: str, kind: DocumentType) -> str:
    if kind is DocumentType.HTML:
        words = _Words()
        words.feed(text)
        text = words.text()
    lines = [printable(each.rstrip(), MOST_TEXT) for each in text.replace("\r\n", "\n").split("\n")]
    return "\n".join(lines).strip()[:MOST_TEXT]


class _Words(HTMLParser):
    """The words of a page without its markup, scripts and styles."""

    _SILENT = frozenset({"script", "style", "head", "title"})
    _BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "blockquote"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the parser's signature
        self._silent += tag in self._SILENT
        if tag in self._BREAKS:
            self._found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in self._SILENT))

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._found.append(data)

    def text(self) -> str:
        """The words, a line per block."""
        lines = (" ".join(each.split()) for each in "".join(self._found).split("\n"))
        return "\n".join(each for each in lines if each)

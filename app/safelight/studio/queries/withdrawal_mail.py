"""A mail in which somebody takes something back, as the team sees it before anything is done: its words, and whose."""

from __future__ import annotations

from dataclasses import dataclass

from safelight.documents.withdrawal_mail import LARGEST, WithdrawalMail, read_withdrawal_mail
from safelight.domain.ids import SubjectId
from safelight.studio.open_studio import OpenStudio
from safelight.studio.withdrawal_codes import receipt_of_code

LARGEST_MAIL = LARGEST
"""Bytes: no mail is larger."""


@dataclass(frozen=True, slots=True)
class ReadMail:
    """A mail, and whom the code in it belongs to; None where there is no code, or nobody's."""

    mail: WithdrawalMail
    person: SubjectId | None


def read_mail(studio: OpenStudio, untrusted: bytes) -> ReadMail:
    """What stands in ``untrusted`` (a file with the ending .eml); raises :class:`Malformed` for what is no mail.

    Nothing in it is obeyed: the team reads it and says what it takes back. The sender is who it claims to be from.
    """
    mail = read_withdrawal_mail(untrusted)
    found = receipt_of_code(studio, mail.code) if mail.code else None
    return ReadMail(mail, found[1] if found is not None else None)

"""The letter that goes to a recipient with a notice: as a signed PDF, and as mail that carries the notice as well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

from safelight.documents.withdrawal_notices import read_notice
from safelight.domain.ids import Language
from safelight.domain.people import Recipient
from safelight.keys.signing import allowed_signers_line, fingerprint_words, signer_of
from safelight.rights.notice_letter import NoticeLetter, notice_letter, notice_mail
from safelight.rights.words import Reader
from safelight.settings.texts import main_language
from safelight.storage.rows import SignedMessage
from safelight.studio.open_studio import OpenStudio
from safelight.studio.papers import signed_pdf
from safelight.studio.retired_uses import reading_catalogue


@dataclass(frozen=True, slots=True)
class NoticePapers:
    """The letter as PDF, and the mail (.eml) with its words, the PDF, the notice and its signature."""

    pdf: bytes
    mail: bytes


def notice_papers(
    studio: OpenStudio, to: Recipient, sent: SignedMessage, language: Language | None = None
) -> NoticePapers:
    """The papers about one notice, in ``language`` or in the one most people read where the recipient is.

    The notice in the mail is byte for byte as it was sent, and the key in the letter is the one that signed it.
    """
    content = sent.text.encode()
    notice = read_notice(content)
    key = signer_of(sent.signature)
    read_in = language or Language(main_language(to.country))
    letter = NoticeLetter(
        notice=notice,
        studio=studio.identity,
        recipient=Reader(to.name, read_in, to.country, UTC, to.contact),
        catalogue=reading_catalogue(studio, *(each.scope for each in notice.items)),
        allowed_signers=allowed_signers_line(studio.identity.id, key, ("safelight-notice",)).rstrip("\n"),
        key_words=fingerprint_words(key),
    )
    pdf = signed_pdf(studio, notice_letter(letter))
    return NoticePapers(pdf, notice_mail(letter, pdf, content, sent.signature.encode()))

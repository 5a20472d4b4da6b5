"""The receipt and the letter of a withdrawal: what they say, to whom, and that a name is never more than a name."""

from __future__ import annotations

import io
from email import message_from_bytes
from email.policy import SMTP

import pikepdf
import pytest

from safelight.domain.people import Role
from safelight.domain.withdrawal import Channel
from safelight.receipt.page_documents import render_document
from safelight.rights.withdrawal import withdrawal_letter, withdrawal_receipt
from safelight.settings.texts import LANGUAGES
from support.rights_samples import NUMBER, said, uses, withdrawal


def test_it_says_what_stops_who_is_told_what_stays_and_how_to_ask_for_more() -> None:
    told = said(withdrawal_receipt(withdrawal(name="Anna")))
    for expected in (
        "Anna, on 22 November 2026", "Taken back by: person in the photo", "How: with the code on the receipt",
        "You may show my photo in your portfolio", "Still allowed, because it was not taken back: Staff directory.",
        "Agence Lumière", "4 December 2026", "cannot be taken out of it", "They are kept until 1 January 2032.",
        "You can ask for your photos and data to be erased.", "You can complain to: Authority", NUMBER[:8],
    ):  # fmt: skip
        assert expected in told
    assert "Entered by: \n" in told + "\n" and "Every yes" not in told


def test_a_guardian_told_to_the_studio_and_nobody_outside_to_tell() -> None:
    content = withdrawal(by=Role.GUARDIAN, by_name="Max", channel=Channel.IN_PERSON, entered_by="Mia", open=(), told=())
    told = said(withdrawal_receipt(content))
    assert "Max (guardian)" in told and "Entered by: Mia" in told and "told to the studio" in told
    assert "Every yes that was still open has ended." in told and "there is nobody to tell" in told


def test_a_photo_that_is_struck_out_ends_no_use() -> None:
    told = said(withdrawal_receipt(withdrawal(ended=(), open=uses("use.portfolio"), photo="0c0ffee0")))
    assert "not used any more: 0c0ffee0" in told and "Still allowed" not in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_letter_and_no_value_is_left_open(language: str) -> None:
    content = withdrawal(language, name="Anna\nBcc: a@b.example")
    document = withdrawal_receipt(content)
    assert document.language == language and "{" not in said(document)
    letter = message_from_bytes(withdrawal_letter(content, b"%PDF-1.7"), policy=SMTP)
    body, pdf = letter.iter_parts()
    assert letter["To"].addresses[0].addr_spec == "anna@mail.example" and letter["Bcc"] is None
    text = letter["Subject"] + body.get_content() + pdf.get_filename()
    assert "Atelier" in text and not {"\u2066", "\u2068", "\u2069", "{"} & set(text)


def test_its_pdf_is_tagged_titled_and_the_same_every_time() -> None:
    document = withdrawal_receipt(withdrawal("ar"))
    pdf = render_document(document)
    assert pdf == render_document(document)
    with pikepdf.open(io.BytesIO(pdf)) as read:
        assert str(read.Root.Lang) == "ar" and read.Root.MarkInfo.Marked
        assert str(read.docinfo["/Title"]) == document.title

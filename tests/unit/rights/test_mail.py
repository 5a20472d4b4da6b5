"""Letters as mail: headers stay one line, what is no address is left out, the PDF goes with it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from email import message_from_bytes
from email.policy import SMTP

import pytest

from safelight.rights.mail import Attachment, Party, file_name, mail

AT = datetime(2026, 5, 4, 10, tzinfo=UTC)
STUDIO = Party("Lampe & Söhne", "mailto:rights@lampe.example")


def test_a_letter_carries_its_words_and_its_pdf() -> None:
    to = Party("Anna\r\nBcc: x@y.example", "anna@mail.example")
    raw = mail(STUDIO, to, "What you\nstopped", AT, ["Hello", "Good bye"], [Attachment("Seite 1.pdf", b"%PDF-1.7")])
    read = message_from_bytes(raw, policy=SMTP)
    assert read["From"] == "Lampe & Söhne <rights@lampe.example>" and read["Subject"] == "What you stopped"
    assert read["Bcc"] is None and read["To"].addresses[0].addr_spec == "anna@mail.example"
    body, pdf = read.iter_parts()
    assert body.get_content().split() == ["Hello", "Good", "bye"]
    assert pdf.get_filename() == "Seite 1.pdf" and pdf.get_content() == b"%PDF-1.7"


@pytest.mark.parametrize("contact", ["+49 30 1234", "@", "a@b@c", ""])
def test_what_is_no_address_is_left_to_a_person(contact: str) -> None:
    assert message_from_bytes(mail(STUDIO, Party("Anna", contact), "S", AT, ["x"]), policy=SMTP)["To"] is None


def test_a_file_name_keeps_the_letters_of_a_name_and_nothing_a_disk_refuses() -> None:
    assert file_name("रसीद", "श्री <x>/..\\", date(2026, 5, 4)) == "रसीद श्री x 2026-05-04.pdf"
    assert len(file_name("T", "x" * 400, date(2026, 5, 4))) < 90

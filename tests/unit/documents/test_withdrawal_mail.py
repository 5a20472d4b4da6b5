"""Mails in which somebody takes something back: their words, their code, and whatever else a mail may be."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.documents.withdrawal_mail import MOST_TEXT, read_withdrawal_mail
from safelight.domain.errors import Malformed

CODE = "7KQ2-M3XR-9HTV-BD4W"


def mail(text: str = "please stop", subject: str = f"Withdraw {CODE}", kind: str = "plain", **headers: str) -> bytes:
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = "Ada Falk <ada@falk.example>", "studio@nord.example", subject
    made["Date"] = "Mon, 04 May 2026 11:00:00 +0200"
    for name, value in headers.items():
        made[name] = value
    made.set_content(text, subtype=kind)
    return made.as_bytes()


def test_words_sender_time_and_code_are_told() -> None:
    told = read_withdrawal_mail(mail("Hi,\nplease stop.\n"))
    assert (told.sender, told.subject, told.code) == ("ada@falk.example", f"Withdraw {CODE}", CODE)
    assert told.text == "Hi,\nplease stop." and str(told.sent_at) == "2026-05-04 09:00:00+00:00"


@pytest.mark.parametrize(("subject", "text", "code"), [
    ("Hello", f"my code is {CODE.lower()}.", CODE.upper()), ("Hello", CODE.replace("-", ""), CODE.replace("-", "")),
    ("Hello", CODE.replace("-", " "), CODE.replace("-", " ")), ("Re: photos", "no code here", ""),
    ("Order 0O1I-0O1I-0O1I-0O1I", "not of these letters", ""), ("Hello", f"A{CODE}Z", ""),
])  # fmt: skip
def test_a_code_is_found_as_people_write_it(subject: str, text: str, code: str) -> None:
    assert read_withdrawal_mail(mail(text, subject)).code == code


def test_html_is_read_as_words_and_nothing_in_it_is_followed() -> None:
    page = (
        "<html><head><title>T</title><style>p{}</style><script>alert(1)</script></head><body><p>Please <b>stop</b></p>"
        f"<img src='https://elsewhere.example/x.png'><p>{CODE}</p></body></html>"
    )
    told = read_withdrawal_mail(mail(page, "Photos", "html"))
    assert told.text == f"Please stop\n{CODE}" and told.code == CODE


def test_plain_words_go_before_html_and_attachments_are_left_alone() -> None:
    made = EmailMessage(policy=SMTP)
    made["From"], made["Subject"] = "a@b.example", "Photos"
    made.set_content("the words")
    made.add_alternative("<p>other words</p>", subtype="html")
    made.add_attachment("ZZZZ-ZZZZ-ZZZZ-ZZZZ", filename="code.txt")
    told = read_withdrawal_mail(made.as_bytes())
    assert told.text == "the words" and told.code == ""


def test_a_character_set_nobody_knows_and_control_characters_harm_nothing() -> None:
    raw = mail("ok").replace(b'charset="utf-8"', b'charset="klingon"').replace(b"ok", b"o\x07\xffk")
    assert "o" in read_withdrawal_mail(raw).text and "\x07" not in read_withdrawal_mail(raw).text
    assert len(read_withdrawal_mail(mail("x" * (3 * MOST_TEXT))).text) <= MOST_TEXT + 1


@pytest.mark.parametrize("untrusted", [b"", b"no mail at all", b"\x00" * 100, b"%PDF-1.7\n"])
def test_what_is_no_mail_is_refused(untrusted: bytes) -> None:
    with pytest.raises(Malformed, match="no e-mail that can be read"):
        read_withdrawal_mail(untrusted)


@given(st.binary(max_size=400))
def test_arbitrary_bytes_raise_nothing_but_malformed(untrusted: bytes) -> None:
    for each in (untrusted, b"From: a@b.example\r\n" + untrusted):
        try:
            read_withdrawal_mail(each)
        except Malformed:
            continue

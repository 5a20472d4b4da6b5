"""The certificate of an erasure and the letter about what waits: numbers only in the one, the grounds in the other."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import SMTP

import pytest

from safelight.rights.erasure import (
    Found,
    LookedFor,
    erasure_certificate,
    erasure_letter,
    waiting_letter,
    waiting_notice,
)
from safelight.settings.texts import LANGUAGES
from support.receipt_samples import STUDIO
from support.rights_samples import certificate, reader, said, waiting

ANNA = reader("en", "Anna Lindqvist")


def test_a_certificate_says_what_went_what_stays_and_what_nobody_reached_and_names_nobody() -> None:
    told = said(erasure_certificate(STUDIO, ANNA, certificate()))
    for expected in (
        "9bc485b3-f5e2-42cd-b3d3-2d4a5bf8d672", "Photos\n12", "Nothing of it is left.", "1 January 2032", "for good",
        "Agence Lumière", "Receipts and personal data\n1 March 2027", "USB stick “Tresor”",
        "Snapshots that a computer", "a cloud service keeps",
    ):  # fmt: skip
        assert expected in told
    # A ground may name somebody, so it stands in the letter and not on the certificate.
    assert "Anna" not in told and "31 C 12/26" not in told
    assert "31 C 12/26" in said(waiting_notice(STUDIO, ANNA, waiting()))


def test_what_a_check_still_finds_is_not_called_gone() -> None:
    content = certificate(found=(Found(LookedFor.FILES, 25, 2),), told=(), places=())
    told = said(erasure_certificate(STUDIO, ANNA, content))
    assert "Nothing of it is left" not in told and "Files\n25\n2" in told
    assert "Copies not reached" not in told and "there is nobody to tell" in told


def test_a_refusal_does_not_promise_that_it_is_erased_later() -> None:
    waits = said(waiting_notice(STUDIO, ANNA, waiting()))
    refused = said(waiting_notice(STUDIO, ANNA, waiting(refused=True)))
    assert "Once the ground is gone it is erased" in waits and "Once the ground" not in refused
    assert "go to court" in refused and "Authority" in refused


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_both_letters(language: str) -> None:
    for_whom = reader(language)
    assert "{" not in said(erasure_certificate(STUDIO, for_whom, certificate()))
    assert "{" not in said(waiting_notice(STUDIO, for_whom, waiting(refused=True)))
    erased = erasure_letter(STUDIO, for_whom, certificate(), b"%PDF")
    for raw in (erased, waiting_letter(STUDIO, for_whom, waiting(), b"%PDF")):
        letter = message_from_bytes(raw, policy=SMTP)
        assert letter["Subject"] and len(list(letter.iter_parts())) == 2

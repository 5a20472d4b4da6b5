"""Letters that time brings: what is open, what changed, that silence lets it rest, and that a code never says yes."""

from __future__ import annotations

from datetime import date
from email import message_from_bytes
from email.policy import SMTP

import pytest

from safelight.rights.time_letters import (
    coming_of_age,
    coming_of_age_letter,
    end_reminder,
    end_reminder_letter,
    yearly_letter,
    yearly_review,
)
from safelight.settings.texts import LANGUAGES
from support.rights_samples import CHANGES, RESTS_FROM, said, time_letter

ANNA = time_letter("en", "Anna")
ENDS_ON = date(2027, 11, 22)


def test_the_yearly_letter_shows_what_is_open_what_changed_and_that_silence_rests() -> None:
    told = said(yearly_review(ANNA, RESTS_FROM, CHANGES))
    for expected in (
        "Portfolio", "Atelier Lindqvist only\n22 November 2027", "Agence Lumière and 北京图片社", "until you say stop",
        "changed on 2 August 2026", "Agence Lumière has received photos", "北京图片社 has answered",
        "rest from 22 January 2027", "The code on your receipt cannot say yes.",
    ):  # fmt: skip
        assert expected in told
    assert "Nothing has changed" in said(yearly_review(ANNA, RESTS_FROM))


def test_a_reminder_says_what_ends_and_whether_it_is_the_last() -> None:
    first, last = said(end_reminder(ANNA, ENDS_ON)), said(end_reminder(ANNA, ENDS_ON, last=True))
    assert "on 22 November 2027 the following ends" in first and "We stop showing it" in first
    assert "last reminder" in last and "last reminder" not in first


def test_who_comes_of_age_is_asked_anew() -> None:
    told = said(coming_of_age(ANNA, date(2026, 11, 20), RESTS_FROM))
    assert "you came of age on 20 November 2026" in told and "rest from 22 January 2027" in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_letter(language: str) -> None:
    letter = time_letter(language, "Anna")
    assert "{" not in said(yearly_review(letter, RESTS_FROM, CHANGES)) + said(end_reminder(letter, ENDS_ON, last=True))
    assert "{" not in said(coming_of_age(letter, ENDS_ON, RESTS_FROM))
    mails = (
        yearly_letter(letter, RESTS_FROM, b"%PDF"), end_reminder_letter(letter, ENDS_ON, b"%PDF"),
        coming_of_age_letter(letter, RESTS_FROM, b"%PDF"),
    )  # fmt: skip
    for raw in mails:
        read = message_from_bytes(raw, policy=SMTP)
        assert read["Subject"] and not {"\u2068", "{"} & set(read["Subject"]) and len(list(read.iter_parts())) == 2

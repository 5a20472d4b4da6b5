"""The letter beside a notice: the same in mail and on paper, with the notice, which stock ssh-keygen checks."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest

from safelight.documents.withdrawal_notices import PhotoState, notice_bytes
from safelight.domain.ids import Language
from safelight.domain.page_document import Command
from safelight.keys.signing import SigningKey, allowed_signers_line
from safelight.rights.notice_letter import notice_letter, notice_mail
from safelight.settings.rights_texts import OFFICE_LANGUAGES
from support.receipt_samples import STUDIO
from support.rights_samples import notice, said


def test_it_says_what_is_asked_until_when_and_names_nobody() -> None:
    told = said(notice_letter(notice()))
    for expected in (
        "Agence Lumière", "6 December 2026", "Stock agencies", "stop using, delete and stop training\n3",
        "Held back from every use", "struck out", "no longer allows the use", "amber bishop cobra",
    ):  # fmt: skip
        assert expected in told


def test_a_notice_that_only_releases_photos_forbids_nothing() -> None:
    letter = notice()
    released = tuple(each for each in letter.notice.photos if each.state is PhotoState.RELEASED)
    told = said(notice_letter(replace(letter, notice=replace(letter.notice, items=(), photos=released))))
    assert "May be used again" in told and "no longer allows" not in told and "What has ended" not in told


@pytest.mark.parametrize("language", [*OFFICE_LANGUAGES, "hi"])
def test_every_language_of_the_desk_has_it_and_others_read_english(language: str) -> None:
    letter = notice()
    document = notice_letter(replace(letter, recipient=replace(letter.recipient, language=Language(language))))
    assert document.language == (language if language in OFFICE_LANGUAGES else "en") and "{" not in said(document)


def test_what_the_mail_carries_is_checked_by_the_command_it_names(tmp_path: Path) -> None:
    key, letter = SigningKey(b"k" * 32), notice()
    letter = replace(letter, allowed_signers=allowed_signers_line(STUDIO.id, key.public_ssh, ("safelight-notice",)))
    content = notice_bytes(letter.notice)
    signature = key.sign(content, "safelight-notice").encode()
    body, pdf, *files = message_from_bytes(notice_mail(letter, b"%PDF", content, signature), policy=SMTP).iter_parts()
    assert pdf.get_content_type() == "application/pdf" and "6 December 2026" in body.get_content()
    for each in files:
        (tmp_path / str(each.get_filename())).write_bytes(each.get_content())
    line, check, *_ = [each.text for each in notice_letter(letter).blocks if isinstance(each, Command)]
    assert line in body.get_content() and check in body.get_content()
    (tmp_path / "allowed_signers").write_text(line + "\n")
    done = subprocess.run(check, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.startswith('Good "safelight-notice" signature'), done.stderr

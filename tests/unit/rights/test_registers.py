"""The registers an authority sees: what was late, what was refused and why; people by number; no formula in the CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from safelight.rights.registers import requests_csv, requests_register, withdrawals_csv, withdrawals_register
from safelight.settings.rights_texts import OFFICE_LANGUAGES
from support.rights_samples import REQUESTS, WITHDRAWALS, asked, register, said


def test_requests_with_their_days_result_and_reason() -> None:
    told = said(requests_register(register(), REQUESTS))
    assert "1 January 2026 to 31 December 2026. Number of entries: 4." in told
    assert "access\nPerson 00000000\n4 May 2026\n4 June 2026\n20 May 2026\nanswered\nThe file was handed over." in told
    assert "refused\n=A claim is before the court <b>31 C</b>." in told
    assert "more time taken\nlate\nTwo hundred photos" in told


def test_an_answer_is_late_by_the_calendar_of_the_place() -> None:
    # 22:30 UTC on the last day is the next day there.
    assert "5 June 2026\nanswered\nlate" in said(requests_register(register(), (REQUESTS[3],)))
    open_still = asked(5, answered=None, reason="")
    at_noon = replace(register(), at=register().at.replace(year=2026, month=6, day=4))
    assert "late" not in said(requests_register(at_noon, (open_still,)))


def test_withdrawals_with_who_acted_and_how_many_were_told() -> None:
    told = said(withdrawals_register(register(), WITHDRAWALS))
    assert "Portfolio\nSocial media\nperson in the photo\nwith the code on the receipt\n2" in told
    assert "photo 00000000\nguardian\ntold to the studio\n0" in told


@pytest.mark.parametrize("language", OFFICE_LANGUAGES)
def test_every_language_of_the_desk_has_them_and_says_when_there_is_nothing(language: str) -> None:
    for made in (requests_register(register(language), ()), withdrawals_register(register(language), ())):
        assert made.language == language and len(made.blocks) == 1 and "{" not in said(made)
    assert "{" not in said(requests_register(register(language), REQUESTS))
    assert "{" not in said(withdrawals_register(register(language), WITHDRAWALS))


def test_the_csv_has_whole_ids_and_no_cell_that_begins_like_a_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(requests_csv(REQUESTS))))
    assert [row["person"] for row in rows] == [each.subject for each in REQUESTS]
    assert rows[1]["reason"].startswith("'=A claim") and rows[2]["answered"] == ""
    (first, second) = csv.DictReader(io.StringIO(withdrawals_csv(WITHDRAWALS)))
    assert first["uses"] == "use.portfolio use.social" and second["photo"] == WITHDRAWALS[1].photo

"""veraPDF on papers about people's rights: PDF/A-3b and tagged, whatever the names and the language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from safelight.domain.page_document import PageDocument
from safelight.receipt.page_documents import render_document
from safelight.rights.erasure import erasure_certificate, waiting_notice
from safelight.rights.notice_letter import notice_letter
from safelight.rights.registers import requests_register, withdrawals_register
from safelight.rights.withdrawal import withdrawal_receipt
from support.receipt_samples import STUDIO
from support.rights_samples import REQUESTS, WITHDRAWALS, certificate, notice, reader, register, waiting, withdrawal

Judge = Callable[[str, Path], tuple[bool, list[str]]]
PAPERS: dict[str, Callable[[str], PageDocument]] = {
    "withdrawal": lambda language: withdrawal_receipt(withdrawal(language)),
    "certificate": lambda language: erasure_certificate(STUDIO, reader(language), certificate()),
    "notice": lambda language: notice_letter(replace(notice(), recipient=reader(language))),
    "requests": lambda language: requests_register(register(language), REQUESTS * 8),
    "withdrawals": lambda language: withdrawals_register(register(language), WITHDRAWALS),
    "waiting": lambda language: waiting_notice(STUDIO, reader(language), waiting()),
}


@pytest.mark.parametrize("language", ["de", "ar", "zh-Hans"])
@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_is_an_archival_document_a_screen_reader_can_read(
    paper: str, language: str, verapdf: Judge, tmp_path: Path
) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(render_document(PAPERS[paper](language)))
    assert verapdf("3b", path) == (True, [])
    # All that accessible PDF asks, except that the file does not claim to be one.
    assert [rule[:3] for rule in verapdf("ua1", path)[1]] == ["5-1"]

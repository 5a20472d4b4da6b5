"""A studio's papers are signed like its receipts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from safelight.receipt.issue import verify_receipt
from safelight.rights.withdrawal import withdrawal_receipt
from safelight.studio.papers import signed_pdf
from support.rights_samples import withdrawal


def test_a_paper_is_signed_by_the_studio_as_of_its_own_date(shoot: Any) -> None:
    document = replace(withdrawal_receipt(withdrawal("ar")), at=shoot.studio.now())
    pdf = signed_pdf(shoot.studio, document)
    root = shoot.studio.documents.chain_pem.split(b"-----END CERTIFICATE-----\n", 1)[1]
    assert verify_receipt(pdf, root).signed_at == document.at

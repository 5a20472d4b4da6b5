"""What a receipt costs, against a plain ReportLab document of the same words drawn in the same run."""

from __future__ import annotations

import io
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate

from safelight.keys.certificates import DocumentSigner, new_studio_certificates
from safelight.receipt.issue import render_receipt, sign_receipt, verify_receipt
from support.receipt_samples import content_of, ink, small

DOCUMENT = b'{"id": 1}' * 400


@pytest.fixture(scope="module")
def content(portraits: Path) -> Any:
    """The usual receipt of the unit tests."""
    return content_of(ink(), small(portraits / "grace_hopper.jpg"))()


@pytest.fixture(scope="module")
def fresh(content: Any) -> Callable[[], Any]:
    """A receipt of somebody else each time, so that no word of a name is set already."""
    numbers = count()
    return lambda: replace(content, subject_name=f"Person Number{next(numbers)} Müller")


def test_drawing_a_receipt(
    fresh: Callable[[], Any], tmp_path: Path, stock_tool: Callable[[str], str],
    speed_ratio: Callable[..., float], median_seconds: Callable[..., float], keep_figure: Callable[..., None],
) -> None:  # fmt: skip
    issued = fresh().receipt.issued_at
    signer = DocumentSigner(new_studio_certificates("Atelier", "DE", issued - timedelta(days=1)))
    path = tmp_path / "receipt.pdf"
    path.write_bytes(render_receipt(fresh(), DOCUMENT))
    told = subprocess.run([stock_tool("pdftotext"), "-layout", path, "-"], capture_output=True, text=True, check=True)
    lines = [escape(line.strip()) for line in told.stdout.splitlines() if line.strip()]
    style = getSampleStyleSheet()["Normal"]

    def plainly() -> None:
        SimpleDocTemplate(io.BytesIO()).build([Paragraph(line, style) for line in lines])

    # Plain: one face that is built in, no table, no picture, no structure, no attachment, no PDF/A.
    ratio = speed_ratio(lambda: render_receipt(fresh(), DOCUMENT), plainly, 9)
    keep_figure("receipt drawn, of the speed of a plain ReportLab text", ratio, "x", ">= 0.12")
    keep_figure(
        "receipt drawn", 1000 * median_seconds(lambda: render_receipt(fresh(), DOCUMENT)), "ms", "60 on a quiet core"
    )
    # Processor time: what others do on the machine meanwhile is not the receipt's.
    keep_figure(
        "receipt drawn, processor time", 1000 * cpu_median(lambda: render_receipt(fresh(), DOCUMENT)), "ms", "60"
    )
    keep_figure(
        "receipt drawn and signed, processor time",
        1000 * cpu_median(lambda: sign_receipt(render_receipt(fresh(), DOCUMENT), signer, issued)), "ms", "400",
    )  # fmt: skip
    assert ratio >= 0.12


def cpu_median(work: Callable[[], object], rounds: int = 9) -> float:
    """The median processor time of ``work()`` in seconds, after one round that is not counted."""
    work()
    found = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        found.append(time.process_time() - begun)
    return statistics.median(found)


def test_signing_and_checking_a_receipt(
    content: Any,
    median_seconds: Callable[..., float],
    speed_ratio: Callable[..., float],
    keep_figure: Callable[..., None],
) -> None:
    issued = content.receipt.issued_at
    certificates = new_studio_certificates("Atelier", "DE", issued - timedelta(days=1))
    signer = DocumentSigner(certificates)
    drawn = render_receipt(content, DOCUMENT)
    signed = sign_receipt(drawn, signer, issued)
    # RSA alone is the floor of any signature; the rest (reading the PDF, CMS, writing) may cost this many of it.
    ratio = speed_ratio(
        lambda: sign_receipt(drawn, signer, issued), lambda: [signer.sign(drawn, "RS256") for _ in range(20)], 7
    )
    keep_figure("receipt signed, of the speed of 20 bare RSA signatures", ratio, "x", ">= 0.12")
    keep_figure(
        "receipt signed", 1000 * median_seconds(lambda: sign_receipt(drawn, signer, issued)), "ms", "400 with drawing"
    )
    checked = 1000 * median_seconds(lambda: verify_receipt(signed, certificates.ca_certificate_pem))
    keep_figure("receipt checked", checked, "ms", "no promise")
    assert ratio >= 0.12

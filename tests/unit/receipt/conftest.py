"""Receipts to draw and check, and a studio with real certificates to sign them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from safelight.keys.certificates import DocumentSigner, new_studio_certificates
from support.receipt_samples import SIGNED, STUDIO, MakeContent, content_of, ink, small


class Studios(NamedTuple):
    """A studio that signs, and another of the same name that pretends to be it."""

    signer: DocumentSigner
    impostor: DocumentSigner


@pytest.fixture(scope="session")
def studios() -> Studios:
    made = [DocumentSigner(new_studio_certificates(STUDIO.name, "DE", SIGNED - timedelta(days=2))) for _ in range(2)]
    return Studios(made[0], made[1])


@pytest.fixture(scope="session")
def make_content(portraits: Path) -> MakeContent:
    """``make_content(answers, language=, minor=, …)``; other keywords replace fields of the content."""
    return content_of(ink(), small(portraits / "grace_hopper.jpg"))


@pytest.fixture
def told(stock_tool: Callable[[str], str], tmp_path: Path) -> Callable[[bytes], str]:
    """What a PDF says, by pdftotext."""

    def read(pdf: bytes) -> str:
        path = tmp_path / "receipt.pdf"
        path.write_bytes(pdf)
        done = subprocess.run(
            [stock_tool("pdftotext"), "-layout", path, "-"], capture_output=True, text=True, check=True
        )
        # Poppler marks the direction of each piece; what matters is the order of the letters.
        return " ".join(done.stdout.translate(dict.fromkeys(range(0x202A, 0x202F))).split())

    return read

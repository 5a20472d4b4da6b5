"""veraPDF on receipts: PDF/A-3b whatever the names, the language, the number of uses and the signature."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from safelight.capture.slates import slate_matrix
from safelight.domain.sheets import Paper, SheetKind
from safelight.keys.certificates import DocumentSigner, new_studio_certificates
from safelight.receipt.cards import Card, CardSheet, render_cards
from safelight.receipt.issue import render_receipt, sign_receipt
from safelight.receipt.recovery_sheets import render_recovery_sheets
from support.receipt_samples import MakeContent, content_of, ink, small

EVERYONE = "Анна فاطمة שרה श्री রবীন্দ্রনাথ தமிழ் สมชาย 王小明 김철수 山田 თამარი Արամ ኃይለ 🦊"
AI = {"use.portfolio": True, "ai.retouch": True, "ai.train-generative": True, "ai.replica": True, "bio.template": False}
Judge = Callable[[str, Path], tuple[bool, list[str]]]


@pytest.fixture(scope="module")
def make_content(portraits: Path) -> MakeContent:
    """The maker of receipts the unit tests use."""
    return content_of(ink(), small(portraits / "grace_hopper.jpg"))


def test_a_signed_receipt_with_names_in_every_script(make_content: MakeContent, verapdf: Judge, tmp_path: Path) -> None:
    content = make_content(AI, minor=True, subject_name=EVERYONE)
    issued = content.receipt.issued_at
    signer = DocumentSigner(new_studio_certificates("Atelier Lindqvist", "DE", issued - timedelta(days=2)))
    path = tmp_path / "signed.pdf"
    path.write_bytes(sign_receipt(render_receipt(content, b'{"id": 1}'), signer, issued))
    assert verapdf("3b", path) == (True, [])


@pytest.mark.parametrize(
    ("language", "name"),
    [("ar", "فاطمة الزهراء"), ("hi", "श्रीनिवास क्षेत्री"), ("ja", "山﨑さくら"), ("zh-Hans", "欧阳晓明")],
)
def test_a_receipt_of_every_use_in_scripts_of_their_own(
    language: str, name: str, make_content: MakeContent, verapdf: Judge, tmp_path: Path
) -> None:
    every = dict.fromkeys([each.id for each in make_content().catalogue.scopes], True)
    path = tmp_path / "receipt.pdf"
    path.write_bytes(render_receipt(make_content(every, language=language, subject_name=name), b'{"id": 1}'))
    assert verapdf("3b", path) == (True, [])


@pytest.mark.parametrize("language", ["en", "ar", "hi"])
def test_the_paper_form_is_an_archival_document_too(
    safelight: Callable[..., Any], day: Any, verapdf: Judge, tmp_path: Path, language: str
) -> None:
    studio = shutil.copytree(day.before["subject"] / "studio", tmp_path / "studio")
    base = ("--studio", studio, "--passphrase-file", day.folder / "passphrase")
    path = tmp_path / "form.pdf"
    done = safelight(*base, "consent", "form", "Spring", "--language", language, "-o", path)
    assert done.returncode == 0, done.stderr
    assert verapdf("3b", path) == (True, [])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_closing_report_is_an_archival_document_and_stock_tools_check_what_goes_with_it(
    safelight: Callable[..., Any], day: Any, verapdf: Judge, tmp_path: Path, language: str
) -> None:
    studio = shutil.copytree(day.before["subject"] / "studio", tmp_path / "studio")
    base = ("--studio", studio, "--passphrase-file", day.folder / "passphrase")
    path = tmp_path / "report.pdf"
    assert safelight(*base, "subject", "add", "Spring", EVERYONE).returncode == 0
    refused = safelight(*base, "session", "close", "Spring", "--report", path, "--language", language)
    assert refused.returncode == 1 and "still open" in refused.stderr and not path.exists()
    done = safelight(*base, "session", "close", "Spring", "--report", path, "--anyway", "--language", language)
    assert done.returncode == 0, done.stderr
    assert verapdf("3b", path) == (True, [])
    statement = json.loads((tmp_path / "report.json").read_bytes())
    assert statement["report_sha256"] == hashlib.sha256(path.read_bytes()).hexdigest() and statement["anyway"]
    card = tmp_path / "card.json"
    assert safelight(*base, "studio", "card", "-o", card).returncode == 0
    key = json.loads(card.read_bytes())["ssh_public_key"]
    (tmp_path / "allowed_signers").write_text(f"{statement['studio']} {key}\n")
    argv = ["ssh-keygen", "-Y", "verify", "-f", "allowed_signers", "-I", statement["studio"],
            "-n", "safelight-closing", "-s", "report.json.sig"]  # fmt: skip
    with (tmp_path / "report.json").open("rb") as file:
        assert subprocess.run(argv, stdin=file, cwd=tmp_path, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("kind", SheetKind)
def test_cards_are_archival_documents_a_screen_reader_can_read(
    kind: SheetKind, language: str, verapdf: Judge, tmp_path: Path
) -> None:
    code = slate_matrix("SLATE1:N4OBUUUTUTA6OFMDJ7NJ5YZHIAAAAACAAAAAAAAAAAAAAAAACX22Z")
    names = [EVERYONE, "Wolfeschlegelsteinhausenbergerdorff " * 14, "Ada", "Ben", "Cho"]
    cards = [Card(each, "A-17", "ABC2EF", code, kind is SheetKind.SPARES) for each in names]
    sheet = CardSheet(kind, Paper.LETTER, cards, "Atelier", "Frühjahr", language, datetime(2026, 5, 4, tzinfo=UTC))
    path = tmp_path / "cards.pdf"
    path.write_bytes(render_cards(sheet))
    assert verapdf("3b", path) == (True, [])
    # All that accessible PDF asks, except that the file does not claim to be one.
    assert [rule[:3] for rule in verapdf("ua1", path)[1]] == ["5-1"]


@pytest.mark.parametrize("language", ["de", "ar"])
def test_recovery_sheets_are_archival_documents(language: str, verapdf: Judge, tmp_path: Path) -> None:
    path = tmp_path / "sheets.pdf"
    shares = [" ".join(f"word{number}" for number in range(33))] * 3
    made_at = datetime(2026, 5, 4, tzinfo=UTC)
    path.write_bytes(render_recovery_sheets(shares, "Atelier", language, Paper.A4, made_at))
    assert verapdf("3b", path) == (True, [])

"""The judges themselves: each must be able to say no, or its yes would mean nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas


def test_verapdf_refuses_a_plain_pdf(verapdf: Callable[[str, Path], tuple[bool, list[str]]], tmp_path: Path) -> None:
    page = Canvas(str(tmp_path / "plain.pdf"))
    page.drawString(72, 720, "Helvetica that is not embedded, no colour profile, no XMP")
    page.save()
    compliant, broken = verapdf("3b", tmp_path / "plain.pdf")
    assert not compliant
    assert any("6.2.11.4.1" in rule for rule in broken), "fonts must be embedded"
    assert any(rule.startswith("6.6.") for rule in broken), "XMP must be there"


def test_verapdf_accepts_a_pdf_that_says_and_keeps_to_it(
    verapdf: Callable[[str, Path], tuple[bool, list[str]]], tmp_path: Path
) -> None:
    import pikepdf

    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        with pdf.open_metadata(set_pikepdf_as_editor=False) as xmp:
            xmp["pdfaid:part"] = "3"
            xmp["pdfaid:conformance"] = "B"
        pdf.save(tmp_path / "empty.pdf", deterministic_id=True)
    assert verapdf("3b", tmp_path / "empty.pdf") == (True, [])

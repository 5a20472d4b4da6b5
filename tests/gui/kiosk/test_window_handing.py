"""What people take home: an e-mail nobody else can read, a printed receipt, and a word about it on the screen."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrinter

from safelight.domain.errors import DeviceFailure
from safelight.kiosk.receipt_delivery import save
from safelight.qt.pages import Pages
from safelight.qt.printing import print_pages
from support.kiosk.desk_double import CODE, SittingDouble, pdf_page, person_double
from support.kiosk.driving import Driven


def test_a_letter_never_overwrites_another_and_is_its_owners_alone(tmp_path: Path) -> None:
    assert save(tmp_path / "new", "receipt.eml", b"one") == "receipt.eml"
    assert save(tmp_path / "new", "receipt.eml", b"two") == "receipt-2.eml"
    assert (tmp_path / "new" / "receipt.eml").read_bytes() == b"one"
    assert stat.S_IMODE((tmp_path / "new" / "receipt-2.eml").stat().st_mode) == 0o600


def test_a_link_laid_out_beforehand_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "receipt.eml").symlink_to(tmp_path / "elsewhere")
    assert save(tmp_path, "receipt.eml", b"one") == "receipt-2.eml"
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_cannot_be_is_two_sentences(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DeviceFailure, match="could not be saved"):
        save(tmp_path / "file", "receipt.eml", b"one")


def test_every_page_is_printed(qapp: object, tmp_path: Path) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    print_pages(pdf_page(["Receipt"], pages=2), printer)
    pages = Pages((tmp_path / "out.pdf").read_bytes())
    assert pages.count == 2
    pages.close()


def test_print_and_send_say_on_the_screen_what_became_of_them(qapp: object, tmp_path: Path) -> None:
    kiosk = Driven({"AB12CD": SittingDouble(person_double())})
    try:
        kiosk.handing._letters = tmp_path
        kiosk.sign_all()
        kiosk.window.save_letter_asked.emit()
        kiosk.settle()
        assert "receipt.eml" in kiosk.asking.note
        assert CODE in (tmp_path / "receipt.eml").read_text()
        kiosk.window.print_asked.emit()
        kiosk.settle()
        assert kiosk.asking.note == kiosk.words("receipt_no_printer")
    finally:
        kiosk.close()

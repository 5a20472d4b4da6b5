"""The first run, page after page: three ways in, who you are, the recovery sheets, the team."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QFileDialog

from safelight.desk.desk import Desk
from safelight.desk.failures import told
from safelight.desk.founding.presenter import StudioFounding, found_agency
from safelight.desk.founding.rows import Proof, WhoYouAre
from safelight.desk.founding.view import AgencyReady, FoundingView, SheetsView, TeamView, WaysIn
from safelight.desk.window import DeskWindow
from safelight.domain.errors import DeviceFailure, SafelightError
from safelight.settings import places

if TYPE_CHECKING:
    from safelight.domain.people import StaffMember
    from safelight.studio.open_studio import OpenStudio

Choose = Callable[[str], Path | None]
"""Asks where a file of this name is to be saved; None when nobody wants to."""


class FirstRun(QObject):
    """Shows its pages in the window; ends in ``entered``, ``demo_asked`` or ``close_asked``."""

    opened = Signal(object)
    """An :class:`OpenStudio` that whoever hears it closes in the end; the pages go on."""
    entered = Signal(object, object)
    """The studio and the :class:`StaffMember` at the desk: everything is there."""
    demo_asked = Signal()
    close_asked = Signal()

    def __init__(self, desk: Desk, window: DeskWindow, folder: Path, choose: Choose | None = None) -> None:
        super().__init__(window)
        self._desk, self._window, self._folder = desk, window, folder
        self._choose = choose or self._ask_where
        self._founding = StudioFounding(desk.jobs, desk.words, folder, self)

    def begin(self) -> None:
        """Offer the three ways in."""
        preferences = self._desk.preferences
        page = WaysIn(self._desk.words, preferences.look)
        page.look_chosen.connect(lambda look: preferences.keep("look", look))
        page.studio_asked.connect(self.set_up)
        page.demo_asked.connect(self.demo_asked)
        page.agency_asked.connect(self.receive)
        self._window.show_gate(page)

    def set_up(self) -> None:
        """Ask who they are and for a passphrase, then make the studio."""
        page = FoundingView(self._desk.words)
        page.given.connect(self._founding.found)
        page.back_asked.connect(self.begin)
        self._founding.failed.connect(page.show_error)
        self._founding.founded.connect(self._founded)
        self._offer_countries(page)
        self._window.show_gate(page)

    def receive(self) -> None:
        """Ask an agency who it is, make it, and say what to do next."""
        words, folder = self._desk.words, places.agency_folder()
        page = FoundingView(words, agency=True)

        def found(who: WhoYouAre) -> None:
            self._desk.jobs.read(lambda _: found_agency(folder, who), lambda _: ready(), failed)

        def failed(error: SafelightError) -> None:
            page.show_error(*told(self._desk.words, error))

        def ready() -> None:
            last = AgencyReady(words, str(folder))
            last.close_asked.connect(self.close_asked)
            self._window.show_gate(last)

        page.given.connect(found)
        page.back_asked.connect(self.begin)
        self._offer_countries(page)
        self._window.show_gate(page)

    def ask_team(self, studio: OpenStudio) -> None:
        """Ask who works here; also after a first run that was broken off."""
        page = TeamView(self._desk.words)
        page.given.connect(lambda team: self._founding.staff(studio, team))
        self._founding.failed.connect(page.show_error)

        def staffed(member: StaffMember) -> None:
            self.entered.emit(studio, member)

        self._founding.staffed.connect(staffed)
        self._window.show_gate(page)

    def _founded(self, studio: OpenStudio, proof: Proof) -> None:
        self.opened.emit(studio)
        page = SheetsView(self._desk.words, proof, printer=not QPrinterInfo.defaultPrinter().isNull())
        page.save_asked.connect(lambda: self._save(page))
        page.print_asked.connect(lambda: self._print(page))
        page.typed.connect(self._founding.prove)
        self._founding.failed.connect(page.show_error)
        self._founding.sheets_kept.connect(lambda: self.ask_team(studio))
        self._window.show_gate(page)

    def _save(self, page: SheetsView) -> None:
        words, sheets = self._desk.words, self._founding.sheets
        path = self._choose(words.get("founding.file_name"))
        if path is None:
            return

        def write() -> None:
            try:
                path.touch(mode=0o600)
                path.write_bytes(sheets)
            except OSError as error:
                raise DeviceFailure(
                    f"The sheets could not be saved ({error.strerror}).", "Choose another folder."
                ) from error

        self._desk.jobs.read(
            lambda _: write(),
            lambda _: page.show_kept(words.get("founding.saved")),
            lambda error: page.show_error(*told(self._desk.words, error)),
        )

    def _print(self, page: SheetsView) -> None:
        from safelight.qt.printing import print_pages  # PDFium, which a first window need not wait for

        print_pages(self._founding.sheets, QPrinter(QPrinterInfo.defaultPrinter(), QPrinter.PrinterMode.HighResolution))
        page.show_kept(self._desk.words.get("founding.printed"))

    def _offer_countries(self, page: FoundingView) -> None:
        language = self._desk.words.language

        def names() -> dict[str, str]:
            from safelight.settings.locales import country_names

            return dict(country_names(language))

        self._desk.jobs.read(lambda _: names(), page.show_countries, self._desk.failed)

    def _ask_where(self, name: str) -> Path | None:
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        chosen, _ = QFileDialog.getSaveFileName(self._window, "", str(Path(documents) / name), "PDF (*.pdf)")
        return Path(chosen) if chosen else None

"""Hands papers over: the receipt to the printer, or as an e-mail saved where the team sends from; confirmations so."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from safelight.asking.flow import Flow
from safelight.domain.errors import DeviceFailure, SafelightError
from safelight.domain.sitting import Finished, TakenBack
from safelight.qt.jobs import Jobs
from safelight.qt.printing import print_pages
from safelight.settings.texts import texts


class ReceiptDelivery(QObject):
    """Prints and saves what whoever sits here takes home; nothing of it stays in this object."""

    def __init__(self, flow: Flow, jobs: Jobs, letters: Path | None) -> None:
        super().__init__()
        self._flow, self._jobs, self._letters = flow, jobs, letters

    def print(self) -> None:
        """Print the receipt on the default printer; without one the team does it."""
        finished = self._finished()
        if finished is None:
            return
        if QPrinterInfo.defaultPrinter().isNull():
            self._say("receipt_no_printer")
            return
        printer = QPrinter(QPrinterInfo.defaultPrinter(), QPrinter.PrinterMode.HighResolution)
        print_pages(finished.pdf, printer)
        self._say("receipt_printed")

    def save_letter(self) -> None:
        """Save the e-mail with the receipt; only its own user may read the file."""
        finished = self._finished()
        if finished is None:
            return
        folder = self._folder()
        letter, name = finished.letter, Path(finished.file_name).stem + ".eml"

        def saved(written: str) -> None:
            self._say("receipt_saved", written)

        self._jobs.run(lambda: save(folder, name, letter), saved, self._failed)

    def save_confirmation(self, taken: TakenBack) -> None:
        """Save the e-mail that confirms what was taken back; nothing of it is shown, not even its name."""
        if not taken.letter:
            return
        folder, name, letter = self._folder(), Path(taken.file_name).name, taken.letter

        def work() -> None:
            self._jobs.run(lambda: save(folder, name, letter), lambda _: None, failed)

        def failed(error: SafelightError) -> None:
            self._flow.stage.fail(error, work)

        work()

    def _folder(self) -> Path:
        return self._letters or Path(
            QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
        )

    def _finished(self) -> Finished | None:
        return self._flow.asking.outcome if self._flow.asking is not None else None

    def _say(self, key: str, name: str = "") -> None:
        self._flow.stage.noted(texts(self._flow.language).ceremony[key].replace("{name}", name))

    def _failed(self, error: SafelightError) -> None:
        self._flow.stage.noted(str(error))


def save(folder: Path, name: str, letter: bytes) -> str:
    """Write ``letter`` under ``name`` or the next free one; returns the name. Raises :class:`DeviceFailure`."""
    stem, suffix = Path(name).stem, Path(name).suffix
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(1, 10_000):
            chosen = folder / (name if number == 1 else f"{stem}-{number}{suffix}")
            try:
                # O_EXCL: never over somebody else's receipt, never through a link laid out beforehand.
                handle = os.open(chosen, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                continue
            with os.fdopen(handle, "wb") as out:
                out.write(letter)
                out.flush()
                os.fsync(out.fileno())
            return chosen.name
    except OSError as problem:
        raise DeviceFailure(
            f"The e-mail could not be saved ({problem.strerror}).", "The receipt is safe; ask the team to send it."
        ) from None
    raise DeviceFailure("The folder for e-mails is full.", "The receipt is safe; ask the team to send it.")

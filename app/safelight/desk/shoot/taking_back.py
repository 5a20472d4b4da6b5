"""Takes the signing screen back for somebody of the team: by their PIN, and they work at the desk from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from safelight.desk.desk import Desk
from safelight.domain.people import StaffMember
from safelight.studio.presence import who_works

if TYPE_CHECKING:
    from safelight.desk.shoot.pin_sheet import PinSheet


class TakingBack(QObject):
    """Whoever sits at the signing screen loses nothing: it is kept, and they go on by their card."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk

    def ask(self, sheet: PinSheet) -> None:
        """Take it back once a right PIN was given into ``sheet``."""
        studio = self._desk.studio

        def given(untrusted_pin: str) -> None:
            def looked(found: StaffMember | None) -> None:
                if found is None:
                    sheet.refuse()
                    return
                sheet.dismiss()
                self._desk.take_over(found)
                self._desk.signing.take_back()

            self._desk.jobs.read(lambda _: who_works(studio, untrusted_pin), looked, self._desk.failed)

        sheet.given.connect(given)

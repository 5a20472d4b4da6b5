"""Opens a mail somebody sent and keeps it beside the person it is about until it is put away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from safelight.desk.desk import Desk
from safelight.desk.settings.file_chooser import FileChooser
from safelight.studio.queries.withdrawal_mail import LARGEST_MAIL, ReadMail, read_mail

from .files import read_file
from .reading import KnownPerson
from .view import RightsView
from .wording import Wording


class Mails(QObject):
    """Nothing in a mail is obeyed, opened or fetched: it is shown, and somebody of the team ticks what it means."""

    def __init__(
        self,
        desk: Desk,
        view: RightsView,
        wording: Wording,
        chooser: FileChooser,
        choose: Callable[[str], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._desk, self._view, self._wording, self._choose = desk, view, wording, choose
        self.chooser = chooser
        self._read: ReadMail | None = None
        self._life = 0
        view.open_mail.clicked.connect(self._open)
        for card in (view.mail, view.person.mail):
            card.put_away.connect(self._put_away)

    def forget(self) -> None:
        """No mail is open any more."""
        self._life += 1
        self._read = None

    def show_beside(self, known: KnownPerson) -> None:
        """A person is shown: the open mail stands on top of their page."""
        mail = self._wording.mail(self._read) if self._read is not None else None
        self._view.person.mail.show_mail(mail, self._wording.person(known).uses)

    def _open(self) -> None:
        studio, life = self._desk.studio, self._life

        def came(read: ReadMail) -> None:
            if life != self._life:
                return
            self._read = read
            if read.person is not None:
                self._choose(f"person {read.person}")
            else:
                self._choose("mail")
                self._view.show_mail(self._wording.mail(read))

        def chosen(path: Path) -> None:
            self._desk.jobs.read(lambda _: read_mail(studio, read_file(path, LARGEST_MAIL)), came, self._desk.failed)

        self.chooser.file(self._view, self._desk.words.get("rights.open_mail"), chosen)

    def _put_away(self) -> None:
        self._read = None
        self._view.put_mail_away()

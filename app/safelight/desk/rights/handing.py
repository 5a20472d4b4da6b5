"""What is handed to a person: the file with everything about them, and the certificate that they were erased."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from safelight.desk.desk import Desk
from safelight.desk.settings.file_chooser import FileChooser
from safelight.domain.erasure import Erasure
from safelight.domain.reads import Door
from safelight.studio.access import Accessed, give_access
from safelight.studio.certifying import certificate_pdf, certify

from .files import write_new
from .reading import KnownPerson
from .view import RightsView

_SHORT = 8


class Handing(QObject):
    """Asks where a file is to lie and has it written in the background; no name of anybody stands in its name."""

    def __init__(self, desk: Desk, view: RightsView, chooser: FileChooser, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._view, self.chooser = desk, view, chooser
        self._known: KnownPerson | None = None
        view.person.access_asked.connect(self._access)
        view.person.keeping.certificate_asked.connect(self._certificate)

    def know(self, known: KnownPerson | None) -> None:
        """Who is shown; None for nobody."""
        self._known = known

    def _access(self, ending: str) -> None:
        known, studio, words, by = self._known, self._desk.studio, self._desk.words, self._desk.by.id
        if known is None:
            return
        person = known.rights.subject

        def done(made: Accessed) -> None:
            photos = sum(bool(each.files) for each in made.content.photos)
            self._desk.say(words.get("rights.access_done", n=photos), made.path.name)
            if made.words and not self._desk.is_covered:
                self._view.show_words(" ".join(made.words))

        def go(path: Path) -> None:
            path = path if path.suffix else path.with_suffix(ending)
            self._desk.status.long(
                words.get("rights.access_making"),
                lambda report: give_access(studio, person, path, by, report, Door.DESK), done, self._desk.failed,
                initiator=self,
            )  # fmt: skip

        name = f"access-{person.id[:_SHORT]}{ending}"
        self.chooser.save(self._view, words.get(f"rights.access_{ending.removeprefix('.')}"), name, go)

    def _certificate(self) -> None:
        if self._known is not None:
            self.certify([each.facts.waiting for each in self._known.plans if each.facts.waiting is not None])

    def certify(self, rows: Sequence[Erasure]) -> None:
        """Look again for everything of these erasures, and save a certificate of each where somebody says."""
        studio, words = self._desk.studio, self._desk.words

        def work(folder: Path) -> tuple[bool, str]:
            made = [(row, certify(studio, row)) for row in rows if row.portrait_at is not None]
            files = {f"erasure-{row.id[:_SHORT]}.pdf": certificate_pdf(studio, each) for row, each in made}
            return all(each.certificate.nothing_left for _, each in made), write_new(folder, files)

        def done(result: tuple[bool, str]) -> None:
            clean, names = result
            self._desk.say(words.get("rights.certified" if clean else "rights.certified_left"), names)

        def go(folder: Path) -> None:
            self._desk.jobs.read(lambda _: work(folder), done, self._desk.failed)

        self.chooser.folder(self._view, words.get("rights.certificate"), go)

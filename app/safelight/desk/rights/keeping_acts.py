"""Holds that are added and released, and the erasure of one person with all their entries."""

from __future__ import annotations

from PySide6.QtCore import QObject

from safelight.desk.desk import Desk
from safelight.domain.holds import HoldClass, LegalHold
from safelight.domain.ids import PersonId, SubjectId
from safelight.studio.erasing import ErasedPeople, erase
from safelight.studio.holds import NewHold, Released, add_hold, release_hold

from .handing import Handing
from .reading import KnownPerson
from .rows import Held, Said
from .view import RightsView
from .wording import Wording


class KeepingActs(QObject):
    """An erasure is asked for once, with what it does before it is done; nothing of it can be undone."""

    def __init__(self, desk: Desk, view: RightsView, wording: Wording, handing: Handing, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._view, self._wording, self._handing = desk, view, wording, handing
        self._known: KnownPerson | None = None
        page = view.person.keeping
        page.hold_asked.connect(self._add)
        page.release_asked.connect(self._release)
        page.erase_asked.connect(self._erase)

    def know(self, known: KnownPerson | None) -> None:
        """Who is shown; None for nobody."""
        self._known = known

    def _add(self) -> None:
        known = self._known
        if known is not None:
            sheet = self._view.ask_hold(self._desk.studio.today())
            sheet.given.connect(lambda held: self._added(known.rights.subject.id, held))

    def _added(self, subject: SubjectId, held: Held) -> None:
        studio, words = self._desk.studio, self._desk.words
        wanted = NewHold(subject, HoldClass(held.what), held.reason, held.review, self._desk.by.id)

        def done(_: LegalHold) -> None:
            self._desk.say(words.get("rights.hold_added"))

        self._desk.jobs.write(lambda _: add_hold(studio, wanted), done, self._desk.failed, initiator=self)

    def _release(self, id: str) -> None:
        studio, by, words = self._desk.studio, self._desk.by.id, self._desk.words

        def done(result: Released) -> None:
            self._desk.say(words.get("rights.hold_finished" if result.finished else "rights.hold_released"))

        self._desk.jobs.write(lambda _: release_hold(studio, id, by), done, self._desk.failed, initiator=self)

    def _erase(self) -> None:
        known = self._known
        if known is not None:
            sheet = self._view.ask(self._wording.erase(known))
            sheet.given.connect(lambda said: self._erased(known, said))

    def _erased(self, known: KnownPerson, said: Said) -> None:
        studio, words = self._desk.studio, self._desk.words
        people = (known.rights.subject.id, *(each.id for each in known.rights.same))

        def done(result: ErasedPeople) -> None:
            gone = all(each.row.portrait_at is not None for each in result.people)
            title = words.get("rights.erased_done" if gone else "rights.erased_waits")
            hint = words.get("rights.erased_told", n=len(result.notices)) if result.notices else ""
            self._desk.say(title, hint)
            if gone:  # at once: of somebody who never signed there is no page any more
                self._handing.certify([each.row for each in result.people])

        by = PersonId(said.entered_by)
        self._desk.jobs.write(lambda _: erase(studio, people, by), done, self._desk.failed, initiator=self)

"""The people of the studio for the section about the team: taken in, renamed, given a PIN, retired, at the desk."""

from __future__ import annotations

from PySide6.QtCore import QObject

from safelight.desk.desk import Desk
from safelight.desk.failures import told
from safelight.domain.changes import Changes
from safelight.domain.errors import SafelightError
from safelight.domain.people import Role, StaffMember
from safelight.studio.presence import who_works
from safelight.studio.queries.staff import StaffRow, staff_rows
from safelight.studio.staff import add_staff, rename_staff, retire_staff, set_staff_pin

from .reading import Reading, act
from .rows import NewPerson, Person
from .team_view import TeamView

_ROLES = {
    "photographer": frozenset({Role.PHOTOGRAPHER}),
    "reviewer": frozenset({Role.REVIEWER}),
    "both": frozenset({Role.PHOTOGRAPHER, Role.REVIEWER}),
}


class TeamPresenter(QObject):
    """Between the team and the verbs of ``studio.staff``."""

    def __init__(self, desk: Desk, view: TeamView) -> None:
        super().__init__(view)
        self._desk, self._view = desk, view
        self.reading = Reading(desk, Changes.PEOPLE, lambda: staff_rows(desk.studio), self._show, self)
        view.take_over_asked.connect(self._take_over)
        view.add_asked.connect(self._add)
        view.rename_asked.connect(self._rename)
        view.pin_asked.connect(self._set_pin)
        view.retire_asked.connect(self._retire)
        desk.by_changed.connect(self._other_at_desk)

    def open(self) -> None:
        """The section is on screen."""
        self.reading.open()

    def leave(self) -> None:
        """Another one is."""
        self.reading.leave()
        self._view.forget()

    def _show(self, rows: tuple[StaffRow, ...]) -> None:
        people = [self._person(each) for each in rows]
        self._view.show_people(sorted(people, key=lambda each: each.retired))

    def _person(self, row: StaffRow) -> Person:
        member, words = row.member, self._desk.words
        at_desk = member.id == self._desk.by.id
        told = [words.get(f"settings.role_{_role(member)}")]
        if member.retired:
            told.append(words.get("settings.retired"))
        elif not row.has_pin:
            told.append(words.get("settings.no_pin"))
        if at_desk:
            told.append(words.get("settings.is_at_desk"))
        return Person(member.id, member.name, " · ".join(told), at_desk, member.retired)

    def _other_at_desk(self) -> None:
        if self.reading.shown:
            self.reading.again()

    def _add(self, new: NewPerson) -> None:
        studio, block = self._desk.studio, self._view.new

        def added(member: StaffMember) -> None:
            block.clear()
            block.say(self._desk.words.get("settings.added", name=member.name))
            block.name.setFocus()

        act(self._desk, block, lambda: add_staff(studio, new.name, _ROLES[new.role], new.pin), added)

    def _rename(self, id: str, name: str) -> None:
        studio = self._desk.studio

        def renamed(member: StaffMember) -> None:
            if member.id == self._desk.by.id:
                self._desk.take_over(member)
            self._view.person.say(self._desk.words.get("settings.renamed", name=member.name))

        act(self._desk, self._view.person, lambda: rename_staff(studio, id, name), renamed)

    def _set_pin(self, id: str, pin: str) -> None:
        studio = self._desk.studio

        def kept(member: StaffMember) -> None:
            self._view.person.say(self._desk.words.get("settings.pin_is_set", name=member.name))

        act(self._desk, self._view.person, lambda: set_staff_pin(studio, id, pin), kept)

    def _retire(self, id: str) -> None:
        studio = self._desk.studio

        def retired(member: StaffMember) -> None:
            self._view.list.say(self._desk.words.get("settings.has_retired", name=member.name))
            self._view.new.name.setFocus()

        act(self._desk, self._view.person, lambda: retire_staff(studio, id), retired)

    def _take_over(self, pin: str) -> None:
        desk, block = self._desk, self._view.at_desk
        studio = desk.studio
        block.say("")
        block.wait(True)

        def looked(found: StaffMember | None) -> None:
            block.wait(False)
            if found is None:
                block.fail(desk.words.get("cover.wrong_pin"))
            else:
                desk.take_over(found)
                block.say(desk.words.get("settings.took_over", name=found.name))

        def failed(error: SafelightError) -> None:
            block.wait(False)
            block.fail(*told(self._desk.words, error))

        desk.jobs.read(lambda _: who_works(studio, pin), looked, failed)


def _role(member: StaffMember) -> str:
    return next((name for name, roles in _ROLES.items() if roles == member.roles), "both")

"""What is done about people from the desk: put on set, noted as here, added as a walk-in, found by their card."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from safelight.desk.desk import Desk
from safelight.desk.shoot.switching import People
from safelight.domain.changes import Changes
from safelight.domain.errors import SafelightError
from safelight.domain.ids import Language, SubjectId
from safelight.domain.people import Subject
from safelight.domain.session import Session
from safelight.studio.arrivals import mark_arrived
from safelight.studio.badges import whose_badge
from safelight.studio.on_set import How, put_on_set
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.queries.people import subject_rows
from safelight.studio.subjects import add_subject

_MOST_SCANNED = 4096
Failed = Callable[[SafelightError], None]


class PeopleActs(QObject):
    """Hands them to the writer."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk

    def put(self, session: Session, people: People, how: str, done: Callable[[], None], failed: Failed) -> None:
        """Put these people on set."""
        studio, by = self._desk.studio, self._desk.by.id

        def work(_: object) -> tuple[None, Changes]:
            return None, put_on_set(studio, session, people, by, How(how))[1]

        self._desk.jobs.write(work, lambda _: done(), failed, initiator=self)

    def scan(self, session: Session, untrusted_code: str, found: Callable[[SubjectId | None], None]) -> None:
        """Whose card was scanned; whoever it is has arrived. None for a card of nobody in this session."""
        studio, code = self._desk.studio, untrusted_code[:_MOST_SCANNED]

        def work(_: object) -> tuple[SubjectId | None, Changes]:
            subject = whose_badge(studio, session, code)
            return subject, Changes.NONE if subject is None else mark_arrived(studio, session, subject)[1]

        self._desk.jobs.write(work, found, self._desk.failed, initiator=self)

    def walk_in(
        self, session: Session, name: str, worded: Callable[[int], tuple[str, str]], done: Callable[[SubjectId], None]
    ) -> None:
        """Add somebody who is on no list; without a name they get the next number, ``worded`` as name and reference."""
        studio = self._desk.studio
        language = Language(self._desk.words.language)

        def work(_: object) -> tuple[SubjectId, Changes]:
            return _add(studio, session, name, worded, language)

        self._desk.jobs.write(work, done, self._desk.failed, initiator=self)


def _add(
    studio: OpenStudio,
    session: Session,
    name: str,
    worded: Callable[[int], tuple[str, str]],
    language: Language,
) -> tuple[SubjectId, Changes]:
    taken = {each.name for each in subject_rows(studio, session)}
    number = next(each for each in range(1, len(taken) + 2) if worded(each)[0] not in taken)
    called, reference = worded(number)
    typed = name.strip()
    number_told = "" if typed else reference
    person = Subject(SubjectId(new_id()), typed or called, language, session.country, reference=number_told)
    added, changes = add_subject(studio, session, person)
    return added.id, changes

"""The people in the pictures: added one by one or from a roster, listed without opening everything."""

from __future__ import annotations

from datetime import date

from safelight.domain.changes import Changes
from safelight.domain.errors import WrongUsage
from safelight.domain.people import Subject, birth_date_fault
from safelight.domain.session import Session
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.lookup import find_subject as find_subject
from safelight.studio.sessions import must_be_open, still_open

REGISTERED = "registered"
SIGNED = "signed"


def add_subject(studio: OpenStudio, session: Session, subject: Subject) -> tuple[Subject, Changes]:
    """Add one person to a session; their two keys exist before anything about them is written."""
    must_be_open(session)
    check_subject(subject, studio.now_at(session).day)
    with studio.archive.transaction(studio.now()) as writing:
        still_open(studio, session.id)
        _check_number(studio, session, subject)
        studio.archive.subjects.add(writing, subject, session.id, REGISTERED)
        entry = studio.archive.journal.append(writing, "subject-added", subject.id, b"")
    studio.acknowledge(subject.id, entry.hash)
    return subject, Changes.SUBJECTS | Changes.JOURNAL


def _check_number(studio: OpenStudio, session: Session, subject: Subject) -> None:
    """A staff or pupil number means one person of a session, or nobody could be found by it."""
    number = subject.reference.strip().casefold()
    people = studio.archive.subjects.opened(session.id) if number else ()
    if taken := next((each for each in people if each.reference.strip().casefold() == number), None):
        raise WrongUsage(
            f"The number '{subject.reference[:40]}' is {taken.name}'s in '{session.name}'.",
            "Nobody was added. Give another number, or none; 'subject change' corrects one.",
        )


def check_subject(subject: Subject, today: date) -> None:
    """Raises :class:`WrongUsage` for what nobody can be called, or for a day on which nobody was born.

    ``today`` is the day at the place of the session.
    """
    if not subject.name.strip():
        raise WrongUsage("A person needs a name to be found by.", "A walk-in card number will do.")
    if "\N{REPLACEMENT CHARACTER}" in subject.name:
        raise WrongUsage("The name has characters that were lost on the way here.", "Nothing was kept; type it again.")
    if fault := birth_date_fault(subject.born, today):
        raise WrongUsage(f"{fault[:1].upper()}{fault[1:]}.", "Nothing was kept. Write YYYY-MM-DD.")

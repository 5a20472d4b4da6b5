"""The people in the pictures: added one by one or from a roster, listed without opening everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from safelight.capture.roster import BadRow, Roster, RosterRow, read_roster
from safelight.domain.changes import Changes
from safelight.domain.errors import Malformed, WrongUsage
from safelight.domain.ids import Language, SubjectId
from safelight.domain.people import Guardian, Subject
from safelight.domain.session import Session
from safelight.keys.input_files import legible, read_input_file
from safelight.studio.lookup import find_subject as find_subject
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.sessions import must_be_open

REGISTERED = "registered"
SIGNED = "signed"
ROSTER_LIMIT = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ImportedRoster:
    """What a roster held: how its columns were read, who was added (or would be), and every row that was not."""

    mapping: Mapping[str, str]
    added: tuple[Subject, ...]
    bad: tuple[BadRow, ...]
    dry_run: bool


def add_subject(studio: OpenStudio, session: Session, subject: Subject) -> tuple[Subject, Changes]:
    """Add one person to a session; their two keys exist before anything about them is written."""
    must_be_open(session)
    if not subject.name.strip():
        raise WrongUsage("A person needs a name to be found by.", "A walk-in card number will do.")
    if "\N{REPLACEMENT CHARACTER}" in subject.name:
        raise WrongUsage("The name has characters that were lost on the way here.", "Nobody was added; type it again.")
    with studio.archive.transaction(studio.now()) as writing:
        must_be_open(studio.archive.sessions.get(session.id))
        studio.archive.subjects.add(writing, subject, session.id, REGISTERED)
        entry = studio.archive.journal.append(writing, "subject-added", subject.id, b"")
    studio.acknowledge(subject.id, entry.hash)
    return subject, Changes.SUBJECTS


def import_roster(
    studio: OpenStudio, session: Session, path: Path, mapping: Mapping[str, str] | None, dry_run: bool
) -> tuple[ImportedRoster, Changes]:
    """Add everybody a roster names, in one transaction; rows that cannot be read are listed and nothing is lost."""
    must_be_open(session)
    roster = read_roster(_bytes_of(path), mapping=mapping)
    people = tuple(_subject(row, session) for row in roster.rows)
    if not dry_run:
        with studio.archive.transaction(studio.now()) as writing:
            must_be_open(studio.archive.sessions.get(session.id))
            studio.archive.subjects.add_many(writing, people, session.id, REGISTERED)
            entry = studio.archive.journal.append(writing, "roster-imported", session.id, b"")
        for person in people:
            studio.acknowledge(person.id, entry.hash)
    return ImportedRoster(_shown(roster), people, roster.bad, dry_run), Changes.SUBJECTS


def _bytes_of(path: Path) -> bytes:
    data = read_input_file(path, 2 * ROSTER_LIMIT, kept="Nothing was imported.")
    if len(data) > ROSTER_LIMIT:
        raise Malformed(
            f"'{legible(path.name)}' is too large for a roster.", "Nothing was imported; 5 MiB is the limit."
        )
    return data


def _subject(row: RosterRow, session: Session) -> Subject:
    guardian = (Guardian(row.guardian, "guardian", row.guardian_email),) if row.guardian else ()
    return Subject(
        id=SubjectId(new_id()),
        name=row.name,
        language=Language(row.language or "en"),
        country=session.country,
        born=row.birth_date,
        email=row.email,
        reference=row.number,
        guardians=guardian,
    )


def _shown(roster: Roster) -> Mapping[str, str]:
    return {column: str(field) for column, field in roster.mapping.items()}

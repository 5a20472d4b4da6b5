"""Adds the people a list names, each once: whoever is of the session already is named, and never changed silently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from safelight.capture.roster import BadRow, Roster, RosterRow, read_roster
from safelight.domain.changes import Changes
from safelight.domain.errors import Malformed
from safelight.domain.ids import Country, Language, SubjectId
from safelight.domain.matching import differences, means_the_same
from safelight.domain.names import name_key
from safelight.domain.people import Guardian, Subject
from safelight.domain.session import Session
from safelight.keys.input_files import legible, read_input_file
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.sessions import must_be_open
from safelight.studio.subjects import REGISTERED

ROSTER_LIMIT = 5 * 1024 * 1024
_SAME_NUMBER = "its number stands in line {line} already, beside another name"


@dataclass(frozen=True, slots=True)
class KnownRow:
    """A row about somebody who is of the session already, or stands in the list before.

    ``differs`` names the fields of which the row says something else; nothing of it was taken over.
    """

    line: int
    subject: SubjectId
    name: str
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportedRoster:
    """What a roster held: how its columns were read, who was added (or would be), who was known, what was not read.

    ``lines`` are the lines of the list that ``added`` come from. ``unused`` are the columns of which nothing is kept;
    ``unread`` cells (line, column, text) that were not understood in a row that was taken in without them.
    """

    mapping: Mapping[str, str]
    unused: tuple[str, ...]
    added: tuple[Subject, ...]
    lines: tuple[int, ...]
    known: tuple[KnownRow, ...]
    unread: tuple[tuple[int, str, str], ...]
    bad: tuple[BadRow, ...]
    dry_run: bool


def import_roster(
    studio: OpenStudio, session: Session, path: Path, mapping: Mapping[str, str] | None, dry_run: bool
) -> tuple[ImportedRoster, Changes]:
    """Add everybody a roster names who is not of the session yet, in one transaction.

    Rows that cannot be read are listed and nothing is lost; so is whoever is known already
    (:func:`~safelight.domain.matching.means_the_same`), with what the list says differently.
    """
    must_be_open(session)
    roster = read_roster(_bytes_of(path), mapping=mapping, today=studio.now_at(session).day)
    if dry_run:
        return _sorted(roster, session, studio.archive.subjects.opened(session.id), True), Changes.NONE
    with studio.archive.transaction(studio.now()) as writing:
        must_be_open(studio.archive.sessions.get(session.id))
        done = _sorted(roster, session, studio.archive.subjects.opened(session.id), False)
        studio.archive.subjects.add_many(writing, done.added, session.id, REGISTERED)
        entry = studio.archive.journal.append(writing, "roster-imported", session.id, b"")
    for person in done.added:
        studio.acknowledge(person.id, entry.hash)
    return done, Changes.SUBJECTS | Changes.JOURNAL if done.added else Changes.NONE


def _sorted(roster: Roster, session: Session, there: Sequence[Subject], dry_run: bool) -> ImportedRoster:
    """Each row to those to add, those known, or those that contradict an earlier row."""
    index = _Index(there)
    added: list[Subject] = []
    lines: dict[SubjectId, int] = {}
    known: list[KnownRow] = []
    bad = list(roster.bad)
    for row in roster.rows:
        person = _subject(row, session)
        match = index.match(person)
        if match is None:
            index.add(person)
            added.append(person)
            lines[person.id] = row.line
            continue
        differs = differences(match, person)
        if match.id in lines and "name" in differs:
            # One list that gives one number to two names: what stands in that column is no number of a person.
            bad.append(BadRow(row.line, _SAME_NUMBER.format(line=lines[match.id]), row.name))
        else:
            known.append(KnownRow(row.line, match.id, match.name, differs))
    columns = {column: str(field) for column, field in roster.mapping.items()}
    unread = tuple((row.line, column, text) for row in roster.rows for column, text in row.other if column in columns)
    return ImportedRoster(
        columns, roster.unused, tuple(added), tuple(lines.values()), tuple(known), unread,
        tuple(sorted(bad, key=lambda each: each.line)), dry_run,
    )  # fmt: skip


class _Index:
    """People by number and by name, so that a list of thousands is compared with thousands quickly."""

    def __init__(self, people: Sequence[Subject]) -> None:
        self._by: dict[str, list[Subject]] = {}
        for each in people:
            self.add(each)

    def add(self, person: Subject) -> None:
        for key in self._keys(person):
            self._by.setdefault(key, []).append(person)

    def match(self, told: Subject) -> Subject | None:
        """The first one that ``told`` means; an equal number comes before an equal name."""
        candidates = [each for key in self._keys(told) for each in self._by.get(key, ())]
        return next((each for each in candidates if means_the_same(each, told)), None)

    @staticmethod
    def _keys(person: Subject) -> list[str]:
        number = name_key(person.reference)
        return [*([f"number {number}"] if number else []), f"name {name_key(person.name)}"]


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
        country=Country(row.country) if row.country else session.country,
        born=row.birth_date,
        email=row.email,
        phone=row.phone,
        reference=row.number,
        guardians=guardian,
        department=row.department,
    )

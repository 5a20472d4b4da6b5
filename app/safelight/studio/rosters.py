"""Adds the people a list names, each once: whoever is of the session already is named, and never changed silently."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from safelight.capture.roster import (
    NAMES,
    Field,
    Roster,
    RosterColumn,
    RosterRow,
    read_columns,
    read_roster,
)
from safelight.capture.roster_faults import BadRow, Fault, FaultKind, fault
from safelight.domain.changes import Changes
from safelight.domain.errors import Malformed, WrongUsage
from safelight.domain.ids import Country, Language, Sha256, SubjectId
from safelight.domain.matching import differences, means_the_same
from safelight.domain.names import name_key
from safelight.domain.people import Guardian, Subject
from safelight.domain.session import Session
from safelight.keys.input_files import legible, read_input_file
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.sessions import must_be_open, still_open
from safelight.studio.subjects import REGISTERED

ROSTER_LIMIT = 5 * 1024 * 1024
FIELDS = tuple(each.value for each in Field)
"""What a column can be said to mean, as a mapping names it."""


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


class RowOutcome(StrEnum):
    """What becomes of a row of a roster."""

    ADDED = "added"
    KNOWN = "known"
    """Somebody of the session already, or of a row before: nobody is added and nothing is changed."""
    LEFT_OUT = "left-out"


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row as it would be taken in. ``person`` is who it names (None where it was not read), ``raw`` its text then.

    ``differs`` are the fields in which it says something else of somebody known; ``unread`` the cells (column, text)
    that were not understood in a row that is taken in without them; ``reason`` why it is left out,
    in English; ``fault`` the same as a code, for whoever words it in another language.
    """

    line: int
    outcome: RowOutcome
    person: Subject | None = None
    differs: tuple[str, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    raw: str = ""
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class RosterPreview:
    """A roster before anything is taken in: its columns and every row in order; nothing was written.

    ``named`` says whether a column is taken for names: without one nobody can be added, ``rows`` is empty, and the
    columns are there to be told. ``sha256`` is of the file, so that the import is of what was looked at.
    """

    columns: tuple[RosterColumn, ...]
    named: bool
    rows: tuple[PreviewRow, ...]
    sha256: Sha256

    def count(self, outcome: RowOutcome) -> int:
        """How many rows end so."""
        return sum(each.outcome is outcome for each in self.rows)


def preview_roster(
    studio: OpenStudio, session: Session, path: Path, mapping: Mapping[str, str] | None = None
) -> RosterPreview:
    """What :func:`import_roster` would make of a list; ``mapping`` (column -> field) as there, None guesses.

    Raises Malformed for what is no list, WrongUsage for a mapping that does not fit it or a session that is closed.
    """
    must_be_open(session)
    data = _bytes_of(path)
    digest = Sha256(hashlib.sha256(data).hexdigest())
    columns = read_columns(data, mapping)
    if not any(each.field in NAMES for each in columns):
        return RosterPreview(columns, False, (), digest)
    roster = read_roster(data, mapping=mapping, today=studio.now_at(session).day)
    would = _sorted(roster, session, studio.archive.subjects.opened(session.id), True)
    unread: dict[int, list[tuple[str, str]]] = {}
    for line, column, text in would.unread:
        unread.setdefault(line, []).append((column, text))
    told = {row.line: _subject(row, session) for row in roster.rows}
    differs = {each.line: each.differs for each in would.known}
    left_out = {each.line: each for each in would.bad}
    rows = [
        PreviewRow(line, RowOutcome.ADDED, person, (), tuple(unread.get(line, ())))
        for line, person in zip(would.lines, would.added, strict=True)
    ]
    rows += [PreviewRow(line, RowOutcome.KNOWN, told[line], fields) for line, fields in differs.items()]
    rows += [
        PreviewRow(line, RowOutcome.LEFT_OUT, told.get(line), reason=bad.reason, raw=bad.raw, fault=bad.fault)
        for line, bad in left_out.items()
    ]
    return RosterPreview(columns, True, tuple(sorted(rows, key=lambda row: row.line)), digest)


def import_roster(
    studio: OpenStudio,
    session: Session,
    path: Path,
    mapping: Mapping[str, str] | None,
    dry_run: bool,
    *,
    looked_at: Sha256 | None = None,
) -> tuple[ImportedRoster, Changes]:
    """Add everybody a roster names who is not of the session yet, in one transaction.

    Rows that cannot be read are listed and nothing is lost; so is whoever is known already
    (:func:`~safelight.domain.matching.means_the_same`), with what the list says differently. ``looked_at`` is the
    file's hash in its preview: another file is refused with :class:`WrongUsage`.
    """
    must_be_open(session)
    data = _bytes_of(path)
    if looked_at not in (None, hashlib.sha256(data).hexdigest()):
        raise WrongUsage("The list was changed after you looked at it.", "Nobody was added; look at it again.")
    roster = read_roster(data, mapping=mapping, today=studio.now_at(session).day)
    if dry_run:
        return _sorted(roster, session, studio.archive.subjects.opened(session.id), True), Changes.NONE
    with studio.archive.transaction(studio.now()) as writing:
        still_open(studio, session.id)
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
            bad.append(BadRow(row.line, fault(FaultKind.SAME_NUMBER, line=lines[match.id]), row.name))
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

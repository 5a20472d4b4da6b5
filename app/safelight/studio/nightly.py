"""What is done once a night: yeses that are over end, pictures whose time is up go, and letters that are due are named.

Every part can be run again at any time, catches up after weeks without a run, and changes nothing a second time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from safelight.documents.jcs import canonical
from safelight.domain.changes import Changes
from safelight.domain.consent import ConsentState, EventKind
from safelight.domain.erasure import Erasure, end_of
from safelight.domain.errors import Malformed
from safelight.domain.holds import barring
from safelight.domain.ids import SubjectId
from safelight.domain.nightly import ANNOUNCED_DAYS, DueLetter, is_over, lasting, letters_due, photos_until
from safelight.domain.people import Role
from safelight.domain.progress import Report, silent
from safelight.domain.session import Session
from safelight.domain.withdrawal import Channel
from safelight.storage.rows import SignedMessage
from safelight.studio.consent_snapshots import snapshots_of_all
from safelight.studio.ending import Actor, EndedUse, end_yeses
from safelight.studio.erasing import erase, erase_due
from safelight.studio.journal_kinds import KEEPING_ANNOUNCED, LETTER_WRITTEN
from safelight.studio.open_studio import OpenStudio
from safelight.studio.outgoing_notices import tell_recipients
from safelight.studio.queries.ledger import DELIVERED
from safelight.studio.queries.notices import NoticeRow, notice_rows
from safelight.studio.withdrawal_codes import index_codes

T = TypeVar("T")
_AT_ONCE = 100
"""So many people are looked at in one transaction: whoever signs meanwhile waits for no more."""
_ACTOR = Actor(Role.PHOTOGRAPHER, Channel.STUDIO)


@dataclass(frozen=True, slots=True)
class KeptUntil:
    """A person whose pictures' time is up on ``day``; ``held`` where a hold keeps them."""

    subject: SubjectId
    day: date
    held: bool


@dataclass(frozen=True, slots=True)
class Nightly:
    """What one run did and found.

    ``ended`` are yeses that were over, ``notices`` those issued for them; ``erased`` people whose pictures went because
    their time was up, ``announced`` those whose pictures go next, ``keys`` erasures of which a key was due. ``letters``
    are due and not written yet, ``overdue`` notices that nobody answered in time, ``skipped`` people whose rows are not
    as they were left: nothing was decided by them, and the check names what it is.
    """

    day: date
    ended: tuple[EndedUse, ...]
    notices: tuple[SignedMessage, ...]
    erased: tuple[SubjectId, ...]
    announced: tuple[KeptUntil, ...]
    keys: tuple[Erasure, ...]
    letters: tuple[DueLetter, ...]
    overdue: tuple[NoticeRow, ...]
    skipped: tuple[SubjectId, ...]


def nightly(studio: OpenStudio, report: Report = silent) -> tuple[Nightly, Changes]:
    """Do all that the passing of time asks for up to today; see :class:`Nightly`."""
    changes = index_codes(studio)
    sessions = studio.archive.sessions.list()
    states = _states(studio, sessions)
    report(0, 4, "yeses that are over")
    ended, notices, skipped, more = _expire(studio, sessions, states)
    changes |= more
    report(1, 4, "pictures whose time is up")
    erased, announced, more = _keep_no_longer(studio, sessions, skipped)
    changes |= more
    report(2, 4, "keys that are due")
    keys, more = erase_due(studio)
    changes |= more
    report(3, 4, "letters")
    gone = set(erased)
    left = _states(studio, sessions)
    letters = due_letters(studio, {who: each for who, each in left.items() if who not in gone})
    overdue = tuple(each for each in notice_rows(studio) if each.overdue)
    entry, more = _note(studio, ended, erased)
    changes |= more
    studio.acknowledge(studio.identity.id, entry)
    done = Nightly(studio.today(), ended, notices, erased, announced, keys, letters, overdue, skipped)
    return done, changes


def due_letters(studio: OpenStudio, states: Mapping[SubjectId, tuple[ConsentState, ...]]) -> tuple[DueLetter, ...]:
    """The letters that are due and were not written yet, the earliest first."""
    written = _written(studio)
    today = studio.today()
    due = (letter for person, each in states.items() for letter in letters_due(person, each, today))
    return tuple(sorted((each for each in due if each.key not in written), key=lambda each: (each.day, each.key)))


def note_letters(studio: OpenStudio, letters: Sequence[DueLetter]) -> Changes:
    """Remember that these letters were written, so that no run writes them again."""
    if not letters:
        return Changes.NONE
    with studio.archive.transaction(studio.now()) as writing:
        written = _written(studio)
        for each in letters:
            if each.key not in written:
                said = canonical({"key": each.key})
                studio.archive.journal.append(writing, LETTER_WRITTEN, each.subject, said, each.subject)
    return Changes.JOURNAL


def _written(studio: OpenStudio) -> set[str]:
    numbers = [entry.number for entry, _ in studio.archive.journal.of_kinds(LETTER_WRITTEN)]
    return {json.loads(said)["key"] for _, said in studio.archive.journal.payloads(numbers)}


def _states(studio: OpenStudio, sessions: Iterable[Session]) -> dict[SubjectId, tuple[ConsentState, ...]]:
    found: dict[SubjectId, tuple[ConsentState, ...]] = {}
    for session in sessions:
        for who, snapshot in snapshots_of_all(studio, session.id).items():
            found[who] = tuple(snapshot.states.values())
    return found


def _expire(
    studio: OpenStudio, sessions: Sequence[Session], states: Mapping[SubjectId, tuple[ConsentState, ...]]
) -> tuple[tuple[EndedUse, ...], tuple[SignedMessage, ...], tuple[SubjectId, ...], Changes]:
    """End the yeses whose last day is over at the place where they were given, and tell who got pictures by them."""
    ended: list[EndedUse] = []
    notices: list[SignedMessage] = []
    skipped: list[SubjectId] = []
    for session in sessions:
        today = studio.now_at(session).day
        over = [
            who
            for who in studio.archive.subjects.ids(session.id)
            if any(is_over(each, today) for each in states.get(who, ()))
        ]
        for people in _pages(over):
            with studio.archive.transaction(studio.now()) as writing:
                here = studio.place_time(writing.now, session)

                def kind_of(state: ConsentState, day: date = here.day) -> EventKind | None:
                    return EventKind.EXPIRED if is_over(state, day) else None

                done: list[EndedUse] = []
                for person in people:
                    try:
                        studio.archive.rely_on((person,), ("status",))
                    except Malformed:
                        skipped.append(person)
                        continue
                    done += end_yeses(studio, writing, person, kind_of, _ACTOR, here)
                notices += tell_recipients(studio, writing, [each.told for each in done]) if done else ()
            ended += done
    changes = Changes.CONSENTS | Changes.JOURNAL if ended else Changes.NONE
    return tuple(ended), tuple(notices), tuple(skipped), changes | (Changes.BUNDLES if notices else Changes.NONE)


def _keep_no_longer(
    studio: OpenStudio, sessions: Sequence[Session], skipped: Sequence[SubjectId]
) -> tuple[tuple[SubjectId, ...], tuple[KeptUntil, ...], Changes]:
    """Erase pictures whose time is up and was announced; announce those whose time is up, or nearly."""
    today = studio.today()
    before = _announced(studio)
    soon = [
        each
        for each in kept_until(studio, sessions)
        if each.day <= today + timedelta(days=ANNOUNCED_DAYS) and each.subject not in skipped
    ]
    due = [
        each.subject
        for each in soon
        if each.day < today
        and not each.held
        and before.get(each.subject, today) <= today - timedelta(days=ANNOUNCED_DAYS)
    ]
    changes = Changes.NONE
    for people in _pages(due):
        _, more = erase(studio, people)
        changes |= more
    gone = set(due)
    new = [each for each in soon if each.subject not in gone and each.subject not in before]
    for rows in _pages(new):
        with studio.archive.transaction(studio.now()) as writing:
            for row in rows:
                said = canonical({"until": row.day.isoformat()})
                studio.archive.journal.append(writing, KEEPING_ANNOUNCED, row.subject, said, row.subject)
        changes |= Changes.JOURNAL
    return tuple(due), tuple(each for each in soon if each.subject not in gone), changes


def _announced(studio: OpenStudio) -> dict[SubjectId, date]:
    entries = studio.archive.journal.of_kinds(KEEPING_ANNOUNCED)
    return {SubjectId(entry.reference): entry.at.date() for entry, _ in entries}


def kept_until(studio: OpenStudio, sessions: Iterable[Session] | None = None) -> Iterator[KeptUntil]:
    """Everybody of whom there are pictures, and the last day these are kept."""
    archive, today = studio.archive, studio.today()
    months = studio.rules.catalogue.keeping_months
    delivered: dict[str, list[date]] = {}
    for entry, _ in archive.journal.of_kinds(DELIVERED):
        delivered.setdefault(entry.reference, []).append(entry.at.date())
    erased = {each.person for each in archive.erasures.list() if each.portrait_at is not None}
    for session in archive.sessions.list() if sessions is None else sessions:
        snapshots = snapshots_of_all(studio, session.id)
        shots: dict[str, list[SubjectId]] = {}
        for each in archive.shots.owners(session.id):
            if each.subject is not None and each.subject not in erased:
                shots.setdefault(each.shot, []).append(each.subject)
        own: dict[SubjectId, date | None] = {}
        for person in dict.fromkeys(one for people in shots.values() for one in people):
            states = tuple(snapshots[person].states.values()) if person in snapshots else ()
            ends = _ends(states, today)
            told = delivered.get(person, ())
            own[person] = None if ends is None else photos_until(ends, told, session.days[-1], months)
        for person, until in lasting(own, shots.values()).items():
            soon = until <= today + timedelta(days=ANNOUNCED_DAYS)
            holds = archive.holds.of((person, *archive.photos.beside([person]))) if soon else ()
            yield KeptUntil(person, until, bool(barring(holds, True, False)))


def _ends(states: Sequence[ConsentState], today: date) -> list[date] | None:
    """The last day of each yes, ended or still to end; None when one of them has no known end."""
    if any(each.given and each.last_day is None for each in states):
        return None
    standing = [each.last_day for each in states if each.given and each.last_day is not None]
    over = [end for _, end in end_of([each for each in states if not each.given], today) if end is not None]
    return [*standing, *over]


def _note(
    studio: OpenStudio, ended: Sequence[EndedUse], erased: Sequence[SubjectId]
) -> tuple[str, Changes]:
    with studio.archive.transaction(studio.now()) as writing:
        told = canonical({"ended": len(ended), "erased": len(erased)})
        entry = studio.archive.journal.append(writing, "nightly-run", studio.identity.id, told)
    return entry.hash, Changes.JOURNAL


def _pages(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), _AT_ONCE):
        yield rows[start : start + _AT_ONCE]

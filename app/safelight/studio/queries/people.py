"""People as lists name them: of a session, of the whole studio, found by part of what is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from safelight.domain.ids import SessionId, SubjectId
from safelight.domain.searching import NameIndex
from safelight.domain.session import Session
from safelight.storage.rows import SubjectLine
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.lookup import matching, subject_ids


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as lists name them: id, short id, name (empty where the row does not open)."""

    id: SubjectId
    short: str
    name: str


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """A person of any session; ``damaged`` when the row does not open (the name is empty then)."""

    id: SubjectId
    short: str
    name: str
    session: SessionId
    session_name: str
    damaged: bool = False


def subject_rows(studio: OpenStudio, within: Session | None = None) -> tuple[SubjectRow, ...]:
    """Everybody (of one session), in the order they were added."""
    return _rows(studio, studio.archive.subjects.names(session=within.id if within else None))


def rows_of(studio: OpenStudio, ids: Iterable[SubjectId]) -> tuple[SubjectRow, ...]:
    """The rows of these people, in the order of the list; those who are not in the archive are left out."""
    wanted = frozenset(ids)
    if not wanted:
        return ()
    return tuple(each for each in subject_rows(studio) if each.id in wanted)


def few_rows(studio: OpenStudio, ids: Sequence[SubjectId]) -> tuple[SubjectRow, ...]:
    """As :func:`rows_of` in the order of ``ids``, for as few as a search finds: nobody else's row is opened."""
    there = frozenset(studio.archive.subjects.ids()) if ids else frozenset[SubjectId]()
    return _rows(studio, [studio.archive.subjects.line(each) for each in ids if each in there])


def name_index(studio: OpenStudio, within: Session | None = None) -> NameIndex[SubjectId]:
    """Everybody (of one session) ready to be found while somebody types; made once for a list, then asked at each key.

    It holds names: whoever covers the screen drops it.
    """
    known = studio.archive.subjects.opened(within.id if within else None)
    return NameIndex.of((each.id, each.name, each.reference) for each in known)


def search_subjects(studio: OpenStudio, text: str, within: Session | None = None) -> tuple[SubjectRow, ...]:
    """Everybody of whom ``text`` is part of the name, e-mail address, phone or number, or who carries the code.

    Whose id, code or number it is comes first, then names and numbers as :class:`~safelight.domain.searching.NameIndex`
    ranks them, then guardians' names, addresses and telephones.
    """
    typed = " ".join(text.split()).casefold()
    if not typed:
        return ()
    session = within.id if within else None
    lines, known = studio.archive.subjects.names(session=session), studio.archive.subjects.opened(session)
    exact = {each.id for each in matching(studio, text, lines, known)}
    index = NameIndex.of((each.id, each.name, each.reference) for each in known)
    ranked = index.find(text, len(known))
    named = NameIndex.of((each.id, one.name, "") for each in known for one in each.guardians).find(text, 2 * len(known))
    told = (each.id for each in known if any(typed in part.casefold() for part in (each.email, each.phone)))
    first = [id for id in ranked if id in exact]
    first += [each.id for each in lines if each.id in exact and each.id not in ranked]
    by_id = {each.id: each for each in lines}
    return _rows(studio, (by_id[id] for id in dict.fromkeys((*first, *ranked, *named, *told)) if id in by_id))


def same_people(studio: OpenStudio, id: SubjectId) -> tuple[SubjectId, ...]:
    """Everybody who is linked with a person, directly or through others; those taken out since are left out."""
    there: set[SubjectId] | None = None
    found, waiting = {id}, [id]
    while waiting:
        linked = studio.archive.subjects.get(waiting.pop()).same_as
        if linked and there is None:
            there = set(studio.archive.subjects.ids())
        for each in linked:
            if there is not None and each in there and each not in found:
                found.add(each)
                waiting.append(each)
    if len(found) == 1:
        return ()
    return tuple(each for each in studio.archive.subjects.ids() if each in found and each != id)


def people_of(studio: OpenStudio, session: SessionId) -> dict[SubjectId, PersonRow]:
    """Everybody of a session, by id."""
    short = subject_ids(studio)
    lines = studio.archive.subjects.names(session=session)
    return {each.id: PersonRow(each.id, short[each.id], each.name) for each in lines}


def named(people: dict[SubjectId, PersonRow], ids: Iterable[SubjectId]) -> tuple[PersonRow, ...]:
    """Those of ``ids``; somebody who is not of the session any more is shown by the id."""
    return tuple(people.get(each, PersonRow(each, each[:8], "")) for each in ids)


def subject_names(studio: OpenStudio, ids: Iterable[SubjectId]) -> tuple[str, ...]:
    """What these few people are called, one by one; raises :class:`WrongUsage` for somebody unknown."""
    return tuple(studio.archive.subjects.line(each).name for each in ids)


def _rows(studio: OpenStudio, lines: Iterable[SubjectLine]) -> tuple[SubjectRow, ...]:
    short = subject_ids(studio)
    names = {each.id: each.name for each in studio.archive.sessions.list()}
    return tuple(
        SubjectRow(
            each.id, short[each.id], each.name, each.session, names.get(each.session, each.session[:8]), each.damaged
        )
        for each in lines
    )  # fmt: skip

"""Finds the one session, person or photo that somebody means by what they typed; never guesses between two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from safelight.domain.errors import WrongUsage
from safelight.domain.ids import PhotoGuid, SessionId, ShortIds, SubjectId, may_begin_id, short_ids
from safelight.domain.people import Subject
from safelight.domain.photo import Photo
from safelight.domain.searching import folded
from safelight.domain.session import Session
from safelight.storage.rows import PhotoLine, SubjectLine
from safelight.studio.badges import whose_of
from safelight.studio.open_studio import OpenStudio

_CANDIDATES = 6
"""So many are listed when several could be meant."""


def find_session(studio: OpenStudio, wanted: str) -> Session:
    """The session with this id, this beginning of an id or, when only one has it, this name."""
    sessions = studio.archive.sessions.list()
    typed = wanted.strip().casefold()
    found = [each for each in sessions if each.id == typed or each.name.casefold() == typed]
    if not found and may_begin_id(typed):
        found = [each for each in sessions if each.id.startswith(typed)]
    if len(found) == 1:
        return found[0]
    problem = "There is no session" if not found else "There is more than one session"
    raise WrongUsage(f"{problem} called '{wanted[:60]}'.", "'session list' shows the ids.")


def find_subject(studio: OpenStudio, wanted: str, within: Session | None = None) -> Subject:
    """The person whose id, short id, slate or typed code, staff number or name was typed.

    What fits exactly counts before what only begins so, in any spelling of its letters (``oz`` is ``Öz``). ``within``
    looks at the people of one session alone. Raises :class:`WrongUsage` when nobody fits, and when several do: the hint
    tells them apart.
    """
    matches = match_subjects(studio, wanted, within)
    if len(matches) == 1:
        return studio.archive.subjects.get(matches[0].id)
    if matches:
        raise WrongUsage(f"{len(matches)} people match '{wanted[:60]}'.", _apart(studio, matches))
    where = f"in the session '{within.name}'" if within else "in this studio"
    elsewhere = match_subjects(studio, wanted) if within else ()
    hint = f"Elsewhere: {_listed(studio, elsewhere)}." if elsewhere else "'subject list' shows who is."
    raise WrongUsage(f"Nobody called '{wanted[:60]}' is {where}.", hint)


def match_subjects(studio: OpenStudio, wanted: str, within: Session | None = None) -> tuple[SubjectLine, ...]:
    """Everybody who could be meant (see :func:`find_subject`), in the order they were added."""
    session = within.id if within else None
    lines, known = studio.archive.subjects.names(session=session), studio.archive.subjects.opened(session)
    return matching(studio, wanted, lines, known)


def matching(
    studio: OpenStudio, wanted: str, lines: Sequence[SubjectLine], known: Sequence[Subject]
) -> tuple[SubjectLine, ...]:
    """Those of ``lines`` who could be meant; ``known`` is what is known of the same people."""
    typed = wanted.strip().casefold()
    if not typed:
        return ()
    exact = {each.id for each in lines if each.id == typed or each.name.casefold() == typed}
    exact |= _by_code(studio, wanted, lines)
    exact |= {each.id for each in known if each.reference.casefold() == typed}
    if exact:
        return tuple(each for each in lines if each.id in exact)
    begins = folded(wanted)
    loose = {each.id for each in lines if begins and folded(each.name).startswith(begins)}
    if may_begin_id(typed):
        loose |= {each.id for each in lines if each.id.startswith(typed)}
    return tuple(each for each in lines if each.id in loose)


def find_photo(studio: OpenStudio, wanted: str, within: Session | None = None) -> Photo:
    """The photo with this id, this beginning of an id or, when only one has it, this original name.

    ``within`` looks at the photos of one session alone. Raises :class:`WrongUsage` when none fits or several do.
    """
    found = _photos_by_id(studio, wanted, within) or _photos_by_name(studio, wanted, within)
    if len(found) == 1:
        return studio.archive.photos.get(found[0])
    where = f"in the session '{within.name}'" if within else "in this studio"
    if not found:
        raise WrongUsage(f"There is no photo '{wanted[:60]}' {where}.", "'photo list SESSION' shows them.")
    short = photo_ids(studio)
    told = ", ".join(short[each] for each in found[:_CANDIDATES])
    more = f" and {len(found) - _CANDIDATES} more" if len(found) > _CANDIDATES else ""
    raise WrongUsage(f"{len(found)} photos match '{wanted[:60]}'.", f"Give one of the ids: {told}{more}.")


def photo_ids(studio: OpenStudio) -> ShortIds:
    """The short id of every photo in the archive."""
    return short_ids(studio.archive.photos.guids())


def subject_ids(studio: OpenStudio) -> ShortIds:
    """The short id of everybody in the archive."""
    return short_ids(studio.archive.subjects.ids())


def photo_lines(studio: OpenStudio, session: SessionId | None) -> Iterable[PhotoLine]:
    """The lines of the photos of a session (of all sessions if None), in order, read page by page."""
    offset = 0
    while page := studio.archive.photos.page(session, offset):
        yield from page
        offset += len(page)


def _photos_by_id(studio: OpenStudio, wanted: str, within: Session | None) -> list[PhotoGuid]:
    typed = wanted.strip().lower()
    if not may_begin_id(typed):
        return []
    found = list(studio.archive.photos.guids(typed))
    if within is None or not found:
        return found
    lines = studio.archive.photos.lines(found)
    return [each for each in found if each in lines and lines[each].session == within.id]


def _photos_by_name(studio: OpenStudio, wanted: str, within: Session | None) -> list[PhotoGuid]:
    typed = wanted.strip().casefold()
    lines = photo_lines(studio, within.id if within else None)
    return [each.guid for each in lines if typed and each.name.casefold() == typed]


def _by_code(studio: OpenStudio, wanted: str, lines: Sequence[SubjectLine]) -> set[SubjectId]:
    """Whose slate or typed code it is, in each session of ``lines``."""
    people: dict[SessionId, list[SubjectId]] = {}
    for each in lines:
        people.setdefault(each.session, []).append(each.id)
    codes = (whose_of(studio, session, ids, wanted) for session, ids in people.items())
    return {found for found in codes if found is not None}


def _apart(studio: OpenStudio, matches: Sequence[SubjectLine]) -> str:
    # Names are left out: an error says no more about people than was typed already.
    return f"Type more of the name, or one of the ids: {_listed(studio, matches)}. 'subject find' shows who they are."


def _listed(studio: OpenStudio, matches: Sequence[SubjectLine]) -> str:
    short = subject_ids(studio)
    names = {each.id: each.name for each in studio.archive.sessions.list()}
    few = [(short[each.id], names.get(each.session, each.session[:8])) for each in matches[:_CANDIDATES]]
    told = ", ".join(f"{id} (session {session})" for id, session in few)
    return told + (f" and {len(matches) - _CANDIDATES} more" if len(matches) > _CANDIDATES else "")

"""Who stays and why, by the names people know: the file as it came from the camera, and the person on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from safelight.domain.clearance import Clearance, ReasonToStay
from safelight.domain.errors import Refused
from safelight.domain.ids import PhotoGuid, ScopeId, SessionId, SubjectId
from safelight.domain.photo import Photo
from safelight.domain.usage import Blocker
from safelight.studio.open_studio import OpenStudio

BLOCKER_WORDS = {
    Blocker.NOBODY: "nobody is assigned to it",
    Blocker.NOT_ASKED: "was not asked",
    Blocker.REFUSED: "refused",
    Blocker.WITHDRAWN: "withdrew",
    Blocker.EXPIRED: "the consent has expired",
    Blocker.INVALIDATED: "the consent was declared invalid",
    Blocker.UNANSWERED: "has not answered yet",
    Blocker.NO_LIMIT: "the consent has no end that is known",
    Blocker.OVER: "the consent has ended",
    Blocker.NOT_YET: "the consent begins later",
    Blocker.ASLEEP: "the yearly review was not answered",
    Blocker.GROWN_UP: "is of age now and must be asked again",
    Blocker.MINOR: "is under age, and this is not open to minors",
    Blocker.TERRITORY: "allowed it elsewhere, not there",
    Blocker.RECIPIENT: "allowed it to others, not to them",
    Blocker.STALE: "the status list is too old",
    Blocker.NOT_A_USE: "is no use of a picture",
    Blocker.RESTRICTED: "asked that nothing be done with it for now",
    Blocker.VETOED: "struck this photo out",
    Blocker.WITHHELD: "is withheld",
}
"""Why somebody's word does not cover a use, after their name."""
_FOR_THE_FILE = frozenset(
    {
        ReasonToStay.UNBOUND,
        ReasonToStay.PRIVATE,
        ReasonToStay.UNWRITABLE,
        ReasonToStay.HIDDEN,
        ReasonToStay.REJECTED,
        ReasonToStay.CHECK,
        ReasonToStay.EXCHANGED,
    }
)
"""What keeps a photo back whoever is on it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a photo stays: ``code`` for programs, ``words`` for people; ``person`` is None when it is about the file."""

    code: str
    words: str
    use: ScopeId
    person: SubjectId | None = None
    person_name: str = ""


@dataclass(frozen=True, slots=True)
class Staying:
    """One photo that stays; ``name`` is what its file was called when it came in."""

    photo: PhotoGuid
    name: str
    reasons: tuple[Reason, ...]


def words_for(held: Clearance) -> str:
    """The reason as people say it."""
    if held.hold is ReasonToStay.CONSENT and held.decision.blocker is not None:
        return BLOCKER_WORDS[held.decision.blocker]
    return held.why


def code_of(held: Clearance) -> str:
    """The reason in one word that a program can rely on."""
    if held.hold is ReasonToStay.CONSENT and held.decision.blocker is not None:
        return held.decision.blocker.value
    return held.hold.value if held.hold else ""


def staying(
    photo: Photo, held: Iterable[tuple[SubjectId | None, Clearance]], name_of: Callable[[SubjectId], str]
) -> Staying:
    """The row for one photo; ``held`` is each person and use that keeps it back, as if that person were alone on it."""
    reasons: dict[tuple[str, ScopeId, SubjectId | None], Reason] = {}
    for person, each in held:
        if each.hold is ReasonToStay.VETO:
            for one in photo.vetoed_by:
                words = BLOCKER_WORDS[Blocker.VETOED]
                found = Reason(ReasonToStay.VETO.value, words, each.use, one, name_of(one))
                reasons.setdefault((found.code, each.use, one), found)
            continue
        about = None if each.hold in _FOR_THE_FILE else person
        found = Reason(code_of(each), words_for(each), each.use, about, name_of(about) if about else "")
        reasons.setdefault((found.code, each.use, about), found)
    return Staying(photo.guid, photo.name, tuple(reasons.values()))


class Names:
    """What people are called, of everybody of a session in one reading, of others one by one."""

    def __init__(self, studio: OpenStudio, session: SessionId) -> None:
        self._studio, self._session = studio, session
        self._known: dict[SubjectId, str] | None = None

    def __call__(self, person: SubjectId) -> str:
        """The name; somebody who was erased has none any more."""
        if self._known is None:
            lines = self._studio.archive.subjects.names(session=self._session)
            self._known = {each.id: each.name for each in lines if each.name}
        if person not in self._known:
            self._known[person] = name_of(self._studio, person)
        return self._known[person]


def name_of(studio: OpenStudio, person: SubjectId) -> str:
    """What a person is called; somebody who was erased has no name any more."""
    try:
        return studio.archive.subjects.get(person).name
    except Refused:
        return "somebody who was erased"


def staying_lines(rows: Iterable[Staying], titles: bool) -> list[str]:
    """One line a photo, those of one person and reason together; ``titles``: more than one use was asked for."""
    lines = []
    for row in rows:
        told = [
            f"{f' ({name})' if name else ''}: {words}" + (f" ({', '.join(uses)})" if titles else "")
            for (name, words), uses in _by_person(row).items()
        ]
        lines.append((tuple(told), f"stays: {row.name}" + ";".join(told)))
    return [line for _, line in sorted(lines)]


def _by_person(row: Staying) -> Mapping[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for each in row.reasons:
        found.setdefault((each.person_name, each.words), []).append(each.use)
    return found

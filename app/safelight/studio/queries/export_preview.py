"""What an export would do, as somebody decides on it: who is in, who is out and what would mend that, and warnings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from safelight.domain.clearance import Clearance
from safelight.domain.ids import PhotoGuid, ScopeId, SubjectId
from safelight.domain.mending import MENDS, Mend
from safelight.domain.photo import Photo, shot_of
from safelight.domain.progress import Report, silent
from safelight.domain.session import Session
from safelight.images.cleaning import can_clean
from safelight.images.rights_marks import TRAIN_GENERATIVE, TRAIN_RECOGNITION
from safelight.studio.deciding import Decided, check_request, decide
from safelight.studio.open_studio import OpenStudio
from safelight.studio.packing import ClearedPhoto, ExportRequest
from safelight.studio.queries.people import PersonRow, named, people_of
from safelight.studio.staying import Staying

LARGE = 2 * 1024**3
"""Bytes above which a bundle is said to be large: mail takes no such file, and some places for uploads neither."""


_KEPT = ("GPS", "Location", "Serial", "XMP")
"""Parts of the names of what stays in a file when place and serial numbers are kept."""


class Caution(StrEnum):
    """What somebody should know before they export although nothing stands in the way."""

    DO_NOT_TRAIN = "do-not-train"
    """Every photo is marked as not to be trained on; some stock agencies (Adobe Stock) refuse pictures marked so."""
    METADATA = "metadata"
    """Place or serial numbers go along, as was asked for."""
    NAMES = "names"
    """Names and receipts of those who allow it go along."""
    LARGE = "large"
    RULES = "rules-old"
    """The lists of laws were last looked up long ago."""


@dataclass(frozen=True, slots=True)
class OutGroup:
    """Photos that stay for one reason and use: ``code`` for programs, ``words`` for people, ``mend`` what would help.

    A photo that stays for several reasons is in several groups. ``people`` are those it comes from, nobody where it is
    about the photo itself.
    """

    code: str
    use: ScopeId
    words: str
    mend: Mend
    photos: tuple[PhotoGuid, ...]
    people: tuple[PersonRow, ...]


@dataclass(frozen=True, slots=True)
class PersonSum:
    """One person on any photo of the session: on how many shots that leave, and on how many that stay."""

    person: PersonRow
    inside: int
    outside: int


@dataclass(frozen=True, slots=True)
class Cautioned:
    """One warning, and about how many photos it is."""

    caution: Caution
    photos: int


@dataclass(frozen=True, slots=True)
class ExportPreview:
    """The photos that may leave, those that stay (the largest group first), sums per person, warnings.

    ``size`` is what the originals that leave take together, in bytes; the bundle is a little larger.
    """

    cleared: tuple[PhotoGuid, ...]
    groups: tuple[OutGroup, ...]
    people: tuple[PersonSum, ...]
    warnings: tuple[Cautioned, ...]
    size: int
    held: tuple[Clearance, ...]
    staying: tuple[Staying, ...]

    @property
    def outside(self) -> int:
        """How many photos stay, each counted once."""
        return len(self.staying)


def export_preview(
    studio: OpenStudio, session: Session, request: ExportRequest, report: Report = silent
) -> ExportPreview:
    """Decide for every photo of the session as an export would; nothing is written and nothing leaves.

    Raises :class:`WrongUsage` for no use at all, or one that pictures are not handed on for.
    """
    check_request(studio, request)
    decided = decide(studio, session, request, report)
    people = people_of(studio, session.id)
    return ExportPreview(
        cleared=tuple(each.photo.guid for each in decided.cleared),
        groups=_groups(decided.staying, people),
        people=_sums(studio, session, decided, people),
        warnings=tuple(_warnings(studio, request, decided.cleared)),
        size=sum(each.photo.size for each in decided.cleared),
        held=decided.held,
        staying=decided.staying,
    )


def _groups(staying: Iterable[Staying], people: dict[SubjectId, PersonRow]) -> tuple[OutGroup, ...]:
    photos: dict[tuple[str, ScopeId, str], dict[PhotoGuid, None]] = {}
    whose: dict[tuple[str, ScopeId, str], dict[SubjectId, None]] = {}
    for each in staying:
        for reason in each.reasons:
            key = (reason.code, reason.use, reason.words)
            photos.setdefault(key, {})[each.photo] = None
            if reason.person is not None:
                whose.setdefault(key, {})[reason.person] = None
    groups = [
        OutGroup(code, use, words, MENDS[code], tuple(mine), named(people, whose.get((code, use, words), ())))
        for (code, use, words), mine in photos.items()
    ]
    return tuple(sorted(groups, key=lambda each: (-len(each.photos), each.code, each.use)))


def _sums(
    studio: OpenStudio, session: Session, decided: Decided, people: dict[SubjectId, PersonRow]
) -> tuple[PersonSum, ...]:
    """In the order of the list; a shot of which one photo may leave counts as inside."""
    leaves = {shot_of(each.photo) for each in decided.cleared}
    hidden = studio.archive.culling.hidden_shots(session.id)
    inside: Counter[SubjectId] = Counter()
    outside: Counter[SubjectId] = Counter()
    for each in studio.archive.shots.owners(session.id):
        if each.subject is not None and each.shot not in hidden:
            (inside if each.shot in leaves else outside)[each.subject] += 1
    order = [*people, *(each for each in (*inside, *outside) if each not in people)]
    found = [each for each in dict.fromkeys(order) if inside[each] or outside[each]]
    rows = named(people, found)
    return tuple(PersonSum(row, inside[row.id], outside[row.id]) for row in rows)


def _warnings(studio: OpenStudio, request: ExportRequest, cleared: tuple[ClearedPhoto, ...]) -> Iterable[Cautioned]:
    if not cleared:
        return
    if not {TRAIN_GENERATIVE, TRAIN_RECOGNITION} & set(request.uses):
        yield Cautioned(Caution.DO_NOT_TRAIN, len(cleared))
    private = sum(1 for each in cleared if request.keep_metadata and _goes_along(each.photo))
    if private:
        yield Cautioned(Caution.METADATA, private)
    if request.names:
        yield Cautioned(Caution.NAMES, len(cleared))
    if sum(each.photo.size for each in cleared) > LARGE:
        yield Cautioned(Caution.LARGE, len(cleared))
    if studio.rules.warning(studio.today()):
        yield Cautioned(Caution.RULES, len(cleared))


def _goes_along(photo: Photo) -> bool:
    """Whether its file would tell more than the picture: place and serials are kept, all where nothing is cleaned."""
    told = photo.removable
    return any(part in each for each in told for part in _KEPT) if can_clean(photo.media_type) else bool(told)

"""The shots of a session as the desk shows them: one row a shutter, in the order they were taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from safelight.capture.ordering import natural_order
from safelight.domain.binding import camera_milliseconds
from safelight.domain.culling import UNCULLED, Culling, Pick
from safelight.domain.days import NO_ZONE
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import PhotoGuid, SubjectId
from safelight.domain.session import Session
from safelight.images.image_format import format_of
from safelight.settings.zones import is_zone, offset_minutes
from safelight.storage.opened_rows import OpenedRows as OpenedRows
from safelight.storage.rows import PhotoFacts
from safelight.studio.open_studio import OpenStudio

_HOUR_MS = 3_600_000
_LAST = 2**62
_Placed = tuple[int, object, int, "ShotRow"]


@dataclass(frozen=True, slots=True)
class ShotRow:
    """One press of a shutter. ``guids`` are its photos in the order they came in, ``shown`` the one to show.

    ``taken`` is the time of day at the place of the session (``10:42:03``), empty where nobody knows; ``taken_ms`` the
    same in milliseconds since 1970 (UTC), by the camera's clock as it was put right. ``check``: it is not settled who
    is on it. ``pair``: there is more than one file of it, like a raw file and its JPEG. ``vetoed``: a person on it
    struck it out. ``damaged``: a row does not open (the name is empty then). The rest is what the photographer made of
    it.
    """

    shot: str
    guids: tuple[PhotoGuid, ...]
    shown: PhotoGuid
    name: str
    subjects: tuple[SubjectId, ...]
    taken: str
    taken_ms: int | None
    check: bool
    rating: int
    mark: Pick
    picked_by_subject: bool
    hidden: bool
    pair: bool
    vetoed: bool
    damaged: bool = False
    size: tuple[int, int] = (0, 0)
    """Width and height of the photo that is shown, as it is seen."""


def session_shots(
    studio: OpenStudio,
    session: Session,
    *,
    subject: SubjectId | None = None,
    unassigned: bool = False,
    check: bool = False,
    hidden: bool = False,
    newest: int | None = None,
    opened: OpenedRows | None = None,
) -> tuple[ShotRow, ...]:
    """The shots of a session as they were taken, without what is in the bin (with ``hidden``, only that).

    ``subject`` leaves those of one person, ``unassigned`` those of nobody, ``check`` those that are not settled,
    ``newest`` so many that came in last. By corrected camera time, else by when they were first seen; shots of one time
    by their names, so that 9 comes before 10. ``opened`` is what was read before: a shot that is as it was comes back
    as the same value.
    """
    culled = studio.archive.culling.by_shot(session.id, opened)
    if newest is None:
        photos = studio.archive.shots.of_session(session.id, subject, opened)
    else:
        wanted = [each for each in studio.archive.shots.by_age(session.id, subject)
                  if culled.get(each, UNCULLED).hidden is hidden]  # fmt: skip
        photos = studio.archive.shots.of_shots(wanted[:newest], opened)
    found = _rows(studio, session, photos, culled, opened)
    return tuple(
        each
        for each in found
        if each.hidden is hidden and not (unassigned and each.subjects) and (each.check or not check)
    )


def last_shots(
    studio: OpenStudio, session: Session, count: int = 12, opened: OpenedRows | None = None
) -> tuple[ShotRow, ...]:
    """The shots of everybody that came in last, the newest first, without what is in the bin; ``opened`` as above."""
    newest: list[str] = []
    culled: dict[str, Culling] = {}
    skip = 0
    while len(newest) < count:
        some = studio.archive.shots.by_age(session.id, skip=skip, most=count)
        culled |= studio.archive.culling.of_shots(some, opened)
        newest += [each for each in some if not culled.get(each, UNCULLED).hidden]
        skip += count
        if len(some) < count:
            break
    newest = list(dict.fromkeys(newest))[:count]  # one that came in between two pages moves the others on
    rows = _rows(studio, session, studio.archive.shots.of_shots(newest, opened), culled, opened)
    place = {shot: number for number, shot in enumerate(newest)}
    return tuple(sorted(rows, key=lambda each: place[each.shot]))


def shot(studio: OpenStudio, photo: PhotoGuid) -> ShotRow:
    """The shot this photo is of, in the bin or not; raises :class:`WrongUsage` for an unknown photo."""
    found = studio.archive.culling.whole_shots([photo])
    if not found:
        raise WrongUsage(f"There is no photo {photo} in this studio.", "Nothing was changed.")
    _, id, within = found[0]
    session = studio.archive.sessions.get(within)
    culled = studio.archive.culling.of_shots([id])
    return _rows(studio, session, studio.archive.shots.of_shots([id]), culled, None)[0]


def _rows(
    studio: OpenStudio,
    session: Session,
    photos: Iterable[PhotoFacts],
    culled: Mapping[str, Culling],
    opened: OpenedRows | None,
) -> list[ShotRow]:
    clocks = _Clocks(studio, session)
    shots: dict[str, list[PhotoFacts]] = {}
    for each in photos:
        shots.setdefault(each.shot, []).append(each)
    rows: list[_Placed] = []
    for id, mine in shots.items():
        told = culled.get(id, UNCULLED)
        stamp = mine, told, clocks.stamp
        placed: _Placed | None = None if opened is None else opened.find(("shot", id), stamp)
        if placed is None:
            placed = _placed(id, mine, told, clocks)
            if opened is not None:
                opened.keep(("shot", id), stamp, placed)
        rows.append(placed)
    return [row for _, _, _, row in sorted(rows, key=lambda each: each[:3])]


def _placed(id: str, mine: Sequence[PhotoFacts], told: Culling, clocks: _Clocks) -> _Placed:
    """A row with what puts it in order."""
    shown = mine[0] if len(mine) == 1 else min(mine, key=lambda each: (_is_raw(each.media_type), each.number))
    at, order = clocks.taken(mine)
    row = ShotRow(
        shot=id,
        guids=tuple(each.guid for each in mine),
        shown=shown.guid,
        name=shown.name,
        subjects=tuple(dict.fromkeys(who for each in mine for who in each.subjects)),
        taken=clocks.text(at),
        taken_ms=at,
        check=any(each.flagged for each in mine),
        rating=told.rating,
        mark=told.mark,
        picked_by_subject=told.picked_by_subject,
        hidden=told.hidden,
        pair=len(mine) > 1,
        vetoed=any(each.vetoed for each in mine),
        damaged=any(each.damaged for each in mine),
        size=shown.size,
    )
    return order, natural_order(shown.name), shown.number, row


def _is_raw(media_type: str) -> bool:
    return format_of(media_type).raw


class _Clocks:
    """When photos were taken: by the cameras' clocks as far as they are known, at the place of the session."""

    def __init__(self, studio: OpenStudio, session: Session) -> None:
        cameras = studio.archive.cameras.all(session.id)
        self._offsets = {tag: each.clock.offset_ms for tag, each in cameras.items() if each.clock is not None}
        zone = session.zone or NO_ZONE
        self._zone = zone if is_zone(zone) else NO_ZONE
        self._hours: dict[int, int] = {}
        self.stamp = self._zone, self._offsets
        """Everything that counts for when a photo was taken, besides the photo."""

    def taken(self, photos: Iterable[PhotoFacts]) -> tuple[int | None, int]:
        """When the shot was taken (None where nobody knows), and by what it is put in order."""
        seen = _LAST
        for each in photos:
            shown = camera_milliseconds(each.camera_time)
            if shown is not None:
                at = self._corrected(each, shown)
                return at, at
            if each.taken_at is not None:
                at = round(each.taken_at.timestamp() * 1000)
                return at, at
            seen = min(seen, _LAST if each.first_seen_ms is None else each.first_seen_ms)
        return None, seen

    def text(self, at_ms: int | None) -> str:
        """The time of day at the place."""
        if at_ms is None:
            return ""
        minutes, seconds = divmod(at_ms // 1000 + 60 * self._ahead(at_ms), 60)
        return f"{minutes // 60 % 24:02}:{minutes % 60:02}:{seconds:02}"

    def _corrected(self, photo: PhotoFacts, shown_ms: int) -> int:
        offset = self._offsets.get(photo.camera_tag)
        if offset is not None:
            return shown_ms + offset
        if photo.camera_time is not None and photo.camera_time.offset_minutes is None:
            # Nobody knows its zone; a camera that is not known otherwise shows the time of the place.
            return shown_ms - 60_000 * self._ahead(shown_ms)
        return shown_ms

    def _ahead(self, at_ms: int) -> int:
        """Minutes that clocks at the place are ahead of UTC; looked up once an hour of the day."""
        hour = at_ms // _HOUR_MS
        if hour not in self._hours:
            self._hours[hour] = offset_minutes(self._zone, datetime.fromtimestamp(hour * 3600, UTC))
        return self._hours[hour]

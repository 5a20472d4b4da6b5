"""Decides photo by photo what may leave for one request, and remembers what the decision rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from safelight.domain.clearance import Candidate, Clearance, ReasonToStay, Validation, clear
from safelight.domain.culling import UNCULLED
from safelight.domain.errors import Malformed, WrongUsage
from safelight.domain.ids import PhotoGuid, ScopeId, SessionId, SubjectId
from safelight.domain.people import Subject
from safelight.domain.photo import Photo, shot_of
from safelight.domain.progress import Report, silent
from safelight.domain.seen import exchanged
from safelight.domain.session import Session
from safelight.domain.usage import ConsentSnapshot
from safelight.images.cleaning import can_clean
from safelight.studio.consent_snapshots import Standing, standing_of, standings_of_all
from safelight.studio.counted_validations import CountedValidations
from safelight.studio.open_studio import OpenStudio
from safelight.studio.packing import ClearedPhoto, ExportRequest
from safelight.studio.retired_uses import reading_catalogue
from safelight.studio.staying import Names, Staying, staying
from safelight.studio.writable import why_unwritable


@dataclass(frozen=True, slots=True)
class Decided:
    """What may leave and what stays. ``people`` are those on photos that leave, as they were when it was decided.

    ``changes`` is the archive's counter from before the first read: while it stays the same, so does everything here.
    """

    changes: int
    cleared: tuple[ClearedPhoto, ...]
    held: tuple[Clearance, ...]
    staying: tuple[Staying, ...]
    people: Mapping[SubjectId, Subject]

    def still_says(self, packed: Decided) -> bool:
        """Whether every photo that was packed after an earlier decision may still leave, under the very same records.

        What may leave now and is not in the packed file does no harm: it goes along another time.
        """
        now = {each.photo.guid: each for each in self.cleared}
        return all(now.get(each.photo.guid) == each for each in packed.cleared) and all(
            self.people.get(person) == known for person, known in packed.people.items()
        )

    def without(self, studio: OpenStudio, failed: Mapping[PhotoGuid, str]) -> Decided:
        """The same, but for photos that could not be written, which stay with that reason."""
        if not failed:
            return self
        late = [each for each in self.cleared if each.photo.guid in failed]
        out = {
            each.photo.guid: [one.stays(ReasonToStay.UNWRITABLE, failed[each.photo.guid]) for one in each.clearances]
            for each in late
        }
        named = Names(studio, late[0].photo.session)
        rows = [staying(each.photo, [(None, one) for one in out[each.photo.guid]], named) for each in late]
        return replace(
            self,
            cleared=tuple(each for each in self.cleared if each.photo.guid not in failed),
            held=(*self.held, *(one for each in out.values() for one in each)),
            staying=(*self.staying, *rows),
        )


def check_request(studio: OpenStudio, request: ExportRequest) -> None:
    """Raises :class:`WrongUsage` for no use at all, or one that pictures are not handed on for."""
    exportable = [each.id for each in studio.rules.catalogue.exportable()]
    for use in request.uses:
        scope = reading_catalogue(studio, use).scope(use)
        if not (scope.asked and scope.handed_on):
            raise WrongUsage(
                f"'{use}' stays inside the studio; pictures are not handed on for it.",
                "Nothing was written. Pictures can be handed on for: " + ", ".join(exportable) + ".",
            )
    if not request.uses:
        raise WrongUsage("An export needs at least one use.", "Known uses: " + ", ".join(exportable) + ".")


def decide(studio: OpenStudio, session: Session, request: ExportRequest, report: Report = silent) -> Decided:
    """Whether each photo of the session may leave today: every use asked for must be allowed by everybody on it.

    Today is the day at the place of the session, as for everything that was said there. A photo that the photographer
    rejected or hid stays, and so does one of which nobody settled who is on it; whatever is said of one photo of a shot
    counts for all of them.
    """
    changes = studio.archive.changes()
    photos = _candidates(studio, session, request)
    rely_on_answers(studio, session.id, [who for each in photos for who in each.subjects])
    look = _Look(studio, session, request, photos)
    cleared: list[ClearedPhoto] = []
    held: list[Clearance] = []
    rows: list[Staying] = []
    for number, photo in enumerate(photos):
        report(number, len(photos), "deciding")
        people = look.people(photo)
        results = [look.clear(photo, people, use) for use in request.uses]
        fit = all(each.cleared for each in results)
        if fit and not request.records_only and (why := why_unwritable(studio, photo)):
            out = [each.stays(ReasonToStay.UNWRITABLE, why) for each in results]
            held += out
            rows.append(staying(photo, [(None, each) for each in out], look.named))
        elif fit:
            records = tuple(dict.fromkeys(one for each in results for one in each.decision.records))
            last_day = min(each.decision.expires for each in results if each.decision.expires)
            cleared.append(ClearedPhoto(photo, people, records, last_day, tuple(results)))
        else:
            out = [each for each in results if not each.cleared]
            held += out
            rows.append(staying(look.struck(photo), look.by_person(photo, people, out), look.named))
    leaving = dict.fromkeys(one for each in cleared for one in each.photo.subjects)
    known = {each.id: each for each in studio.archive.subjects.opened(session.id)} if leaving else {}
    named = {each: known.get(each) or studio.archive.subjects.get(each) for each in leaving}
    return Decided(changes, tuple(cleared), tuple(held), tuple(rows), named)


def _candidates(studio: OpenStudio, session: Session, request: ExportRequest) -> tuple[Photo, ...]:
    """The photos of the session, or of them those that the recipient was delivered before."""
    photos = studio.archive.photos.of_session(session.id)
    if not request.records_only:
        return tuple(photos)
    studio.archive.rely_on(own=("disclosure",))
    there = {photo.guid for made in studio.archive.disclosures.list(request.recipient.id) for photo in made.photos}
    return tuple(each for each in photos if each.guid in there)


def rely_on_answers(studio: OpenStudio, session: SessionId, people: Iterable[SubjectId]) -> None:
    """Raise :class:`Malformed` when rows about these people, the session or its photos are not as they were left.

    Checks are not among them: each is signed and names its receipt, and one that is gone keeps a photo back by itself.
    """
    studio.archive.rely_on((session, *people), ("culling", "recipient", "setting"))


class _Look:
    """What one decision about a session rests on, read once for everybody in it."""

    def __init__(
        self, studio: OpenStudio, session: Session, request: ExportRequest, photos: Sequence[Photo]
    ) -> None:
        self._studio, self._request = studio, request
        self._catalogue = reading_catalogue(studio, *request.uses)
        self._day, self._today = studio.now_at(session).day, studio.today()
        try:
            self._standings = standings_of_all(studio, session.id)
            self._of_session = frozenset(studio.archive.subjects.ids(session.id))
        except Malformed:  # of somebody, who need not be on any photo: those who are will be read one by one
            self._standings, self._of_session = {}, frozenset()
        self._checks, self._others = CountedValidations(studio, session.id), CountedValidations(studio)
        self._culled = studio.archive.culling.by_shot(session.id)
        self._struck: dict[str, tuple[SubjectId, ...]] = {}
        self._in_check: set[str] = set()
        for each in photos:
            if each.vetoed_by:
                before = self._struck.get(shot_of(each), ())
                self._struck[shot_of(each)] = tuple(dict.fromkeys((*before, *each.vetoed_by)))
            if each.flagged:
                self._in_check.add(shot_of(each))
        self.named = Names(studio, session.id)

    def struck(self, photo: Photo) -> Photo:
        """The photo, struck out by whoever struck out any photo of the same shot."""
        vetoed_by = self._struck.get(shot_of(photo), ())
        return photo if vetoed_by == photo.vetoed_by else replace(photo, vetoed_by=vetoed_by)

    def people(self, photo: Photo) -> tuple[Standing, ...]:
        """Everybody on it, with what they said; somebody who never said anything as well."""
        for each in photo.subjects:
            if each not in self._standings:
                never = each in self._of_session
                self._standings[each] = (
                    Standing(each, ConsentSnapshot({}), ()) if never else standing_of(self._studio, each)
                )
        return tuple(self._standings[each] for each in photo.subjects)

    def by_person(
        self, photo: Photo, people: Sequence[Standing], out: Sequence[Clearance]
    ) -> list[tuple[SubjectId | None, Clearance]]:
        """Whom each no comes from: those for whom it would be a no if they were alone on the photo."""
        found: list[tuple[SubjectId | None, Clearance]] = []
        for each in out:
            if len(people) == 1:
                found.append((people[0].subject, each))
                continue
            alone = [(who.subject, self.clear(photo, (who,), each.use)) for who in people]
            found += [(who, one) for who, one in alone if not one.cleared] or [(None, each)]
        return found

    def clear(self, photo: Photo, people: Sequence[Standing], use: ScopeId) -> Clearance:
        """The decision for one photo and use, if these were the people on it."""
        studio, request = self._studio, self._request
        checked = self._catalogue.scope(use).needs_validation
        struck, shot = self.struck(photo), shot_of(photo)
        candidate = Candidate(
            photo.guid,
            tuple(each.on(struck) for each in people),
            tuple(self._validation(each, use) if checked else None for each in people),
            tuple(each.agreed_countries(use) for each in people),
            () if request.keep_metadata or can_clean(photo.media_type) else photo.removable,
            self._culled.get(shot, UNCULLED),
            shot in self._in_check,
            any(exchanged(photo, file.receipt.photos) for each in people for file in each.receipts),
        )
        return clear(
            candidate,
            use,
            request.recipient,
            request.place,
            self._day,
            studio.identity.country,
            self._catalogue,
            studio.rules.adequacy,
            request.cover,
            self._today,
        )

    def _validation(self, who: Standing, use: ScopeId) -> Validation | None:
        """The check of the very receipt the use rests on; one of another receipt of the same person says nothing."""
        state = who.snapshot.states.get(use)
        # An older archive may hold people of other sessions on its photos.
        checks = self._checks if who.subject in self._of_session else self._others
        return checks.of(who.receipt_of(state.record)) if state else None

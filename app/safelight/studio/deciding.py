"""Decides photo by photo what may leave for one request, and remembers what the decision rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from safelight.domain.clearance import Candidate, Clearance, ReasonToStay, Validation, clear
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import PhotoGuid, ScopeId, SubjectId
from safelight.domain.people import Subject
from safelight.domain.photo import Photo
from safelight.domain.session import Session
from safelight.images.cleaning import can_clean
from safelight.studio.consent_snapshots import Standing, standing_of
from safelight.studio.counted_validations import CountedValidations
from safelight.studio.open_studio import OpenStudio
from safelight.studio.packing import ClearedPhoto, ExportRequest
from safelight.studio.staying import Staying, staying
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
        rows = [staying(studio, each.photo, [(None, one) for one in out[each.photo.guid]]) for each in late]
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
        if studio.rules.catalogue.scope(use).id not in exportable:
            raise WrongUsage(
                f"'{use}' stays inside the studio; pictures are not handed on for it.",
                "Nothing was written. Pictures can be handed on for: " + ", ".join(exportable) + ".",
            )
    if not request.uses:
        raise WrongUsage("An export needs at least one use.", "Known uses: " + ", ".join(exportable) + ".")


def decide(studio: OpenStudio, session: Session, request: ExportRequest) -> Decided:
    """Whether each photo of the session may leave today: every use asked for must be allowed by everybody on it.

    Today is the day at the place of the session, as for everything that was said there.
    """
    changes = studio.archive.changes()
    day = studio.now_at(session).day
    standings: dict[SubjectId, Standing] = {}
    checks = CountedValidations(studio)
    cleared: list[ClearedPhoto] = []
    held: list[Clearance] = []
    rows: list[Staying] = []
    for photo in studio.archive.photos.of_session(session.id):
        for each in photo.subjects:
            if each not in standings:
                standings[each] = standing_of(studio, each)
        people = tuple(standings[each] for each in photo.subjects)
        results = [_clear(studio, checks, photo, people, use, request, day) for use in request.uses]
        fit = all(each.cleared for each in results)
        if fit and (why := why_unwritable(studio, photo)):
            out = [each.stays(ReasonToStay.UNWRITABLE, why) for each in results]
            held += out
            rows.append(staying(studio, photo, [(None, each) for each in out]))
        elif fit:
            records = tuple(dict.fromkeys(one for each in results for one in each.decision.records))
            last_day = min(each.decision.expires for each in results if each.decision.expires)
            cleared.append(ClearedPhoto(photo, people, records, last_day, tuple(results)))
        else:
            out = [each for each in results if not each.cleared]
            held += out
            rows.append(staying(studio, photo, _by_person(studio, checks, photo, people, out, request, day)))
    leaving = dict.fromkeys(one for each in cleared for one in each.photo.subjects)
    named = {each: studio.archive.subjects.get(each) for each in leaving}
    return Decided(changes, tuple(cleared), tuple(held), tuple(rows), named)


def _by_person(
    studio: OpenStudio,
    checks: CountedValidations,
    photo: Photo,
    people: Sequence[Standing],
    out: Sequence[Clearance],
    request: ExportRequest,
    day: date,
) -> list[tuple[SubjectId | None, Clearance]]:
    """Whom each no comes from: those for whom it would be a no if they were alone on the photo."""
    found: list[tuple[SubjectId | None, Clearance]] = []
    for each in out:
        alone = [(who.subject, _clear(studio, checks, photo, (who,), each.use, request, day)) for who in people]
        found += [(who, one) for who, one in alone if not one.cleared] or [(None, each)]
    return found


def _clear(
    studio: OpenStudio,
    checks: CountedValidations,
    photo: Photo,
    people: Sequence[Standing],
    use: ScopeId,
    request: ExportRequest,
    day: date,
) -> Clearance:
    checked = studio.rules.catalogue.scope(use).needs_validation
    candidate = Candidate(
        photo.guid,
        tuple(each.on(photo) for each in people),
        tuple(_validation(checks, each, use) if checked else None for each in people),
        tuple(each.agreed_countries(use) for each in people),
        () if request.keep_metadata or can_clean(photo.media_type) else photo.removable,
    )
    return clear(
        candidate,
        use,
        request.recipient,
        request.place,
        day,
        studio.identity.country,
        studio.rules.catalogue,
        studio.rules.adequacy,
        request.cover,
        studio.today(),
    )


def _validation(checks: CountedValidations, who: Standing, use: ScopeId) -> Validation | None:
    """The check of the very receipt the use rests on; a check of another receipt of the same person says nothing."""
    state = who.snapshot.states.get(use)
    return checks.of(who.receipt_of(state.record)) if state else None

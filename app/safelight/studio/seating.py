"""What a screen may show of one person, what they are asked, and where their ceremony stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from safelight.domain.ceremony import Ceremony, begin
from safelight.domain.choice import Answer, Choice, Grant, default_grant
from safelight.domain.ids import Country, PhotoGuid, RecipientId, ScopeId, SubjectId
from safelight.domain.people import Subject, is_minor
from safelight.domain.photo import Photo, shot_of
from safelight.domain.scope import Mark, Scope
from safelight.domain.session import Session
from safelight.domain.sitting import Person, ShownPhoto, ShownRecipient, Visit
from safelight.images.image_format import format_of
from safelight.settings.texts import texts
from safelight.storage.rows import SignedReceiptFile
from safelight.studio.consent_snapshots import standing_of
from safelight.studio.open_studio import OpenStudio
from safelight.studio.recipients import studio_as_recipient
from safelight.studio.retired_uses import still_asked
from safelight.studio.stating import known_recipients
from safelight.studio.vetoes import settled, struck_out

SHOWN_AT_ONCE = 5
"""People read about so many uses in the time there is; the rest come under "more"."""


def open_ceremony(studio: OpenStudio, session: Session, subject: Subject) -> Ceremony:
    """A ceremony nobody has touched, with the parties the place asks for: guardians first for a minor.

    Uses that are not asked of a minor are left out. What the person answered before, and the photos they struck out,
    are filled in to be confirmed or changed.
    """
    catalogue, session = studio.rules.catalogue, still_asked(studio, session)
    minor = is_a_minor(studio, session, subject)
    offered = tuple(each for each in session.offered if each not in blocked_for(studio, session, subject))
    return begin(
        offered,
        frozenset(each.id for each in catalogue.asked() if each.ai),
        max(1, len(subject.guardians)) if minor else 0,
        tuple(each.guid for each in photos_of(studio, session, subject.id)),
        {each: mark for each in offered if (mark := catalogue.scope(each).mark) is not Mark.NONE},
        choices=_answered_before(studio, session, offered, subject.id),
        vetoed=struck_out(studio, subject.id),
        eea=studio.rules.adequacy.eea,
        utc_offset_minutes=studio.now_at(session).offset_minutes,
        first=offered[:SHOWN_AT_ONCE],
    )


def with_first_sheet(ceremony: Ceremony) -> Ceremony:
    """``ceremony`` as it was held, also by a version that did not yet write down which uses are shown at once."""
    return ceremony if ceremony.first is not None else replace(ceremony, first=ceremony.offered[:SHOWN_AT_ONCE])


def is_a_minor(studio: OpenStudio, session: Session, subject: Subject, signed_on: date | None = None) -> bool:
    """Whether somebody who holds parental authority must agree here, today or on the day a sheet was signed."""
    place = studio.rules.jurisdictions.of(session.country)
    here = replace(studio.now_at(session), signed_on=signed_on)
    return is_minor(subject.born, here.age_day, place.guardian_under)


def blocked_for(studio: OpenStudio, session: Session, subject: Subject) -> frozenset[ScopeId]:
    """The uses of the session that are not asked of this person."""
    if not is_a_minor(studio, session, subject):
        return frozenset()
    catalogue = studio.rules.catalogue
    asked = still_asked(studio, session).offered
    return frozenset(each for each in asked if not catalogue.scope(each).open_to_minors)


def photos_of(studio: OpenStudio, session: Session, subject: SubjectId) -> tuple[Photo, ...]:
    """The photos of this session that this person is on, as far as they are shown: one of each shot.

    What lies in the bin is not shown, nor what may be of somebody else: frames nobody settled yet.
    """
    mine = settled(
        studio, [each for each in studio.archive.photos.of_subject(subject) if each.session == session.id]
    )
    shown: dict[str, Photo] = {}
    for each in sorted(mine, key=lambda one: format_of(one.media_type).raw):
        shown.setdefault(shot_of(each), each)
    return tuple(each for each in mine if shown[shot_of(each)] == each)


def earlier_receipt(studio: OpenStudio, session: Session, subject: SubjectId) -> SignedReceiptFile | None:
    """The newest receipt of this person, if this session asks nothing that was not offered then."""
    files = studio.archive.consents.receipts_of(subject)
    if not files:
        return None
    newest = files[-1].receipt
    offered = {each.scope for each in newest.records} | set(newest.not_asked)
    return files[-1] if set(still_asked(studio, session).offered) <= offered else None


def _never_answered(studio: OpenStudio, offered: Sequence[ScopeId], subject: SubjectId) -> frozenset[ScopeId]:
    """The uses this person was never asked about, told apart from a no."""
    known = standing_of(studio, subject).snapshot.states
    return frozenset(each for each in offered if each not in known)


def ordinary_yeses(studio: OpenStudio, session: Session) -> tuple[Choice, ...]:
    """A yes to everything asked, as the screen proposes it: the notice names everybody who could rely on one."""
    asked = still_asked(studio, session).offered
    return tuple(Choice(each, Answer.YES, _ordinary(studio, session, each)) for each in asked)


def person_at_screen(
    studio: OpenStudio, session: Session, subject: Subject, visit: Visit, ceremony: Ceremony
) -> Person:
    """Everything a screen may know about this one person."""
    catalogue, session = studio.rules.catalogue, still_asked(studio, session)
    grants = {each: _ordinary(studio, session, each) for each in session.offered}
    known = known_recipients(studio)
    named = dict.fromkeys((*session.recipients, *(who for each in grants.values() for who in each.recipients)))
    return Person(
        id=subject.id,
        name=subject.name,
        language=subject.language,
        country=session.country,
        minor=is_a_minor(studio, session, subject),
        guardians=subject.guardians,
        visit=visit,
        ceremony=ceremony,
        catalogue=catalogue,
        main=ceremony.offered if ceremony.first is None else ceremony.first,
        never_answered=_never_answered(studio, ceremony.offered, subject.id),
        grants=grants,
        longest={each: longest_term(catalogue.scope(each)) for each in session.offered},
        recipients=tuple(
            ShownRecipient(each, known[each].name, known[each].country) for each in named if each in known
        ),
        blocked=blocked_for(studio, session, subject),
        places=tuple(sorted({Country(each) for each in texts("en").countries} | {studio.identity.country})),
        photos=tuple(
            ShownPhoto(each, studio.archive.photos.preview(each)) for each in _there(studio, session, subject, ceremony)
        ),
        studio_name=studio.identity.name,
        studio_contact=studio.identity.contact,
    )


def _there(studio: OpenStudio, session: Session, subject: Subject, ceremony: Ceremony) -> tuple[PhotoGuid, ...]:
    """The ceremony's photos that are still this person's: one put on somebody else meanwhile is not shown."""
    mine = {each.guid for each in photos_of(studio, session, subject.id)}
    return tuple(each for each in ceremony.photos if each in mine)


def _ordinary(studio: OpenStudio, session: Session, use: ScopeId) -> Grant:
    """The ordinary yes: one year, the studio's country; whoever relies on it by name: the session's, or the studio."""
    scope = studio.rules.catalogue.scope(use)
    recipients: tuple[RecipientId, ...] = session.recipients if scope.for_others else ()
    if scope.needs_recipient and not recipients:
        recipients = (studio_as_recipient(studio).id,)
    return replace(default_grant(studio.identity.country, recipients), mark=scope.mark)


def longest_term(scope: Scope) -> int | None:
    """The greatest term in months; only a contract page reaches beyond the ordinary cap."""
    return scope.cap_months if scope.mark is Mark.PAGE else scope.max_term_months


def _answered_before(
    studio: OpenStudio, session: Session, offered: tuple[ScopeId, ...], subject: SubjectId
) -> tuple[Choice, ...] | None:
    """What still holds of earlier answers; None when nothing was ever signed, so that everything starts at no."""
    standing = standing_of(studio, subject)
    if standing.latest is None:
        return None
    today = studio.now_at(session).day
    states = standing.snapshot.states
    return tuple(
        Choice(each, Answer.YES, state.grant)
        for each in offered
        if (state := states.get(each)) is not None
        and state.given
        and state.grant is not None
        and (state.last_day is None or state.last_day >= today)
    )

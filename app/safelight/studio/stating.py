"""States what one signing says: the receipt and one record per use, as values; the page before it says the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from safelight.domain.choice import Choice
from safelight.domain.consent import EventKind, reviewed_yearly
from safelight.domain.days import PlaceTime
from safelight.domain.errors import Refused
from safelight.domain.ids import ReceiptId, RecipientId, RecordId, SubjectId
from safelight.domain.notice import Notice
from safelight.domain.people import Recipient, Subject, adult_on, is_minor
from safelight.domain.photo import Photo, PhotoMark
from safelight.domain.record import ConsentReceipt, NoticeMark, Record, Signing
from safelight.domain.session import Session
from safelight.domain.term import review_due, sleeps_after
from safelight.formats.answers import Answers
from safelight.studio.open_studio import OpenStudio
from safelight.studio.recipients import studio_as_recipient


@dataclass(frozen=True, slots=True)
class Said:
    """What a receipt states: whose answers in which session, after which notice, about which photos."""

    session: Session
    subject: Subject
    answers: Answers
    choices: tuple[Choice, ...]
    notice: Notice
    photos: tuple[Photo, ...]
    earlier: ReceiptId | None = None


def complete(session: Session, answers: Answers) -> tuple[Choice, ...]:
    """One answer for each use the session asks about; what was not answered is a no."""
    given = {each.scope: each for each in answers.choices}
    unasked = [each for each in given if each not in session.offered]
    if unasked:
        raise Refused(
            f"This session does not ask about {', '.join(unasked)}.",
            "Nothing was recorded; answer only what is asked: " + ", ".join(session.offered) + ".",
        )
    return tuple(given.get(scope, Choice(scope)) for scope in session.offered)


def known_recipients(studio: OpenStudio) -> Mapping[RecipientId, Recipient]:
    """Whom a yes may name: the studio itself and everybody on its list."""
    own = studio_as_recipient(studio)
    return {own.id: own} | {each.recipient.id: each.recipient for each in studio.archive.recipients.list()}


def state_receipt(
    studio: OpenStudio,
    said: Said,
    signing: Signing,
    indexes: Sequence[int],
    here: PlaceTime,
    fresh: Callable[[], str],
    salt: Callable[[], str],
) -> ConsentReceipt:
    """The receipt, free of names, signed at ``here``.

    ``fresh`` gives ids and ``salt`` what keeps an undisclosed record from guessing.
    """
    place = studio.rules.jurisdictions.of(said.session.country)
    born = said.subject.born
    minor = is_minor(born, here.age_day, place.guardian_under)
    known = known_recipients(studio)
    named = {each for choice in said.choices if choice.grant for each in choice.grant.recipients}
    notice = said.notice
    return ConsentReceipt(
        id=ReceiptId(fresh()),
        issued_at=here.at,
        studio=studio.identity,
        subject=SubjectId(fresh()),
        session=said.session.id,
        country=said.session.country,
        language=said.answers.language,
        notice=NoticeMark(notice.id, notice.version, notice.language, notice.sha256),
        recipients=tuple(known[each] for each in sorted(named)),
        records=tuple(
            _record(studio, choice, index, here, RecordId(fresh()), salt())
            for choice, index in zip(said.choices, indexes, strict=True)
        ),
        modifiers=said.answers.modifiers,
        signing=signing,
        photos=tuple(
            PhotoMark(each.guid, each.image_hash_kind, each.image_sha256, each.media_type) for each in said.photos
        ),
        authority=studio.authority(place),
        withdraw_at=studio.identity.contact,
        rules=studio.rules.version,
        signed_as_minor=minor,
        adult_on=adult_on(born, place.majority) if minor and born else None,
        replaces=said.earlier,
    )


def _record(studio: OpenStudio, choice: Choice, index: int, here: PlaceTime, id: RecordId, salt: str) -> Record:
    scope = studio.rules.catalogue.scope(choice.scope)
    grant = choice.grant
    yearly = grant is not None and reviewed_yearly(scope, grant)
    return Record(
        id=id,
        scope=scope.id,
        kind=EventKind.GIVEN if grant else EventKind.REFUSED,
        at=here.at,
        grant=grant,
        last_day=grant.term.last_day(here.day, scope.cap_months) if grant else None,
        review_due=review_due(here.day) if yearly else None,
        sleeps_after=sleeps_after(here.day) if yearly else None,
        status_index=index,
        salt=salt,
        day=here.day,
    )

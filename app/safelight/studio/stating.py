"""States what one signing says: the receipt and one record per use, as values; the page before it says the same."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date

from safelight.documents.answers import Answers
from safelight.domain.choice import Choice
from safelight.domain.consent import EventKind, Limits, limits_of_yes
from safelight.domain.days import PlaceTime
from safelight.domain.errors import Refused
from safelight.domain.ids import ReceiptId, RecipientId, RecordId, ScopeId, SubjectId
from safelight.domain.notice import Notice
from safelight.domain.people import Recipient, Subject, adult_on, is_minor
from safelight.domain.photo import Photo, PhotoMark, shot_of
from safelight.domain.record import (
    FIRST_LIST,
    ConsentReceipt,
    EarlierYes,
    NoticeMark,
    Record,
    Signing,
    StatusPosition,
)
from safelight.domain.session import Session
from safelight.domain.usage import last_day_of
from safelight.studio.consent_snapshots import standing_of
from safelight.studio.open_studio import OpenStudio
from safelight.studio.recipients import studio_as_recipient
from safelight.studio.retired_uses import still_asked


@dataclass(frozen=True, slots=True)
class Said:
    """What a receipt states: whose answers in which session, after which notice, about which photos.

    ``shown`` are shots of which the person was shown a photo before they signed.
    """

    session: Session
    subject: Subject
    answers: Answers
    choices: tuple[Choice, ...]
    notice: Notice
    photos: tuple[Photo, ...]
    earlier: ReceiptId | None = None
    still_holding: tuple[EarlierYes, ...] = ()
    shown: frozenset[str] = frozenset()


def complete(
    session: Session, answers: Answers, earlier: Collection[EarlierYes], retired: Collection[ScopeId] = ()
) -> tuple[Choice, ...]:
    """The answers that are recorded, in the order of the session; what was not asked is not among them.

    ``earlier`` are the yeses nobody ended. "No to everything" is a no to each of these that the session offers,
    asked or not, and to each of ``retired``, which no session can ask about any more. Raises :class:`Refused` for a
    use that is not offered, and when nothing was answered at all.
    """
    given = {each.scope: each for each in answers.choices}
    unasked = [each for each in given if each not in session.offered]
    if unasked:
        raise Refused(
            f"This session does not ask about {', '.join(unasked)}.",
            "Nothing was recorded; answer only what is asked: " + ", ".join(session.offered) + ".",
        )
    if answers.refused_all:
        given = {each.scope: Choice(each.scope) for each in earlier} | given
    elif not given:
        raise Refused(
            "No use was asked about, so there is nothing to record.",
            "Name each use that was asked, with yes or no, or say 'no_to_everything'.",
        )
    return tuple(given[scope] for scope in dict.fromkeys((*session.offered, *retired)) if scope in given)


def earlier_yeses(studio: OpenStudio, subject: SubjectId) -> tuple[EarlierYes, ...]:
    """The yeses of this person that nobody ended, in the order of the catalogue; some may be over or asleep by now.

    Last come those to uses that are no longer asked.
    """
    standing = standing_of(studio, subject)
    began = {
        each.record: each.day or each.at.astimezone(UTC).date()
        for each in studio.archive.consents.events_of(subject)
        if each.sequence == 1
    }
    states = standing.snapshot.states
    return tuple(
        EarlierYes(scope, state.record, began[state.record], last_day_of(state, standing.snapshot))
        for scope in dict.fromkeys((*studio.rules.catalogue.asked_ids(), *sorted(states)))
        if (state := states.get(scope)) is not None and state.given
    )


def untouched(earlier: Iterable[EarlierYes], choices: Iterable[Choice], today: date) -> tuple[EarlierYes, ...]:
    """Those of ``earlier`` that hold ``today`` and that ``choices`` does not answer anew."""
    answered = {each.scope for each in choices}
    return tuple(
        each for each in earlier if each.scope not in answered and each.last_day is not None and today <= each.last_day
    )


def known_recipients(studio: OpenStudio) -> Mapping[RecipientId, Recipient]:
    """Whom a yes may name: the studio itself and everybody on its list."""
    own = studio_as_recipient(studio)
    return {own.id: own} | {each.recipient.id: each.recipient for each in studio.archive.recipients.list()}


def state_receipt(
    studio: OpenStudio,
    said: Said,
    signing: Signing,
    positions: Sequence[StatusPosition],
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
    answered = {each.scope for each in said.choices}
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
            _record(studio, choice, position, here, RecordId(fresh()), salt())
            for choice, position in zip(said.choices, positions, strict=True)
        ),
        modifiers=said.answers.modifiers,
        signing=signing,
        photos=tuple(
            PhotoMark(
                each.guid, each.image_hash_kind, each.image_sha256, each.media_type, shot_of(each) in said.shown
            )
            for each in said.photos
        ),
        authority=studio.authority(said.answers.language),
        withdraw_at=studio.identity.contact,
        rules=studio.rules.version,
        rules_sha256=studio.rules.sha256,
        signed_as_minor=minor,
        adult_on=adult_on(born, place.majority) if minor and born else None,
        replaces=said.earlier,
        not_asked=tuple(each for each in still_asked(studio, said.session).offered if each not in answered),
        still_holding=said.still_holding,
    )


def _record(
    studio: OpenStudio, choice: Choice, position: StatusPosition, here: PlaceTime, id: RecordId, salt: str
) -> Record:
    grant = choice.grant
    limits = limits_of_yes(studio.rules.catalogue.scope(choice.scope), grant, here.day) if grant else Limits()
    return Record(
        id=id,
        scope=choice.scope,
        kind=EventKind.GIVEN if grant else EventKind.REFUSED,
        at=here.at,
        grant=grant,
        last_day=limits.last_day,
        review_due=limits.review_due,
        sleeps_after=limits.sleeps_after,
        status_index=position.index,
        salt=salt,
        day=here.day,
        # The first list stays unsaid, as in what was signed while there was no other.
        status_list=None if position.list == FIRST_LIST else position.list,
    )

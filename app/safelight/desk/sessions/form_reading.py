"""What the form is opened with, read in one go off the window's thread, and what its draft means to the verbs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from safelight.domain.errors import DeviceFailure
from safelight.domain.ids import PersonId
from safelight.domain.people import Recipient, Role
from safelight.domain.scope import in_language
from safelight.domain.session import Session
from safelight.settings.desk_texts import DeskTexts
from safelight.settings.locales import country_zones
from safelight.settings.texts import main_language, native_names, nearest, texts
from safelight.settings.zones import all_zones
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.recipients import ListedRecipient, recipient_rows
from safelight.studio.queries.sessions import anybody_answered
from safelight.studio.queries.staff import staff_rows
from safelight.studio.recipients import studio_as_recipient
from safelight.studio.sessions import USUAL, NewSession, SessionChange

from .rows import Draft, FormState, Purpose, RecipientChoice, UseChoice, read_frames

MOST_CARD_BYTES = 1 << 20
OWN = "studio"
"""What a verb calls the studio itself among the recipients."""


@dataclass(frozen=True, slots=True)
class FormFound:
    """What the form needs to know: read in one go, off the window's thread."""

    state: FormState
    recipients: tuple[ListedRecipient, ...]
    own: Recipient


def read_form(studio: OpenStudio, words: DeskTexts, purpose: Purpose, session: Session | None) -> FormFound:
    """Everything the form shows for ``purpose``; ``session`` is the one that is changed or taken as a pattern."""
    rows, own = recipient_rows(studio), studio_as_recipient(studio)
    answered = purpose is Purpose.CHANGE and session is not None and anybody_answered(studio, session.id)
    wording = texts(words.language)
    staff = [each.member for each in staff_rows(studio) if not each.member.retired]
    staff.sort(key=lambda member: Role.PHOTOGRAPHER not in member.roles)
    today = studio.now_at(session).day if session is not None else studio.today()
    draft = _draft(purpose, session, today, studio.identity.country, [each.id for each in staff])
    # What the rules no longer ask stays with a session it was put to people in, and is chosen for no other.
    draft = replace(draft, uses=draft.uses & frozenset(studio.rules.catalogue.asked_ids()))
    if own.id in draft.recipients:
        draft = replace(draft, recipients=draft.recipients - {own.id} | {OWN})
    if not draft.zone:
        own_zones = country_zones(draft.country)
        draft = replace(draft, zone=own_zones[0] if own_zones else "")
    kept = frozenset(session.offered) if answered and session is not None else frozenset()
    state = FormState(
        purpose=purpose,
        draft=draft,
        uses=tuple(
            UseChoice(each.id, in_language(each.title, words.language), each.id in USUAL, each.id in kept)
            for each in studio.rules.catalogue.asked()
        ),
        recipients=recipient_choices(words, rows, own),
        countries=tuple((code, wording.country(code)) for code in wording.in_order(wording.countries)),
        zones=zone_choices(draft.country),
        photographers=tuple((each.id, each.name) for each in staff),
        languages=tuple(native_names().items()),
        language=nearest(main_language(studio.identity.country)),
        answered=answered,
    )
    return FormFound(state, rows, own)


def _draft(purpose: Purpose, session: Session | None, today: date, country: str, staff: list[str]) -> Draft:
    first = staff[0] if staff else ""
    if session is None:
        return Draft(country=country, days=(today,), photographer=first, uses=frozenset(USUAL))
    days = session.days
    if purpose is Purpose.DUPLICATE:
        later = today - session.day
        days = tuple(each + later for each in days)
    return Draft(
        session.name, session.client, session.place, session.country, session.zone or "", days,
        session.photographer if session.photographer in staff or purpose is Purpose.CHANGE else first,
        str(session.frames_per_subject or ""), frozenset(session.offered), frozenset(session.recipients),
    )  # fmt: skip


def recipient_choices(
    words: DeskTexts, rows: tuple[ListedRecipient, ...], own: Recipient
) -> tuple[RecipientChoice, ...]:
    """Who pictures can be for, the studio itself last."""
    wording = texts(words.language)
    known = {each: words.get(f"sessions.role_{each}") for each in ("client", "employer", "agency", "studio")}
    listed = [(each.recipient.id, each.recipient, " ".join(each.words)) for each in rows]
    return tuple(
        RecipientChoice(
            id, one.name, f"{known.get(one.role, one.role)}{wording.words['comma']}{wording.country(one.country)}", code
        )
        for id, one, code in (*listed, (OWN, own, ""))
    )


def zone_choices(country: str) -> tuple[tuple[str, str], ...]:
    """All time zones, those of ``country`` first."""
    own = country_zones(country)
    others = [each for each in all_zones() if each not in own]
    return tuple((each, each.replace("_", " ")) for each in (*own, *others))


def new_of(draft: Draft) -> NewSession:
    """A new session as the draft says."""
    return NewSession(
        draft.name, draft.client, draft.place, draft.country, None, PersonId(draft.photographer),
        tuple(sorted(draft.uses)), tuple(sorted(draft.recipients)), read_frames(draft.frames) or None, draft.zone,
        draft.days,
    )  # fmt: skip


def change_of(draft: Draft) -> SessionChange:
    """Everything the draft says, as a change."""
    return SessionChange(
        draft.name, draft.client, draft.place, draft.country, draft.zone, draft.days, PersonId(draft.photographer),
        tuple(sorted(draft.uses)), tuple(sorted(draft.recipients)), read_frames(draft.frames) or 0,
    )  # fmt: skip


def change_back(session: Session, own: str) -> SessionChange:
    """What brings a session back to ``session``; ``own`` is the studio's id as a recipient."""
    recipients = tuple(OWN if each == own else each for each in session.recipients)
    return SessionChange(
        session.name, session.client, session.place, session.country, session.zone, session.days, session.photographer,
        tuple(session.offered), recipients, session.frames_per_subject or 0,
    )  # fmt: skip


def card_bytes(path: Path) -> bytes:
    """What is in the file of a card; raises :class:`DeviceFailure` where it cannot be read."""
    try:
        if not path.is_file() or path.stat().st_size > MOST_CARD_BYTES:
            return b""  # no card is a pipe, or so large: reading it as one says what is wrong
        return path.read_bytes()
    except OSError as error:
        raise DeviceFailure("The file cannot be read.", "Nothing was added.") from error

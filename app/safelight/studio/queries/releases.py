"""What agencies' release forms would lack of each person of a session, while there is still time to ask for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from safelight.documents.rules import shipped_release_rules
from safelight.domain.choice import Compensation
from safelight.domain.ids import ScopeId, SubjectId
from safelight.domain.names import name_key
from safelight.domain.people import Role, Subject
from safelight.domain.release_check import Release, ReleaseField, findings
from safelight.domain.scope import in_language
from safelight.domain.session import Session
from safelight.storage.rows import ExhibitKind, SignedReceiptFile
from safelight.studio.consent_snapshots import Standing, standings_of_all
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.people import PersonRow, named, people_of


@dataclass(frozen=True, slots=True)
class ReleaseFinding:
    """One field a form needs and the receipt lacks; ``title`` in the language that was asked for."""

    field: str
    title: str


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """One person who allows something agencies take pictures for; no ``findings``: the form can be filled in."""

    person: PersonRow
    profile: str
    findings: tuple[ReleaseFinding, ...]


@dataclass(frozen=True, slots=True)
class ReleaseCheck:
    """``as_of`` is when the forms were last looked up (``2026-07``); ``rows`` by person, then by agency."""

    as_of: str
    profiles: tuple[tuple[str, str], ...]
    rows: tuple[ReleaseRow, ...]


def check_releases(
    studio: OpenStudio, session: Session, profile: str | None = None, language: str = "en"
) -> ReleaseCheck:
    """Hold the receipt everybody's yes rests on against the form of ``profile`` (of all known agencies if None).

    Whoever allows nothing an agency takes pictures for has no row. Raises :class:`WrongUsage` for an agency nothing is
    known of; nothing is changed.
    """
    rules = shipped_release_rules()
    wanted = tuple(rules.profiles) if profile is None else (profile,)
    profiles = tuple((each, rules.name_of(each)) for each in wanted)
    people = people_of(studio, session.id)
    known = {each.id: each for each in studio.archive.subjects.opened(session.id)}
    staff = {each.id: each.name for each in studio.archive.staff.list()}
    standings = standings_of_all(studio, session.id)
    rows: list[ReleaseRow] = []
    for id in people:
        standing, subject = standings.get(id), known.get(id)
        given = _given(standing) if standing is not None else frozenset()
        rests_on = [*sorted(given & rules.passing_on), *sorted(given & rules.uses)]
        if standing is None or subject is None or not rests_on:
            continue
        file = standing.receipt_of(standing.snapshot.states[rests_on[0]].record)
        release = _release(studio, session, subject, standing, file, staff.get(session.photographer, ""))
        (row,) = named(people, [SubjectId(id)])
        for each, _ in profiles:
            lacking = tuple(_told(one, language) for one in findings(rules, each, release))
            rows.append(ReleaseRow(row, each, lacking))
    return ReleaseCheck(rules.as_of, profiles, tuple(rows))


def _told(field: ReleaseField, language: str) -> ReleaseFinding:
    return ReleaseFinding(field.id, in_language(field.title, language))


def _given(standing: Standing) -> frozenset[ScopeId]:
    return frozenset(use for use, state in standing.snapshot.states.items() if state.given)


def _release(
    studio: OpenStudio,
    session: Session,
    subject: Subject,
    standing: Standing,
    file: SignedReceiptFile,
    photographer: str,
) -> Release:
    place = studio.rules.jurisdictions.of(file.receipt.country)
    sole = any(each.sole for each in subject.guardians)
    present = frozenset(_present(studio, session, subject, standing, file, photographer))
    return Release(present, file.receipt.country, file.receipt.signed_as_minor, place.all_guardians and not sole)


def _present(
    studio: OpenStudio,
    session: Session,
    subject: Subject,
    standing: Standing,
    file: SignedReceiptFile,
    photographer: str,
) -> Iterator[str]:
    """The fields this receipt has. Nobody signs by hand for the photographer, and no address of a person is kept."""
    receipt, studio_is = file.receipt, studio.identity
    guardians = max(receipt.signing.signed_by.count(Role.GUARDIAN), _signatures(file, Role.GUARDIAN))
    told: dict[str, bool] = {
        "photographer.name": bool(photographer),
        "photographer.address": bool(studio_is.address.strip()),
        "photographer.email": bool(studio_is.contact.strip()),
        "subject.legal_name": bool(subject.name.strip()),
        "subject.date_of_birth": subject.born is not None,
        "subject.email": bool(subject.email),
        "subject.phone": bool(subject.phone),
        "subject.signature": not file.evidence_erased,
        "subject.signed_at": True,
        "guardian.name": any(each.name.strip() for each in subject.guardians),
        "guardian.relationship": any(each.relationship.strip() for each in subject.guardians),
        "guardian.authority_statement": guardians > 0,
        "guardian2.signature": guardians > 1,
        "witness.name": bool(file.witness) and name_key(file.witness) != name_key(photographer),
        "shoot.date": (session.days[-1] - session.days[0]).days < shipped_release_rules().most_days,
        "shoot.place_country": bool(session.country),
        "grant.scopes": True,
        "grant.assigns": bool(_given(standing) & shipped_release_rules().passing_on),
        "consideration.kind": receipt.modifiers.compensation.kind != Compensation().kind,
        "language": True,
        "form.version_hash": bool(receipt.notice.sha256),
    }
    return (field for field, there in told.items() if there)


def _signatures(file: SignedReceiptFile, role: Role) -> int:
    return sum(1 for each in file.exhibits if each.what is ExhibitKind.SIGNATURE and each.by is role) + (
        1 if file.receipt.signing.signed_by[-1:] == (role,) else 0
    )

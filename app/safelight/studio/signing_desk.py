"""One person's ceremony and nothing else: what a signing screen is given, and how it hands the outcome back."""

from __future__ import annotations

from dataclasses import dataclass, field

from safelight.domain.ceremony import Ceremony, Step, begin
from safelight.domain.changes import Changes
from safelight.domain.choice import Modifiers
from safelight.domain.errors import Refused
from safelight.domain.ids import Language, PersonId
from safelight.domain.people import Subject, is_minor
from safelight.domain.record import Method
from safelight.domain.session import Session
from safelight.domain.sitting import Evidence
from safelight.formats.answers import Answers
from safelight.studio.consents import Recorded, Taking, record_consent
from safelight.studio.open_studio import OpenStudio


@dataclass(frozen=True, slots=True)
class Present:
    """Who else is there, and what holds for every yes."""

    witness: str = ""
    interpreter: str = ""
    modifiers: Modifiers = field(default_factory=Modifiers)


def open_ceremony(studio: OpenStudio, session: Session, subject: Subject) -> Ceremony:
    """A ceremony nobody has touched, with the parties the place asks for: guardians first for a minor."""
    place = studio.rules.jurisdictions.of(session.country)
    minor = is_minor(subject.born, studio.today(), place.guardian_under)
    ai = frozenset(each.id for each in studio.rules.catalogue.asked() if each.ai)
    return begin(session.offered, ai, max(1, len(subject.guardians)) if minor else 0)


def finish_ceremony(
    studio: OpenStudio,
    session: Session,
    subject: Subject,
    ceremony: Ceremony,
    evidence: Evidence,
    present: Present,
    *,
    method: Method,
    taken_by: PersonId,
    device: str,
) -> tuple[Recorded, Changes]:
    """Record a signed ceremony; raises :class:`Refused` while somebody still has to sign, or for another evidence."""
    if ceremony.step not in (Step.RECEIPT, Step.DONE) or not ceremony.signatures:
        raise Refused("Not everybody has signed yet.", "Nothing was recorded; the ceremony can go on.")
    answers = Answers(
        language=ceremony.language or Language("en"),
        choices=ceremony.choices,
        modifiers=present.modifiers,
        taught_back=ceremony.questions_put > 0,
        explained_again=ceremony.explained_again,
        guardians=(),
        witness=present.witness,
        interpreter=present.interpreter,
    )
    taking = Taking(
        method=method,
        taken_by=taken_by,
        device=device,
        started_at=ceremony.acts[0].at,
        acts=ceremony.acts,
        signed_by=tuple(dict.fromkeys(each.by for each in ceremony.signatures)),
        shown=ceremony.photos,
        vetoed=ceremony.vetoed,
    )
    return record_consent(studio, session, subject, answers, evidence, taking)

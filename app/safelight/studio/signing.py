"""Hands a signed ceremony to the archive: who signed, what happened on the way, and what was shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from safelight.documents.answers import Answers
from safelight.documents.jcs import sha256_hex
from safelight.domain.acts import Act, HandwritingKept
from safelight.domain.ceremony import Ceremony, Step
from safelight.domain.changes import Changes
from safelight.domain.choice import Modifiers
from safelight.domain.errors import Refused
from safelight.domain.ids import Language, PersonId
from safelight.domain.notice import Notice
from safelight.domain.people import Subject
from safelight.domain.record import Method
from safelight.domain.session import Session
from safelight.domain.sitting import Evidence
from safelight.studio.consents import Recorded, SigningContext, record_consent
from safelight.studio.exhibits import Exhibit
from safelight.studio.open_studio import OpenStudio
from safelight.studio.seats import Seat


@dataclass(frozen=True, slots=True)
class Present:
    """Who else is there, and what holds for every yes."""

    witness: str = ""
    interpreter: str = ""
    modifiers: Modifiers = field(default_factory=Modifiers)


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
    notice: Notice | None = None,
    exhibits: Sequence[Exhibit] = (),
    seat: Seat | None = None,
) -> tuple[Recorded, Changes]:
    """Record a signed ceremony; raises :class:`Refused` while somebody still has to sign, or for another evidence.

    ``notice`` is the one that was shown, ``exhibits`` what else was shown and written, ``seat`` that of a screen:
    raises :class:`SittingEnded` when it is another sitting's now.
    """
    if ceremony.step not in (Step.RECEIPT, Step.DONE) or len(ceremony.signatures) != len(ceremony.parties):
        raise Refused("Not everybody has signed yet.", "Nothing was recorded; the ceremony can go on.")
    if sha256_hex(evidence.data) != ceremony.signatures[-1].evidence_sha256:
        raise Refused("This is not the signature that was given.", "Nothing was recorded; sign once more.")
    answers = Answers(
        language=ceremony.language or Language("en"),
        choices=ceremony.answers,
        modifiers=present.modifiers,
        taught_back=ceremony.questions_put > 0,
        explained_again=ceremony.explained_again,
        guardians=(),
        witness=present.witness,
        interpreter=present.interpreter,
        refused_all=ceremony.refused_all,
    )
    context = SigningContext(
        method=method,
        taken_by=taken_by,
        device=device,
        started_at=ceremony.acts[0].at,
        acts=acts_of(ceremony),
        signed_by=tuple(dict.fromkeys(each.by for each in ceremony.signatures)),
        shown=ceremony.photos,
        vetoed=ceremony.vetoed,
        notice=notice,
        exhibits=tuple(exhibits),
        seat=seat,
    )
    return record_consent(studio, session, subject, answers, evidence, context)


def acts_of(ceremony: Ceremony) -> tuple[Act, ...]:
    """The acts, and at their end the hash of everything written by hand: the signed statement covers this list.

    The pages that were shown are acts already (``PageShown``).
    """
    last = ceremony.acts[-1]
    by_turn = [(each.turn, each.by, each.evidence_sha256) for each in ceremony.marks]
    by_turn += [(turn, each.by, each.evidence_sha256) for turn, each in enumerate(ceremony.signatures)]
    written = [(by, sha256) for _, by, sha256 in sorted(by_turn, key=lambda each: each[0])]
    return ceremony.acts + tuple(
        Act(last.at, Step.SIGNATURE.value, HandwritingKept(sha256), by, last.mode)
        for by, sha256 in dict.fromkeys(written)
    )

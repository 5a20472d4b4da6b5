"""Whether a photo may leave the studio: what the person allowed, a second human's check, and the border."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from .culling import UNCULLED, Culling
from .ids import Country, PersonId, PhotoGuid, ReceiptId, ScopeId, Sha256, StudioId
from .jurisdiction import Adequacy, Cover, TransferAnswer, transfer
from .people import Recipient
from .scope import Catalogue
from .usage import Blocker, ConsentSnapshot, Decision, Question, may


class ReasonToStay(StrEnum):
    """Why a photo stays although, or because, of what ``may`` says."""

    CONSENT = "consent"
    VETO = "struck-out"
    NOT_VALIDATED = "not-validated"
    SELF_VALIDATED = "validated-by-the-same-person"
    TRANSFER = "transfer"
    UNBOUND = "nobody-assigned"
    PRIVATE = "metadata-stays-inside"
    UNWRITABLE = "file-cannot-be-written"
    HIDDEN = "in-the-bin"
    REJECTED = "rejected"
    CHECK = "in-check"
    """Nobody has looked yet whether the right person is on it."""
    EXCHANGED = "another-picture"
    """Somebody signed about a picture under this id, and it is another one."""


@dataclass(frozen=True, slots=True)
class Validation:
    """A second human looked at a signed receipt: who took the consent and who checked it, on which day."""

    receipt: ReceiptId
    by: PersonId
    taken_by: PersonId
    on: date

    @property
    def independent(self) -> bool:
        """Whether the checker is somebody else than the one who took the consent (design rule 14)."""
        return self.by != self.taken_by


CHECK_FORMAT = "safelight-check/1"
CHECK_POINTS = ("identity", "answers-match-receipt", "recipients-named", "age-and-guardian", "signature-present")
"""What a second person confirms; a check without one of them is none."""


@dataclass(frozen=True, slots=True)
class CheckStatement:
    """What the studio's key signs when a second person has checked a consent, point by point.

    ``statement_sha256`` is the hash of what was signed with the receipt, so a check is about that receipt and no other.
    """

    format: str
    studio: StudioId
    receipt: ReceiptId
    statement_sha256: Sha256
    points: tuple[str, ...]
    reviewer: PersonId
    taken_by: PersonId
    at: datetime

    @property
    def validation(self) -> Validation:
        """The check as it is kept, with its day by UTC."""
        return Validation(self.receipt, self.reviewer, self.taken_by, self.at.date())


@dataclass(frozen=True, slots=True)
class Candidate:
    """A photo that might leave: one snapshot and one validation (or None) per person on it, in the same order.

    ``private`` names metadata (place, serial numbers) that would go along because this kind of file is not rewritten.
    ``culling`` is what the photographer made of it; ``in_check``: it is not settled yet who is on it; ``exchanged``: a
    signed statement names it with another picture.
    """

    photo: PhotoGuid
    snapshots: tuple[ConsentSnapshot, ...]
    validations: tuple[Validation | None, ...]
    cross_border: tuple[frozenset[Country], ...]
    private: tuple[str, ...] = ()
    culling: Culling = UNCULLED
    in_check: bool = False
    exchanged: bool = False


@dataclass(frozen=True, slots=True)
class Clearance:
    """The outcome for one photo and one use; ``transfer`` is what a cleared photo may cross the border on."""

    photo: PhotoGuid
    use: ScopeId
    cleared: bool
    decision: Decision
    hold: ReasonToStay | None = None
    why: str = ""
    transfer: TransferAnswer | None = None

    def stays(self, hold: ReasonToStay, why: str) -> Clearance:
        """The same photo and use, kept back after all."""
        return replace(self, cleared=False, hold=hold, why=why)


def clear(
    candidate: Candidate,
    use: ScopeId,
    recipient: Recipient,
    place: Country,
    day: date,
    home: Country,
    catalogue: Catalogue,
    adequacy: Adequacy,
    cover: Cover | None,
    utc_day: date | None = None,
) -> Clearance:
    """Whether ``candidate`` may go to ``recipient`` for ``use`` in ``place`` on ``day``; a no says why.

    ``day`` is today at the place of the session, by which consents and checks are dated; ``utc_day`` (None: the same)
    today by UTC, by which covers are.
    """
    question = Question(candidate.photo, use, place, day, recipient.id)
    decision = may(question, candidate.snapshots, catalogue, adequacy.eea)

    def held(hold: ReasonToStay, why: str) -> Clearance:
        return Clearance(candidate.photo, use, False, decision, hold, why)

    if (kept := _kept_back(candidate, decision)) is not None:
        return held(*kept)
    if not decision.allowed:
        return held(ReasonToStay.CONSENT, decision.blocker.value if decision.blocker else "not allowed")
    if catalogue.scope(use).needs_validation:
        for validation in candidate.validations:
            if validation is None or validation.on > day:
                return held(ReasonToStay.NOT_VALIDATED, "a second person has not checked this consent")
            if not validation.independent:
                return held(ReasonToStay.SELF_VALIDATED, "the check was made by the person who took the consent")
    dated = utc_day or day
    ways = [transfer(adequacy, home, recipient.country, dated, cover, agreed) for agreed in candidate.cross_border]
    for answer in ways:
        if not answer.allowed:
            return held(ReasonToStay.TRANSFER, answer.ground)
    if candidate.private:
        return held(ReasonToStay.PRIVATE, "its file would tell " + ", ".join(candidate.private[:3]))
    # Sender, destination, day and cover are the same for everybody, so those who are allowed stand on the same ground.
    return Clearance(candidate.photo, use, True, decision, transfer=ways[0])


def _kept_back(candidate: Candidate, decision: Decision) -> tuple[ReasonToStay, str] | None:
    """What keeps this photo back whatever it is wanted for, the first in a fixed order."""
    if candidate.culling.hidden:
        return ReasonToStay.HIDDEN, "the photographer put it in the bin"
    if not candidate.snapshots:
        return ReasonToStay.UNBOUND, "no subject is assigned to this photo"
    if decision.blocker is Blocker.VETOED:
        return ReasonToStay.VETO, "a person on it struck this photo out"
    if candidate.culling.rejected:
        return ReasonToStay.REJECTED, "struck out by the photographer"
    if candidate.in_check:
        return ReasonToStay.CHECK, "it was taken close to a change of person and nobody looked who is on it"
    if candidate.exchanged:
        return ReasonToStay.EXCHANGED, "somebody on it signed about another picture under its name"
    return None

"""People at a signing screen, for tests: somebody who taps through a whole sitting with real ink and real pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from safelight.capture.ink import inkml
from safelight.demo.drawn.signature import drawn_signature
from safelight.documents.jcs import sha256_hex
from safelight.domain import ceremony as steps
from safelight.domain.ceremony import Ceremony, Moment, Step
from safelight.domain.choice import Grant, ReplicaTerms
from safelight.domain.ids import Language, PhotoGuid, ScopeId
from safelight.domain.people import Role
from safelight.domain.record import SignatureKind
from safelight.domain.scope import Mark
from safelight.domain.session import Session
from safelight.domain.sitting import Evidence, Finished
from safelight.studio.signing_point import StudioSigningPoint
from safelight.studio.sitting import SIGNATURE, StudioSitting
from support.shoot import Shoot


def hand(number: int, name: str = "Ada Falk") -> Evidence:
    """A drawn signature; another number gives another hand."""
    return Evidence(SignatureKind.INK, inkml(drawn_signature(number, name)))


@dataclass
class Guest:
    """One person (or a minor and guardians in turn) before the screen; every act is kept, as the screen does."""

    sitting: StudioSitting
    yes: Sequence[str] = ()
    veto: Sequence[PhotoGuid] = ()
    language: str = "en"
    typed: bool = False
    number: int = 1
    evidence: list[Evidence] = field(default_factory=list)
    pages: list[bytes] = field(default_factory=list)
    now: Ceremony = field(init=False)

    def __post_init__(self) -> None:
        self.now = self.sitting.person().ceremony

    def moment(self) -> Moment:
        return Moment(self.sitting.now(), self.now.whose_turn, "touch")

    def grant(self, scope: str) -> Grant:
        grant = self.sitting.person().grants[ScopeId(scope)]
        page = ReplicaTerms("a film", "100 EUR", "nobody", "always") if grant.mark is Mark.PAGE else None
        return replace(grant, replica=page)

    def keep(self, ceremony: Ceremony) -> None:
        self.now = ceremony
        self.sitting.keep(ceremony)

    def answer(self) -> Guest:
        """From the language to the review, in this turn."""
        self.now = steps.choose_language(self.now, Language(self.language), self.moment())
        self.sitting.notice(Language(self.language))
        while self.now.step is Step.NOTICE:
            self.now = steps.read_card(self.now, self.moment())
        if self.now.step is Step.PHOTOS:
            for guid in self.veto:
                self.now = steps.judge_photo(self.now, guid, False, self.moment())
            self.now = steps.go_on(self.now, self.moment())
        for scope in self.now.offered:
            grant = self.grant(scope) if scope in self.yes else None
            self.now = steps.answer(self.now, scope, grant, self.moment())
        self.keep(self.now)
        for scope in steps.unmarked(self.now):
            self.number += 1
            left = hand(self.number)
            sha256 = self.sitting.mark(scope, self.now.whose_turn, left)
            self.keep(steps.give_mark(self.now, scope, left.kind, sha256, self.moment()))
        while self.now.step not in (Step.REVIEW, Step.SIGNATURE):
            put = self.now.step is Step.QUESTIONS
            act = (lambda now, at: steps.answer_question(now, True, at)) if put else steps.go_on
            self.now = act(self.now, self.moment())
        self.keep(self.now)
        return self

    def review(self) -> Guest:
        """Look at the page and go on to the signature."""
        pdf, sha256 = self.sitting.page(self.now)
        self.pages.append(pdf)
        self.now = steps.show_page(self.now, sha256, self.moment())
        self.keep(steps.go_on(self.now, self.moment()))
        return self

    def sign(self) -> Guest:
        """Sign; where somebody else follows, the signature is sealed first."""
        self.number += 1
        name = self.sitting.person().name
        left = Evidence(SignatureKind.TYPED, name.encode()) if self.typed else hand(self.number, name)
        self.evidence.append(left)
        signed = steps.sign(self.now, left.kind, sha256_hex(left.data), self.moment())
        if signed.step is not Step.RECEIPT:
            self.sitting.mark(ScopeId(SIGNATURE), self.now.whose_turn, left)
            self.keep(signed)
        self.now = signed
        return self

    def turn(self) -> Guest:
        """One person's whole turn."""
        return self.answer().review().sign()

    def finish(self) -> Finished:
        """Every turn that is left, then the receipt."""
        while self.now.step is not Step.RECEIPT:
            self.turn()
        return self.sitting.finish(self.now, self.evidence)


def desk_of(shoot: Shoot, device: str = "Tablet 2", session: Session | None = None) -> StudioSigningPoint:
    """The desk of the session of a ``Shoot``, or of another session, at the screen of this name."""
    return StudioSigningPoint(shoot.studio, session or shoot.session, device)


__all__ = ["Guest", "Role", "desk_of", "hand"]

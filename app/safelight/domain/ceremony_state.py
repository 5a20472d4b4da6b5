"""Where a ceremony stands: steps, parties, answers, marks, vetoes and signatures as one value that can be kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .acts import Act, NamedAct, Signed, UseAnswered
from .choice import Answer, Choice
from .errors import Refused
from .ids import Country, Language, PhotoGuid, ScopeId, Sha256
from .people import Role
from .record import SignatureKind
from .scope import Mark
from .turns import Agreed, MarkGiven, with_mark


class Step(StrEnum):
    """Where the person is; always in this order, with steps that do not apply left out."""

    LANGUAGE = "language"
    NOTICE = "notice"
    PHOTOS = "photos"
    USES = "uses"
    TERM = "term"
    QUESTIONS = "questions"
    REVIEW = "review"
    SIGNATURE = "signature"
    RECEIPT = "receipt"
    DONE = "done"


ORDER = tuple(Step)
CARDS = 5
QUESTIONS = 2


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature given at the end of one person's turn; the hash covers the ink or the typed name.

    ``page`` is the hash of the page that was shown for it and ``language`` the one it was shown in.
    """

    by: Role
    kind: SignatureKind
    evidence_sha256: Sha256
    at: datetime
    page: Sha256 | None = None
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """Who acts, when, and in which mode (pen, touch, mouse, keyboard, paper, demonstration)."""

    at: datetime
    by: Role
    mode: str


@dataclass(frozen=True, slots=True)
class Ceremony:
    """Everything answered so far. ``parties`` sign in turn: the subject; guardian(s) and the minor, in either order.

    ``choices`` holds one entry per offered use, all "no" at the start (design rule 1). ``photos`` are the pictures
    shown to the person, ``vetoed`` those struck out by anybody so far. ``needs`` says which uses want a mark of their
    own besides the signature, ``marks`` those given. ``page`` is the hash of the page shown for signing; whatever
    changes afterwards takes it away again. ``agreed`` is what the parties before this one signed; ``eea`` the members
    of the EEA, to tell what is narrower; ``utc_offset_minutes`` how far the place's clocks are ahead of UTC, to tell
    which day it is there. ``first`` are the uses on the first sheet, the rest comes under "more uses" (None: all are on
    it). The value can be kept and taken up again elsewhere: a stop loses nothing.
    """

    offered: tuple[ScopeId, ...]
    ai: frozenset[ScopeId]
    parties: tuple[Role, ...]
    choices: tuple[Choice, ...]
    step: Step = Step.LANGUAGE
    turn: int = 0
    language: Language | None = None
    cards_read: int = 0
    questions_put: int = 0
    explained_again: int = 0
    signatures: tuple[Signature, ...] = ()
    acts: tuple[Act, ...] = ()
    stopped: bool = False
    photos: tuple[PhotoGuid, ...] = ()
    vetoed: frozenset[PhotoGuid] = frozenset()
    marks: tuple[MarkGiven, ...] = ()
    needs: tuple[tuple[ScopeId, Mark], ...] = ()
    page: Sha256 | None = None
    agreed: Agreed | None = None
    eea: frozenset[Country] = frozenset()
    utc_offset_minutes: int = 0
    first: tuple[ScopeId, ...] | None = None

    @property
    def whose_turn(self) -> Role:
        """Who is being asked now."""
        return self.parties[self.turn]

    @property
    def asked(self) -> tuple[ScopeId, ...]:
        """The uses that were put to whoever answers first, in the order offered; later parties are asked about these.

        That is the first sheet once it was on the screen, the rest once it was opened, and whatever was answered.
        """
        first = self.offered if self.first is None else self.first
        shown: set[ScopeId] = set(first) if self.step is Step.USES and not self.signatures else set()
        for act in self.acts:
            if isinstance(act.what, Signed):
                break
            if act.step == Step.USES.value:
                shown.update(self.offered if act.what is NamedAct.MORE_USES else first)
            if isinstance(act.what, UseAnswered):
                shown.add(act.what.scope)
        return tuple(each for each in self.offered if each in shown)

    @property
    def refused_all(self) -> bool:
        """Whether somebody said no to everything: it ends earlier yeses also of uses that were not shown."""
        return any(each.what is NamedAct.NO_TO_EVERYTHING for each in self.acts)

    @property
    def answers(self) -> tuple[Choice, ...]:
        """The answers to what was asked; an unasked use has none, whatever was answered in an earlier ceremony."""
        asked = set(self.asked)
        return tuple(each for each in self.choices if each.scope in asked)

    @property
    def yes(self) -> tuple[ScopeId, ...]:
        """The uses asked and allowed so far, in the order they were offered."""
        return tuple(each.scope for each in self.answers if each.answer is Answer.YES)

    @property
    def asks_about_ai(self) -> bool:
        """Whether an AI use is allowed, so that the two questions come before the signature."""
        return any(scope in self.ai for scope in self.yes)

    def choice(self, scope: ScopeId) -> Choice:
        """The answer so far to one offered use."""
        for each in self.choices:
            if each.scope == scope:
                return each
        raise Refused(f"'{scope}' is not part of this session.")

    def need(self, scope: ScopeId) -> Mark:
        """What a yes to ``scope`` needs besides the signature at the end."""
        return dict(self.needs).get(scope, Mark.NONE)


def begin(
    offered: tuple[ScopeId, ...],
    ai: frozenset[ScopeId],
    guardians: int,
    photos: tuple[PhotoGuid, ...] = (),
    marks: Mapping[ScopeId, Mark] | None = None,
    minor_first: bool = False,
    choices: Sequence[Choice] | None = None,
    *,
    vetoed: frozenset[PhotoGuid] = frozenset(),
    eea: frozenset[Country] = frozenset(),
    utc_offset_minutes: int = 0,
    first: tuple[ScopeId, ...] | None = None,
) -> Ceremony:
    """A ceremony nobody has touched; ``guardians`` is 0 for an adult, else how many must say yes besides the minor.

    ``marks`` are the uses whose yes needs more than the signature. ``minor_first``: no guardian is here, so the minor
    answers first. ``choices`` and ``vetoed`` are what this same person answered in an earlier ceremony, to be
    confirmed or changed; a mark is asked for anew. Without ``choices`` everything starts at no. ``first`` are the uses
    on the first sheet.
    """
    absent = (Role.GUARDIAN,) * guardians
    parties = (Role.SUBJECT, *absent) if minor_first else (*absent, Role.SUBJECT)
    needs = {scope: mark for scope, mark in (marks or {}).items() if scope in offered and mark is not Mark.NONE}
    earlier = {each.scope: with_mark(each, needs.get(each.scope, Mark.NONE)) for each in choices or ()}
    return Ceremony(
        offered,
        ai & frozenset(offered),
        parties,
        tuple(earlier.get(scope, Choice(scope)) for scope in offered),
        photos=photos,
        vetoed=vetoed & frozenset(photos),
        needs=tuple((scope, needs[scope]) for scope in offered if scope in needs),
        eea=eea,
        utc_offset_minutes=utc_offset_minutes,
        first=None if first is None else tuple(each for each in offered if each in first),
    )


def unmarked(now: Ceremony) -> tuple[ScopeId, ...]:
    """The uses allowed whose initials, own signature or contract page is still missing from whoever's turn it is."""
    given = {each.scope for each in now.marks if each.turn == now.turn}
    return tuple(each for each in now.yes if now.need(each) is not Mark.NONE and each not in given)

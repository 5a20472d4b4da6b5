"""What a signing screen may ask the studio for: one session's door and one person's sitting, as protocols."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from safelight.domain.ceremony import Ceremony
from safelight.domain.ids import Language, ScopeId, Sha256, SubjectId
from safelight.domain.notice import Notice
from safelight.domain.people import Role
from safelight.domain.sitting import (
    Evidence,
    Finished,
    MayTakeBack,
    Person,
    QrMatrix,
    ShownPhoto,
    ShownRecipient,
    TakenBack,
    Visit,
)

__all__ = (
    "Evidence",
    "Finished",
    "MayTakeBack",
    "Person",
    "QrMatrix",
    "ShownPhoto",
    "ShownRecipient",
    "SigningPoint",
    "Sitting",
    "TakenBack",
    "TakingBack",
    "Visit",
)


class Sitting(Protocol):
    """One person's ceremony, and nothing else of the studio. Every method may be called from a worker thread.

    Whatever would write raises :class:`~safelight.domain.sitting.SittingEnded` once the person goes on elsewhere.
    """

    def person(self) -> Person:
        """Who sits here."""
        ...

    def now(self) -> datetime:
        """The studio's clock (aware, UTC), which never runs backwards."""
        ...

    def keep(self, ceremony: Ceremony) -> None:
        """Seal everything answered so far, durably: a power cut or a hand-over to another device loses nothing."""
        ...

    def attend(self, witness: str, interpreter: str) -> None:
        """Who else is present, by name; empty for nobody."""
        ...

    def notice(self, language: Language) -> Notice:
        """The full notice in ``language``: what "tell me more" opens, and exactly what is hashed."""
        ...

    def page(self, ceremony: Ceremony) -> tuple[bytes, Sha256]:
        """The page to be signed as a PDF, made from these answers, and the hash that the signature will name."""
        ...

    def mark(self, scope: ScopeId, by: Role, evidence: Evidence) -> Sha256:
        """Keep the initials or the signature of its own that one yes needs; the hash goes into the ceremony."""
        ...

    def finish(self, ceremony: Ceremony, evidence: Sequence[Evidence]) -> Finished:
        """Record a signed ceremony (one evidence per signature in order) and issue the receipt."""
        ...

    def confirm(self) -> Finished:
        """A pre-signed pack is still right: written down as confirmed; the receipt is the one they have."""
        ...

    def opened(self, typed: str) -> bool:
        """Whether ``typed`` is the opening code of the receipt just issued; a right one is written down as proof."""
        ...

    def wait_for_guardian(self, ceremony: Ceremony) -> datetime:
        """Hold a minor's answers sealed until a guardian comes; returns when they erase themselves (14 days)."""
        ...

    def left_undecided(self) -> None:
        """The person left without deciding: what was kept of this sitting is erased."""
        ...


class TakingBack(Protocol):
    """One person who takes back what they allowed: it stops things, and nothing here reads, allows or erases.

    Every method may be called from a worker thread.
    """

    @property
    def shown(self) -> MayTakeBack:
        """What the screen may show now; with the code alone it is the same whatever was answered."""
        ...

    def prove(self, untrusted_fact: str) -> bool:
        """Whether this is something of theirs that is not on the receipt; from then on their yeses are shown.

        Raises :class:`~safelight.domain.sitting.TooManyGuesses` for a while after wrong ones.
        """
        ...

    def take_back(self, uses: frozenset[ScopeId] | None, by: Role) -> TakenBack:
        """End the yeses for ``uses`` (None: all), acting as ``by``; called again after a failure it goes on."""
        ...


class SigningPoint(Protocol):
    """One session's door. It finds people one at a time, by what they carry, and never lists anybody."""

    @property
    def session_name(self) -> str:
        """What the waiting screen says."""
        ...

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages offered, most likely first."""
        ...

    @property
    def of_age(self) -> int:
        """From how many full years people answer for themselves where this session takes place."""
        ...

    def admit(self, untrusted_code: str) -> Sitting | None:
        """The person whose badge, slate or short code this is; None for nobody of this session.

        They go on here, and nowhere else. Raises :class:`~safelight.domain.sitting.TooManyGuesses` for a typed code
        after very many wrong ones on this screen.
        """
        ...

    def recognise(self, untrusted_code: str) -> SubjectId | None:
        """Whose badge, slate or short code this is, as :meth:`admit` finds it; nobody is seated."""
        ...

    def find_by_code(self, untrusted_code: str) -> TakingBack | None:
        """Whoever may take something back with the code of a receipt (any session's) or a badge (of this one).

        None for a code of nobody. Raises :class:`~safelight.domain.sitting.TooManyGuesses` for a while after very
        many wrong ones on this screen.
        """
        ...

    def walk_in(self, name: str, contact: str, language: Language) -> Sitting:
        """A new person with a spare card: three fields; raises ``Refused`` or ``WrongUsage`` with a sentence."""
        ...

    def leave(self, pin: str) -> bool:
        """Whether ``pin`` is the one that lets staff leave this screen.

        Raises :class:`~safelight.domain.sitting.TooManyGuesses` for a while after wrong ones on this screen.
        """
        ...

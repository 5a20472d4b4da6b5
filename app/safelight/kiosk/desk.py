"""What a signing screen may ask the studio for: one session's door, one person's sitting, and values to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from safelight.domain.ceremony import Ceremony
from safelight.domain.choice import Grant
from safelight.domain.ids import Country, Language, PhotoGuid, RecipientId, ScopeId, Sha256, SubjectId
from safelight.domain.notice import Notice
from safelight.domain.people import Guardian, Role
from safelight.domain.record import SignatureKind
from safelight.domain.scope import Catalogue

QrMatrix = tuple[tuple[bool, ...], ...]
"""A QR code without its quiet zone: rows from top to bottom, True is a dark module."""


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """One of the person's own photos as a JPEG of about 1,600 pixels, turned upright."""

    guid: PhotoGuid
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class ShownRecipient:
    """An organisation that would rely on a yes, by name."""

    id: RecipientId
    name: str
    country: Country


class Visit(StrEnum):
    """Why the person is here."""

    FIRST = "first"
    PRESIGNED = "presigned"
    """They answered beforehand and only confirm or change."""
    RESUMED = "resumed"
    """They (or their guardian) go on where somebody stopped, perhaps on another device."""


@dataclass(frozen=True, slots=True)
class Person:
    """Everything a screen may know about the one person in front of it.

    ``ceremony`` is where it stands. ``main`` are the uses shown at once, the rest of ``ceremony.offered`` comes under
    "more". ``grants`` holds, for each use, the ordinary yes (one year, the studio's country, the session's recipients
    where the use needs one); ``longest`` the greatest term in months, None where only "until I say stop" ends it.
    ``blocked`` are uses not asked of a minor. ``places`` are the countries a territory may be chosen from.
    """

    id: SubjectId
    name: str
    language: Language
    country: Country
    minor: bool
    guardians: tuple[Guardian, ...]
    visit: Visit
    ceremony: Ceremony
    catalogue: Catalogue
    main: tuple[ScopeId, ...]
    grants: Mapping[ScopeId, Grant]
    longest: Mapping[ScopeId, int | None]
    recipients: tuple[ShownRecipient, ...]
    blocked: frozenset[ScopeId]
    places: tuple[Country, ...]
    photos: tuple[ShownPhoto, ...]
    studio_name: str
    studio_contact: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What somebody left under the page: ink as InkML bytes, or the typed name as UTF-8."""

    kind: SignatureKind
    data: bytes


@dataclass(frozen=True, slots=True)
class Finished:
    """What the person takes home. ``pdf`` is the signed receipt; the opening code is printed inside it alone.

    ``letter`` is an e-mail (RFC 5322) with the receipt, addressed to the person where the address is known.
    """

    pdf: bytes
    file_name: str
    withdrawal_code: str
    withdrawal_qr: QrMatrix
    letter: bytes


class Sitting(Protocol):
    """One person's ceremony, and nothing else of the studio. Every method may be called from a worker thread."""

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

    def withdrawn_from(self) -> None:
        """The person left without deciding: what was kept of this sitting is erased."""
        ...


class SigningDesk(Protocol):
    """One session's door. It finds people one at a time, by what they carry, and never lists anybody."""

    @property
    def session_name(self) -> str:
        """What the waiting screen says."""
        ...

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages offered, most likely first."""
        ...

    def admit(self, untrusted_code: str) -> Sitting | None:
        """The person whose badge, slate or short code this is; None for nobody of this session."""
        ...

    def walk_in(self, name: str, contact: str, language: Language) -> Sitting:
        """A new person with a spare card: three fields; raises ``Refused`` or ``WrongUsage`` with a sentence."""
        ...

    def leave(self, pin: str) -> bool:
        """Whether ``pin`` is the one that lets staff leave this screen; wrong ones are slowed down."""
        ...

"""What a signing screen may see of one person and one studio: plain values, handed to it and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from .ceremony import Ceremony
from .choice import Grant
from .document_type import DocumentType
from .errors import Refused
from .identity import Fact
from .ids import Country, Language, PhotoGuid, RecipientId, ScopeId, SubjectId
from .people import Guardian
from .record import SignatureKind
from .scope import Catalogue

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


class Ended(StrEnum):
    """Why a screen may write no more for the person in front of it; the screen has wording for each (``ended_...``)."""

    TAKEN_OVER = "taken_over"
    """Their card was shown to another screen (or to this one again), and they go on there."""
    SIGNED = "signed_elsewhere"
    """They signed on another screen, or a sheet of paper of theirs was entered."""
    ERASED = "erased"
    """The team erased them, or what was kept of them."""


_WHY_ENDED = {
    Ended.TAKEN_OVER: (
        "This went on at another screen.",
        "Nothing more is kept from here. What was answered is kept; to go on here, hold the card before the screen.",
    ),
    Ended.SIGNED: (
        "This was signed on another screen meanwhile.",
        "What was signed there holds; to change it, hold the card before the screen again.",
    ),
    Ended.ERASED: (
        "What was kept of this person was erased meanwhile.",
        "Nothing more is kept from here; hold the card before the screen to begin anew.",
    ),
}


class SittingEnded(Refused):
    """A sitting that has lost its seat wished for something: nothing was written, and trying again is of no use."""

    def __init__(self, why: Ended) -> None:
        super().__init__(*_WHY_ENDED[why])
        self.why = why


class TooManyGuesses(Refused):
    """A guess was not looked at, because wrong ones came before it; in ``seconds`` the next one is."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            "There were too many wrong guesses on this screen.",
            f"Nothing was opened. Wait {seconds} s and try again; a card held before the screen is always let in.",
        )
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Person:
    """Everything a screen may know about the one person in front of it.

    ``ceremony`` is where it stands. ``main`` are the uses shown at once, the rest of ``ceremony.offered`` comes under
    "more". ``grants`` holds, for each use, the ordinary yes (one year, the studio's country, the session's recipients
    where the use needs one); ``longest`` the greatest term in months, None where only "until I say stop" ends it.
    ``blocked`` are uses not asked of a minor, ``never_answered`` those this person was never asked about so
    far. ``places`` are the countries a list may be made of.
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
    never_answered: frozenset[ScopeId] = frozenset()


@dataclass(frozen=True, slots=True)
class MayTakeBack:
    """What a screen may show to whoever holds the code of a receipt: nothing of what was answered.

    ``uses`` are all that the studio asks about. Once something was told that is not on the receipt (``proven``) they
    are those that are a yes now. ``guardian``: one is on file, so whoever acts says in which role. ``facts`` is what
    of them counts as not being on the receipt.
    """

    catalogue: Catalogue
    uses: tuple[ScopeId, ...]
    guardian: bool
    facts: frozenset[Fact]
    proven: bool = False


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What came of taking back: ``stopped`` is what may be shown as ended, with the code alone what was named.

    ``letter`` is the confirmation (RFC 5322) to the contact on file, empty where nothing ended. It tells more than may
    be shown: it is saved for the team to send, and never opened on the screen.
    """

    stopped: tuple[ScopeId, ...]
    file_name: str = ""
    letter: bytes = b""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What somebody left under the page: ink as InkML bytes, or the typed name as UTF-8."""

    kind: SignatureKind
    data: bytes

    @property
    def media_type(self) -> str:
        """The registered type of :attr:`data`."""
        return (DocumentType.INK if self.kind is SignatureKind.INK else DocumentType.UTF8_TEXT).value


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

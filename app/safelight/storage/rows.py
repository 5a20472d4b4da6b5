"""What the archive takes and gives beyond the domain's own values: lines of lists, receipts with proof, disclosures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, NewType

from safelight.domain.clearance import Validation
from safelight.domain.ids import (
    BundleId,
    Country,
    PersonId,
    PhotoGuid,
    RecipientId,
    RecordId,
    ScopeId,
    SessionId,
    Sha256,
    SubjectId,
)
from safelight.domain.jurisdiction import Cover, TransferAnswer
from safelight.domain.later import ADDED_LATER
from safelight.domain.people import Recipient, Role
from safelight.domain.photo import CameraTime
from safelight.domain.record import ConsentReceipt, SignatureKind, StatusPosition

FileId = NewType("FileId", str)
"""The SHA-256 of a sealed file's ciphertext (64 hexadecimal digits); also its name in the folder."""
FileKind = Literal["photo", "receipt", "other"]
"""What a sealed file is; it decides nothing, it helps who looks at counts."""


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """One line of the list of people. ``damaged`` when the sealed row does not open (``name`` is empty then)."""

    id: SubjectId
    name: str
    state: str
    session: SessionId
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class PhotoLine:
    """One line of the list of photos, in the order they came in; ``number`` counts within the archive.

    ``shot`` is the same for photos of one shutter, and the photo's own id where there is only one.
    """

    guid: PhotoGuid
    number: int
    session: SessionId
    subjects: tuple[SubjectId, ...]
    name: str
    media_type: str
    taken_at: datetime | None
    flagged: bool
    damaged: bool = False
    shot: str = ""


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What the desk shows of a photo without opening a picture; fields as in :class:`~safelight.domain.photo.Photo`.

    ``number`` counts within the archive, ``vetoed``: somebody struck it out, ``damaged``: its row does not open.
    """

    guid: PhotoGuid
    number: int
    session: SessionId
    shot: str
    name: str
    media_type: str
    subjects: tuple[SubjectId, ...]
    taken_at: datetime | None
    camera_time: CameraTime | None
    camera_tag: str
    first_seen_ms: int | None
    flagged: bool
    vetoed: bool
    damaged: bool
    size: tuple[int, int] = (0, 0)
    """Width and height as the picture is seen (turned upright)."""


@dataclass(frozen=True, slots=True)
class ShotOwner:
    """One person on one shot; ``subject`` is None where nobody is. ``flagged``: it is not settled whose it is."""

    shot: str
    subject: SubjectId | None
    flagged: bool


@dataclass(frozen=True, slots=True)
class RecipientRow:
    """A recipient with the card it was taken from (the exact bytes) and what covers a transfer to it."""

    recipient: Recipient
    card: bytes = field(repr=False)
    cover: Cover | None


class ExhibitKind(StrEnum):
    """What was shown or written by hand on the way to a signature and is kept beside the receipt."""

    PAGE = "page"
    """The page somebody signed, as it was shown (PDF)."""
    SIGNATURE = "signature"
    """A signature given before the last one, which the receipt itself has."""
    MARK = "mark"
    """Initials, a signature of its own, or a signed contract page for one use."""
    SCAN = "scan"
    """The pages signed on paper, scanned by the studio."""


@dataclass(frozen=True, slots=True)
class KeptExhibit:
    """An exhibit as a receipt lists it: its hash, and the sealed file it lies in.

    ``by`` is who signed it, ``at`` when; ``scope`` the use a mark is for (else empty); ``kind`` how.
    """

    what: ExhibitKind
    by: Role
    scope: str
    kind: SignatureKind | None
    sha256: Sha256
    file: FileId
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignedReceiptFile:
    """Everything one signing leaves: the receipt, what was signed, by whom, and the proof around it.

    ``subject`` is the real id (``receipt.subject`` is a pseudonym). ``document`` is the record document (JSON-LD
    bytes), ``statement`` the exact bytes both signatures cover, ``acts`` the list of acts (RFC 8785). ``evidence`` is
    the ink or the typed name: ink is kept under the portrait key, so after a portrait is erased it is empty and
    ``evidence_erased`` is true. ``journal_head`` is the journal's hash printed on the receipt.

    ``withdrawal_code`` is printed for the person, ``withdrawal_hash`` is what a typed one is compared by;
    ``opening_code`` proves that the receipt was opened (empty in those of before it was asked for). ``witness`` and
    ``interpreter`` are names, empty where nobody was.
    """

    receipt: ConsentReceipt
    subject: SubjectId
    document: bytes = field(repr=False)
    statement: bytes = field(repr=False)
    studio_signature: str = field(repr=False)
    subject_public: str
    subject_signature: str = field(repr=False)
    acts: bytes = field(repr=False)
    evidence: bytes = field(repr=False)
    evidence_type: str
    taken_by: PersonId
    journal_head: str
    withdrawal_code: str = field(repr=False)
    withdrawal_hash: str
    opening_code: str = field(repr=False)
    witness: str
    interpreter: str
    exhibits: tuple[KeptExhibit, ...] = ()
    pdf: FileId | None = None
    evidence_erased: bool = False


@dataclass(frozen=True, slots=True)
class KeptValidation:
    """A second person's check as it is kept. ``statement`` and ``signature`` are empty where none was signed yet."""

    validation: Validation
    checklist: tuple[str, ...]
    statement: bytes = field(default=b"", repr=False)
    signature: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class HeldCeremony:
    """A ceremony in progress. ``content`` is the caller's own; it goes no later than ``erase_at``."""

    subject: SubjectId
    session: SessionId
    kept_at: datetime
    erase_at: datetime
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class WrongGuesses:
    """How many wrong guesses at one secret were counted, and when the last one was made."""

    wrong: int
    at: datetime


@dataclass(frozen=True, slots=True)
class DisclosedPhoto:
    """A photo as it went out: hash of its image data and of the whole member of the bundle, and what allowed it.

    ``records`` are those this photo left under; rows of before they were kept have none.
    """

    guid: PhotoGuid
    image_sha256: Sha256
    member_sha256: Sha256
    records: tuple[RecordId, ...] = ()
    image_hash_kind: str | None = field(default=None, metadata=ADDED_LATER)
    """How ``image_sha256`` is made; None in rows of before it was kept."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One bundle that left: to whom, the ``sequence``-th for them, for what, with which photos and records.

    ``transfer`` is what the way over the border stood on, the same for every photo of one bundle; None in rows of
    before it was kept.
    """

    bundle: BundleId
    recipient: RecipientId
    sequence: int
    at: datetime
    uses: tuple[ScopeId, ...]
    territory: Country | None
    photos: tuple[DisclosedPhoto, ...]
    records: tuple[RecordId, ...]
    file_sha256: Sha256
    extra: Mapping[str, str] = field(default_factory=dict)
    transfer: TransferAnswer | None = None


@dataclass(frozen=True, slots=True)
class SignedMessage:
    """A notice to a recipient, or its answer: the exact bytes (JSON text), their SHA-256 and the SSHSIG signature."""

    id: str
    recipient: RecipientId
    number: int
    at: datetime
    text: str = field(repr=False)
    sha256: Sha256
    signature: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Erased:
    """What one erasure took away."""

    keys: int
    rows: int
    files: int


_WARN_AT_PERCENT = 80


@dataclass(frozen=True, slots=True)
class ListFill:
    """How full the studio's newest list is: ``used`` of the ``capacity`` that are given to records before the next."""

    number: int
    used: int
    capacity: int

    @property
    def room(self) -> int:
        """So many records still find a position in it."""
        return max(0, self.capacity - self.used)

    def after(self, drawn: Sequence[StatusPosition]) -> ListFill:
        """How full the newest list is once these were given to records as well."""
        if not drawn:
            return self
        number = drawn[-1].list
        mine = sum(each.list == number for each in drawn)
        return ListFill(number, mine + (self.used if number == self.number else 0), self.capacity)

    @property
    def nearly_full(self) -> bool:
        """Whether it is time to say that another list is about to begin."""
        return self.used * 100 >= self.capacity * _WARN_AT_PERCENT

"""What was shown and written by hand on the way to a signature, kept sealed beside the receipt as its proof."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from safelight.documents.jcs import sha256_hex
from safelight.documents.plain import from_plain, to_plain
from safelight.domain.errors import Refused, SafelightError
from safelight.domain.ids import Sha256, SubjectId
from safelight.domain.people import Role
from safelight.domain.record import SignatureKind
from safelight.storage.rows import FileId, SignedReceiptFile
from safelight.storage.transaction import Transaction
from safelight.studio.open_studio import OpenStudio

EXHIBITS = "exhibits"
"""Under this name a signed receipt says what was kept with it."""


class What(StrEnum):
    """Kinds of exhibit."""

    PAGE = "page"
    """The page somebody signed, as it was shown (PDF)."""
    SIGNATURE = "signature"
    """A signature given before the last one, which the receipt itself has."""
    MARK = "mark"
    """Initials, a signature of its own, or a signed contract page for one use."""
    SCAN = "scan"
    """The pages signed on paper, scanned by the studio."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One of them. ``by`` is who signed it, ``at`` when; ``scope`` the use a mark is for; ``kind`` how."""

    what: What
    by: Role
    data: bytes = field(repr=False)
    scope: str = ""
    kind: SignatureKind | None = None
    at: datetime | None = None

    @property
    def sha256(self) -> Sha256:
        """What names it in the list of acts."""
        return sha256_hex(self.data)


@dataclass(frozen=True, slots=True)
class KeptExhibit:
    """An exhibit as a receipt lists it: its hash, and the sealed file it lies in."""

    what: What
    by: Role
    scope: str
    kind: SignatureKind | None
    sha256: Sha256
    file: str
    at: datetime | None = None


def store_exhibits(
    studio: OpenStudio, subject: SubjectId, exhibits: Sequence[Exhibit]
) -> tuple[KeptExhibit, ...]:
    """Seal each into a file of its own, durably; handwriting goes when the pictures go, the rest stays as proof."""
    return tuple(
        KeptExhibit(
            each.what,
            each.by,
            each.scope,
            each.kind,
            each.sha256,
            studio.archive.files.store_bytes([subject], each.data, evidence=each.kind is not SignatureKind.INK),
            each.at,
        )
        for each in exhibits
    )


def note_exhibits(studio: OpenStudio, writing: Transaction, kept: Sequence[KeptExhibit]) -> dict[str, str]:
    """What a signed receipt says of them; their files are part of the same transaction."""
    for each in kept:
        studio.archive.files.register(writing, FileId(each.file))
    return {EXHIBITS: json.dumps(to_plain(tuple(kept)), separators=(",", ":"))} if kept else {}


def exhibits_of(file: SignedReceiptFile) -> tuple[KeptExhibit, ...]:
    """What was kept with a signed receipt."""
    return tuple(from_plain(KeptExhibit, each) for each in json.loads(file.extra.get(EXHIBITS, "[]")))


def read_exhibit(studio: OpenStudio, kept: KeptExhibit) -> bytes:
    """The exhibit itself; raises :class:`Refused` when it is not what was signed, or was erased with its owner."""
    data = studio.archive.files.read_bytes(FileId(kept.file))
    if sha256_hex(data) != kept.sha256:
        raise Refused(f"An exhibit ({kept.what.value}) is not what was signed.", "Restore a backup.")
    return data


def exhibit_problems(studio: OpenStudio, file: SignedReceiptFile) -> Iterator[str]:
    """For the check: exhibits that are gone, changed, or not in the list of acts that the signed statement covers."""
    acts = file.acts.decode()
    for each in exhibits_of(file):
        what = f"Receipt {file.receipt.id}: an exhibit ({each.what.value})"
        if each.sha256 not in acts:
            yield f"{what} is not in its list of acts."
        if each.kind is SignatureKind.INK and file.evidence_erased:
            continue
        try:
            read_exhibit(studio, each)
        except SafelightError as error:
            yield f"{what} does not open: {error.title}"

"""What was shown and written by hand on the way to a signature, kept sealed beside the receipt as its proof."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from safelight.documents.act_list import read_acts
from safelight.documents.jcs import sha256_hex
from safelight.domain.acts import HandwritingKept, PageShown, ScanKept
from safelight.domain.errors import Refused, SafelightError
from safelight.domain.ids import Sha256, SubjectId
from safelight.domain.people import Role
from safelight.domain.record import SignatureKind
from safelight.storage.rows import ExhibitKind, KeptExhibit, SignedReceiptFile
from safelight.storage.transaction import Transaction
from safelight.studio.open_studio import OpenStudio


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One of them. ``by`` is who signed it, ``at`` when; ``scope`` the use a mark is for; ``kind`` how."""

    what: ExhibitKind
    by: Role
    data: bytes = field(repr=False)
    scope: str = ""
    kind: SignatureKind | None = None
    at: datetime | None = None

    @property
    def sha256(self) -> Sha256:
        """What names it in the list of acts."""
        return sha256_hex(self.data)


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


def register_exhibits(studio: OpenStudio, writing: Transaction, kept: Sequence[KeptExhibit]) -> None:
    """Make their files part of the transaction that records the receipt."""
    for each in kept:
        studio.archive.files.register(writing, each.file)


def read_exhibit(studio: OpenStudio, kept: KeptExhibit) -> bytes:
    """The exhibit itself; raises :class:`Refused` when it is not what was signed, or was erased with its owner."""
    data = studio.archive.files.read_bytes(kept.file)
    if sha256_hex(data) != kept.sha256:
        raise Refused(f"An exhibit ({kept.what.value}) is not what was signed.", "Restore a backup.")
    return data


def exhibit_problems(studio: OpenStudio, file: SignedReceiptFile) -> Iterator[str]:
    """For the check: exhibits that are gone, changed, or not in the list of acts that the signed statement covers."""
    try:
        acts = read_acts(file.acts)
    except SafelightError as error:
        yield f"Receipt {file.receipt.id}: {error.title}"
        return
    named = {each.what.sha256 for each in acts if isinstance(each.what, PageShown | HandwritingKept | ScanKept)}
    for each in file.exhibits:
        what = f"Receipt {file.receipt.id}: an exhibit ({each.what.value})"
        if each.sha256 not in named:
            yield f"{what} is not in its list of acts."
        if each.kind is SignatureKind.INK and file.evidence_erased:
            continue
        try:
            read_exhibit(studio, each)
        except SafelightError as error:
            yield f"{what} does not open: {error.title}"

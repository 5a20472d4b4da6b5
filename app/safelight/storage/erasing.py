"""Erasing a person: the wrapped keys first, then the rows, then the files; what was begun is always finished."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, delete, select, update

from safelight.domain.errors import WrongUsage
from safelight.domain.ids import PhotoGuid, SubjectId
from safelight.keys.subject_keys import SubjectKeyPurpose
from safelight.storage.files import FileStore
from safelight.storage.repositories.legal_holds import LegalHoldsRepository
from safelight.storage.repositories.photos import PhotosRepository
from safelight.storage.rows import Erased, FileId
from safelight.storage.sealed_store import SealedStore
from safelight.storage.tables import (
    attendance,
    code_tag,
    file,
    file_owner,
    held,
    legal_hold,
    photo_owner,
    receipt,
    restriction,
    rights_request,
    seat,
    subject,
    validation,
)
from safelight.storage.transaction import Transaction


class Eraser:
    """Takes people out of the archive for good.

    The keys are destroyed at once and durably, outside the transaction: from then on no copy of anything sealed under
    them, in whatever backup, opens again. If the transaction then fails, the next check removes what is left.
    """

    def __init__(
        self, store: SealedStore, files: FileStore, photos: PhotosRepository, holds: LegalHoldsRepository
    ) -> None:
        self._store = store
        self._files = files
        self._photos = photos
        self._holds = holds

    def erase(self, t: Transaction, people: Sequence[SubjectId], portrait: bool, evidence: bool) -> Erased:
        """Destroy the keys named of everybody named, then remove the rows and files they opened.

        Portrait: photos the person is on (group photos as well) and ink. Evidence: receipts, what is known of the
        person, and the person's row; consent events and journal payloads stay as ciphertext without a key, so that the
        chain stays whole. The proof never goes before the pictures it is about. :class:`UnderHold` while a hold stands
        against it, also one on somebody else whose group photos would go.
        """
        purposes: list[SubjectKeyPurpose] = ["portrait"] if portrait else []
        if evidence:
            gone = {} if portrait else self._store.keys.gone()
            if not portrait and any("portrait" not in gone.get(person, ()) for person in people):
                raise WrongUsage("The proof of a consent is erased with the pictures or after them, not before.")
            purposes.append("evidence")
        self._holds.require_none(t, people, portrait, evidence)
        if portrait:
            self._holds.require_none(t, self._photos.beside(people), portrait=True)
        keys = self._store.keys.destroy(people, purposes, t.now)
        cleared = [self._clear(t, person, purposes) for person in people]
        return Erased(keys, sum(rows for rows, _ in cleared), sum(files for _, files in cleared))

    def finish(self, t: Transaction) -> int:
        """Remove what is left of everybody whose keys were destroyed; returns how many rows and files went."""
        done = 0
        for person, purposes in self._store.keys.gone().items():
            rows, files = self._clear(t, SubjectId(person), purposes)
            done += rows + files
        return done

    def _clear(self, t: Transaction, person: SubjectId, purposes: Iterable[SubjectKeyPurpose]) -> tuple[int, int]:
        rows = files = 0
        # What was answered so far may hold handwriting, so it never outlives the pictures.
        # Without a seat, nothing a screen still shows of them is written any more either.
        if purposes:
            rows += t.connection.execute(delete(held).where(held.c.subject == person)).rowcount
            t.connection.execute(delete(seat).where(seat.c.subject == person))
        if "portrait" in purposes:
            query = select(photo_owner.c.photo).where(photo_owner.c.owner == person)
            for guid in t.connection.execute(query).scalars().all():
                self._photos.remove_erased(t, PhotoGuid(guid))
                rows, files = rows + 1, files + 1
            mine = (receipt.c.subject == person) & (receipt.c.ink_purpose == "portrait") & (receipt.c.ink != b"")
            rows += t.connection.execute(update(receipt).where(mine).values(ink=b"")).rowcount
            query = _handwriting(person)
            for id in t.connection.execute(query).scalars().all():
                self._files.remove(t, FileId(id))
                files += 1
        if "evidence" in purposes:
            ids = t.connection.execute(select(receipt.c.id).where(receipt.c.subject == person)).scalars().all()
            rows += t.connection.execute(delete(validation).where(validation.c.receipt.in_(ids))).rowcount
            t.connection.execute(delete(code_tag).where(code_tag.c.subject == person))
            rows += t.connection.execute(delete(receipt).where(receipt.c.subject == person)).rowcount
            query = select(file_owner.c.file).where(file_owner.c.owner == person)
            for id in t.connection.execute(query).scalars().all():
                self._files.remove(t, FileId(id))
                files += 1
            for table in (attendance, restriction, rights_request, legal_hold):
                rows += t.connection.execute(delete(table).where(table.c.subject == person)).rowcount
            rows += t.connection.execute(delete(subject).where(subject.c.id == person)).rowcount
        return rows, files


def _handwriting(person: SubjectId) -> Select[Any]:
    """The files with initials and further signatures of one person."""
    query = select(file.c.id).join(file_owner, file_owner.c.file == file.c.id).where(file_owner.c.owner == person)
    return query.where((file.c.purpose == "portrait") & (file.c.kind == "other"))

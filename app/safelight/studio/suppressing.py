"""What a recipient that trains models must leave out: the pictures it got for that and may not use any more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from safelight.documents.suppression import SuppressionList, entry_of, suppression_bytes
from safelight.domain.ids import PhotoGuid, RecipientId, RecordId, ScopeId, SubjectId
from safelight.keys.tags import suppression_salt
from safelight.storage.rows import DisclosedPhoto
from safelight.studio.open_studio import OpenStudio


@dataclass(frozen=True, slots=True)
class Suppressed:
    """The signed list for one recipient: its exact bytes, the signature, and how many pictures it names."""

    content: bytes
    signature: str
    pictures: int


def suppression_list(studio: OpenStudio, to: RecipientId) -> Suppressed:
    """Every picture that ``to`` got for an AI use and that nobody allows for one any more, by salted hash.

    That is: somebody on it was erased, or the record of an AI use it left under has ended and no newer one stands. The
    salt is the recipient's own, always the same, so that two lists can be compared and lists of two recipients cannot.
    Nothing is kept of it: the ledger, the erasures and the status lists say it all.
    """
    studio.archive.rely_on(own=("recipient", "disclosure", "disclosed_photo", "erasure", "status"))
    salt = suppression_salt(studio.secrets, to)
    entries = {entry_of(salt, each.image_hash_kind or "", each.image_sha256) for each in _pictures(studio, to)}
    made = SuppressionList(studio.identity.id, to, studio.now(), salt, tuple(sorted(entries)))
    content = suppression_bytes(made)
    return Suppressed(content, studio.signer.sign(content, "safelight-suppression"), len(entries))


def _pictures(studio: OpenStudio, to: RecipientId) -> Iterator[DisclosedPhoto]:
    erased: set[PhotoGuid] = {guid for each in studio.archive.erasures.list() for guid in each.photos}
    ended = _ended(studio)
    for bundle in studio.archive.disclosures.list(to):
        if not any(_is_ai(studio, each) for each in bundle.uses):
            continue
        for photo in bundle.photos:
            if photo.guid in erased or ended.intersection(photo.records or bundle.records):
                yield photo


def _is_ai(studio: OpenStudio, use: ScopeId) -> bool:
    found = studio.rules.catalogue.find(use)
    return found is None or found.ai  # a use nobody asks any more counts as one, to be on the safe side


def _ended(studio: OpenStudio) -> frozenset[RecordId]:
    """The records of AI uses that have ended, and of which the person has no newer one that stands."""
    today, revoked = studio.today(), studio.archive.statuses.revoked()
    over: dict[tuple[SubjectId, ScopeId], list[RecordId]] = {}
    standing: set[tuple[SubjectId, ScopeId]] = set()
    for file in studio.archive.consents.each_receipt():
        for record in file.receipt.records:
            if record.grant is None or not _is_ai(studio, record.scope):
                continue
            mine = (file.subject, record.scope)
            ran_out = record.last_day is not None and record.last_day < today
            if record.status_position in revoked or ran_out:
                over.setdefault(mine, []).append(record.id)
            else:
                standing.add(mine)
    return frozenset(record for mine, records in over.items() if mine not in standing for record in records)

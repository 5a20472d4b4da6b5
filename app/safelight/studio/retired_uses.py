"""The uses people answered under earlier rules: found in what they signed, read for ever, never asked again."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import replace

from safelight.documents.signed_uses import uses_as_signed, worded_as_signed
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import RecordId, ScopeId
from safelight.domain.record import EarlierYes
from safelight.domain.scope import Catalogue, Scope, use_as_signed
from safelight.domain.session import Session
from safelight.storage.rows import SignedReceiptFile
from safelight.studio.open_studio import OpenStudio


def still_asked(studio: OpenStudio, session: Session) -> Session:
    """``session`` as it asks today: without the uses that were taken out of the rules since it was opened."""
    asked = set(studio.rules.catalogue.asked_ids())
    return replace(session, offered=tuple(each for each in session.offered if each in asked))


def retired_of(studio: OpenStudio, earlier: Iterable[EarlierYes]) -> tuple[ScopeId, ...]:
    """Those of the uses behind earlier yeses that are no longer asked."""
    asked = set(studio.rules.catalogue.asked_ids())
    return tuple(each.scope for each in earlier if each.scope not in asked)


def readable(catalogue: Catalogue, files: Iterable[SignedReceiptFile]) -> Catalogue:
    """``catalogue`` with every use it does not know that ``files`` (newest first) answer or name."""
    known = {each.id for each in catalogue.known()}
    told: list[Scope] = []
    named: list[ScopeId] = []
    for file in files:
        receipt = file.receipt
        if any(each.scope not in known for each in receipt.records):
            told += _signed(file).values()
        named += (*receipt.not_asked, *(each.scope for each in receipt.still_holding))
    return catalogue.with_retired((*told, *(use_as_signed(each) for each in named)))


def worded(catalogue: Catalogue, file: SignedReceiptFile, others: Iterable[SignedReceiptFile]) -> Catalogue:
    """``catalogue`` with the wording of ``file``; what that names and does not answer is read in ``others``."""
    return readable(worded_as_signed(catalogue, _signed(file).values()), (file, *others))


def as_signed(catalogue: Catalogue, files: Iterable[SignedReceiptFile], records: Collection[RecordId]) -> Catalogue:
    """``catalogue`` in the public terms in which ``records``, which stand in ``files``, were signed."""
    signed = [use for file in files for record, use in _signed(file).items() if record in records]
    return worded_as_signed(catalogue, signed)


def known_use(studio: OpenStudio, wanted: str) -> ScopeId:
    """The id of the use called ``wanted``, also of one that people answered and nobody is asked about any more.

    Raises :class:`WrongUsage` for a name neither the rules nor anything signed here knows.
    """
    return reading_catalogue(studio, wanted).scope(wanted).id


def reading_catalogue(studio: OpenStudio, *uses: str) -> Catalogue:
    """The catalogue to read answers about ``uses`` by; what is signed is only looked through for one it does not know.

    Raises :class:`WrongUsage` for a name neither the rules nor anything signed here knows.
    """
    catalogue = studio.rules.catalogue
    for use in uses:
        if catalogue.find(use) is None:
            found = [
                signed
                for file in studio.archive.consents.each_receipt()
                if file.receipt.record_for(ScopeId(use)) is not None
                for signed in _signed(file).values()
                if signed.id == use
            ]
            if not found:
                raise WrongUsage(
                    f"There is no use called '{use[:60]}'.", "Known uses: " + ", ".join(catalogue.known_ids()) + "."
                )
            catalogue = catalogue.with_retired(found[-1:])
    return catalogue


def _signed(file: SignedReceiptFile) -> dict[RecordId, Scope]:
    return uses_as_signed(json.loads(file.document))

"""Legal holds: what of a person must not be erased for now, why, and on which day that is looked at again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from .ids import PersonId, SubjectId


class HoldClass(StrEnum):
    """What a hold keeps."""

    PHOTOS = "photos"
    """Photos, renditions and ink: what lies under the person's portrait key."""
    TEMPLATES = "templates"
    """What was measured of a face. The archive keeps none; the hold says so to whoever has them."""
    PROOF = "proof"
    """Receipts, records and what is known of the person: what lies under the evidence key."""
    ALL = "all"


BARS_PHOTOS = frozenset({HoldClass.PHOTOS, HoldClass.ALL})
BARS_PROOF = frozenset({HoldClass.PROOF, HoldClass.ALL})


@dataclass(frozen=True, slots=True)
class Release:
    """When a hold ended and who of the studio ended it."""

    at: datetime
    by: PersonId


@dataclass(frozen=True, slots=True)
class LegalHold:
    """One hold on ``what`` of ``subject``. ``reason`` is in words, ``review`` the day it is looked at again.

    A released hold stays as a row: that it was there, and who ended it, must be told.
    """

    id: str
    subject: SubjectId
    what: HoldClass
    reason: str
    review: date
    by: PersonId
    at: datetime
    released: Release | None = None

    @property
    def standing(self) -> bool:
        """Whether it still keeps something from being erased; a review day that passed ends nothing."""
        return self.released is None


def barring(holds: Iterable[LegalHold], portrait: bool, evidence: bool) -> tuple[LegalHold, ...]:
    """Those of ``holds`` that stand against destroying the portrait key or the evidence key."""
    classes = (BARS_PHOTOS if portrait else frozenset()) | (BARS_PROOF if evidence else frozenset())
    return tuple(each for each in holds if each.standing and each.what in classes)

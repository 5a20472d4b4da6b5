"""The seat of one person in one session: whoever is admitted last has it, and only they may write."""

from __future__ import annotations

from dataclasses import dataclass

from safelight.domain.ids import SessionId, SubjectId
from safelight.domain.sitting import Ended, SittingEnded
from safelight.storage.transaction import Transaction
from safelight.studio.open_studio import OpenStudio, new_id


@dataclass(frozen=True, slots=True)
class Seat:
    """What one sitting knows of its seat. ``signed`` is how many receipts the person had when it was taken."""

    subject: SubjectId
    session: SessionId
    sitting: str
    signed: int


def take_seat(studio: OpenStudio, writing: Transaction, subject: SubjectId, session: SessionId) -> Seat:
    """Seat a new sitting; one that had the seat before, on whatever screen or in whatever process, may write no more.

    What was kept so far is to be read in the same transaction: after it nobody else adds to it.
    """
    taken = Seat(subject, session, new_id(), _signed(studio, subject, session))
    studio.archive.seats.put(writing, subject, session, taken.sitting)
    return taken


def check_seat(studio: OpenStudio, seat: Seat) -> None:
    """Raise :class:`SittingEnded` unless ``seat`` is still this sitting's and nothing was signed beside it.

    Called inside the transaction that writes: between the look and the write nobody can take the seat.
    """
    holder = studio.archive.seats.holder(seat.subject, seat.session)
    if holder is None:
        raise SittingEnded(Ended.ERASED)
    if _signed(studio, seat.subject, seat.session) != seat.signed:
        raise SittingEnded(Ended.SIGNED)
    if holder != seat.sitting:
        raise SittingEnded(Ended.TAKEN_OVER)


def _signed(studio: OpenStudio, subject: SubjectId, session: SessionId) -> int:
    """How many receipts this person has in this session; nothing is opened for it."""
    return sum(who == subject for _, who in studio.archive.consents.receipt_ids(session))

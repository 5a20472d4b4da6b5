"""What the archive knows of a person, in the shape ``may`` asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from safelight.domain.consent import ConsentEvent, ConsentState, Limits, Status, fold
from safelight.domain.errors import Malformed
from safelight.domain.ids import Country, RecordId, ScopeId, SessionId, SubjectId
from safelight.domain.photo import Photo
from safelight.domain.record import ConsentReceipt, limits_of
from safelight.domain.usage import ConsentSnapshot
from safelight.storage.rows import SignedReceiptFile
from safelight.studio.open_studio import OpenStudio


@dataclass(frozen=True, slots=True)
class Standing:
    """One person: the snapshot to ask, and the signed receipts it comes from, newest first."""

    subject: SubjectId
    snapshot: ConsentSnapshot
    receipts: tuple[SignedReceiptFile, ...]

    @property
    def latest(self) -> ConsentReceipt | None:
        """The newest receipt, if anything was ever signed."""
        return self.receipts[0].receipt if self.receipts else None

    def on(self, photo: Photo) -> ConsentSnapshot:
        """The snapshot as it counts for ``photo``: struck out by one person, it is struck out for everybody.

        That one may have been taken off the photo since makes no difference: only they can let it stand again.
        """
        return replace(self.snapshot, vetoed=frozenset({photo.guid})) if photo.vetoed_by else self.snapshot

    def receipt_of(self, record: RecordId) -> SignedReceiptFile:
        """The signed receipt that holds ``record``."""
        return next(each for each in self.receipts if any(one.id == record for one in each.receipt.records))

    def agreed_countries(self, use: ScopeId) -> frozenset[Country]:
        """The countries pictures may be sent to for ``use``, as listed in the very signing the use rests on."""
        state = self.snapshot.states.get(use)
        return self.receipt_of(state.record).receipt.modifiers.cross_border if state else frozenset()


def signed_limits(receipts: Iterable[ConsentReceipt]) -> dict[RecordId, Limits]:
    """The limits of every record of ``receipts``, as they were signed."""
    return {record.id: limits_of(record, each) for each in receipts for record in each.records}


def histories_of(
    events: Iterable[ConsentEvent], signed: Mapping[RecordId, Limits]
) -> dict[RecordId, list[ConsentEvent]]:
    """The events record by record, the first of each with the limits that were ``signed``.

    Raises :class:`Malformed` for a record that no signed receipt holds: nothing says until when it would count.
    """
    histories: dict[RecordId, list[ConsentEvent]] = {}
    for event in events:
        if event.record not in signed:
            raise Malformed(
                f"The record {event.record} belongs to no signed receipt.",
                "Nothing was decided by it. Run 'studio check'; if it says so too, restore a backup.",
            )
        first = event.sequence == 1
        histories.setdefault(event.record, []).append(replace(event, limits=signed[event.record]) if first else event)
    return histories


def newest_states(histories: Mapping[RecordId, Sequence[ConsentEvent]]) -> dict[ScopeId, ConsentState]:
    """The state that counts per use: of several records of one use, the one given most recently.

    A use whose newest record ended stays ended, whatever an older record said. No rules are asked: what was signed
    means the same for ever, also for a use that is no longer asked.
    """
    newest: dict[ScopeId, tuple[tuple[datetime, bool], ConsentState]] = {}
    for history in histories.values():
        state = fold(history)
        began = min(each.at for each in history)
        # Two records may begin in the same second; the one still standing is then the newer one.
        rank = (began, state.status is Status.GIVEN)
        held = newest.get(state.scope)
        if held is None or rank >= held[0]:
            newest[state.scope] = (rank, state)
    return {scope: state for scope, (_, state) in newest.items()}


def standing_of(studio: OpenStudio, subject: SubjectId) -> Standing:
    """Everything known of ``subject`` that decides what a picture may be used for."""
    # Events first: what is signed between the two readings is then a receipt too many, never an event without one.
    events = studio.archive.consents.events_of(subject)
    restricted = subject in studio.archive.restrictions.people()
    return _standing(subject, studio.archive.consents.receipts_of(subject), events, restricted)


def standings_of_all(studio: OpenStudio, session: SessionId | None = None) -> dict[SubjectId, Standing]:
    """As :func:`standing_of` for everybody (of one session) who ever answered, in two readings of the archive."""
    events = studio.archive.consents.events_of_all(session)
    receipts: dict[SubjectId, list[SignedReceiptFile]] = {}
    for file in studio.archive.consents.each_receipt(session):
        receipts.setdefault(file.subject, []).append(file)
    everybody = dict.fromkeys((*receipts, *events))
    still = studio.archive.restrictions.people()
    return {each: _standing(each, receipts.get(each, ()), events.get(each, ()), each in still) for each in everybody}


def snapshots_of_all(studio: OpenStudio, session: SessionId | None = None) -> dict[SubjectId, ConsentSnapshot]:
    """The snapshots of :func:`standings_of_all` alone: no receipt is held that they do not need."""
    events = studio.archive.consents.events_of_all(session)
    signed: dict[SubjectId, dict[RecordId, Limits]] = {}
    for file in studio.archive.consents.each_receipt(session):
        signed.setdefault(file.subject, {}).update(signed_limits([file.receipt]))
    still = studio.archive.restrictions.people()
    return {
        who: ConsentSnapshot(newest_states(histories_of(each, signed.get(who, {}))), restricted=who in still)
        for who, each in events.items()
    }


def _standing(
    subject: SubjectId, signed: Sequence[SignedReceiptFile], events: Iterable[ConsentEvent], restricted: bool
) -> Standing:
    # The archive gives them in the order they were signed; times alone would not do, two may share a second.
    receipts = tuple(reversed(signed))
    states = newest_states(histories_of(events, signed_limits(each.receipt for each in receipts)))
    return Standing(subject, ConsentSnapshot(states, restricted=restricted), receipts)

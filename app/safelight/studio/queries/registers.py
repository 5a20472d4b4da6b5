"""What stands in the registers a studio shows an authority: requests and withdrawals of some days."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

from safelight.documents.withdrawal_notices import read_notice
from safelight.domain.consent import ConsentEvent, EventKind
from safelight.domain.ids import PhotoGuid, RecipientId, RecordId, SubjectId
from safelight.domain.people import Role
from safelight.domain.requests import RightsRequest
from safelight.domain.withdrawal import Channel
from safelight.rights.registers import WithdrawalEntry
from safelight.studio.journal_kinds import CONSENT_WITHDRAWN
from safelight.studio.open_studio import OpenStudio
from safelight.studio.retired_uses import reading_catalogue

Told = dict[RecordId | PhotoGuid, set[RecipientId]]
"""Who was told that a record has ended or a photo is held back."""


def requests_between(studio: OpenStudio, first: date, last: date) -> tuple[RightsRequest, ...]:
    """The requests that came in on these days, in the order they did."""
    found = [each for each in studio.archive.requests.list() if first <= each.received <= last]
    studio.archive.rely_on({each.subject for each in found})
    return tuple(sorted(found, key=lambda each: (each.received, each.entered)))


def withdrawals_between(studio: OpenStudio, first: date, last: date) -> tuple[WithdrawalEntry, ...]:
    """What was taken back on these days (UTC), in the order it was; whose proof was erased is not in it any more.

    Uses that one person took back at one moment are one withdrawal.
    """
    archive = studio.archive
    ended: dict[tuple[SubjectId, str], list[ConsentEvent]] = {}
    for person, events in archive.consents.events_of_all().items():
        for each in events:
            if each.kind is EventKind.WITHDRAWN and first <= each.at.date() <= last:
                ended.setdefault((person, each.at.isoformat()), []).append(each)
    archive.rely_on({person for person, _ in ended}, ("withdrawal_notice",))
    told = _told(studio)
    entries = [_entry(studio, events, told) for events in ended.values()]
    entries += _struck_out(studio, first, last, told)
    return tuple(sorted(entries, key=lambda each: (each.at, each.subject)))


def _told(studio: OpenStudio) -> Told:
    told: Told = {}
    for message in studio.archive.outgoing_notices.list():
        notice = read_notice(message.text.encode())
        for item in notice.items:
            told.setdefault(item.record, set()).add(message.recipient)
        for state in notice.photos:
            told.setdefault(state.photo.guid, set()).add(message.recipient)
    return told


def _entry(studio: OpenStudio, events: list[ConsentEvent], told: Told) -> WithdrawalEntry:
    one = events[0]
    uses = dict.fromkeys(each.scope for each in events)
    recipients = set().union(*(told.get(each.record, set()) for each in events))
    scopes = tuple(reading_catalogue(studio, each).scope(each) for each in uses)
    return WithdrawalEntry(one.subject, one.at, scopes, one.by, one.channel, len(recipients))


def _struck_out(studio: OpenStudio, first: date, last: date, told: Told) -> Iterator[WithdrawalEntry]:
    """Photos that somebody struck out after the shoot: these end no use, so only the journal tells of them."""
    journal = studio.archive.journal
    entries = {entry.number: entry for entry, _ in journal.of_kinds(CONSENT_WITHDRAWN)}
    wanted = [number for number, entry in entries.items() if first <= entry.at.date() <= last]
    for number, payload in journal.payloads(wanted):
        entry, said = entries[number], json.loads(payload)
        for photo in said.get("photos", []):
            yield WithdrawalEntry(
                SubjectId(entry.reference), entry.at, (), Role(said["by"]), Channel(said["channel"]),
                len(told.get(PhotoGuid(photo), set())), photo,
            )  # fmt: skip

"""Applies withdrawal notices: what they end is a no from then on, and, if asked to, pictures are deleted for good."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path

from safelight.agency.acceptance import NO_CHANGE, signer_of_its_time
from safelight.agency.allowances import allowances
from safelight.agency.incoming_notices import CheckedNotice, SignedNotice, checked_notices, read_notices
from safelight.agency.open_agency import OpenAgency
from safelight.documents.withdrawal_notices import Asked, NoticePhoto, PhotoState, WithdrawalNotice
from safelight.domain.changes import Changes
from safelight.domain.errors import Refused
from safelight.domain.ids import PhotoGuid, Sha256, StudioId
from safelight.keys.secrets import content_tag
from safelight.storage.catalogue_rows import KeptPhoto
from safelight.storage.catalogue_tables import ended_record, photo_notice, pin, withdrawal_notice
from safelight.storage.rows import FileId
from safelight.storage.transaction import Transaction
from safelight.storage.withdrawal_rows import EndedByNotice, KeptNotice, PhotoByNotice

RESTS_ON = (pin.name, withdrawal_notice.name, ended_record.name, photo_notice.name)
"""The tables that decide what a notice does."""
MOST_GAPS = 5
"""So many missing numbers are named."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What notices did. ``new`` are the numbers that were not known, ``already`` those that were applied before.

    ``ended`` counts records that no notice had ended before. Of the photos the notices name, ``held_back`` are here
    and nothing allows them any more, ``in_use`` are here and something still does, ``deleted`` were deleted now.
    ``missing`` are the studio's numbers that never arrived; ``warnings`` are sentences somebody should hear. ``due`` is
    the earliest last day to answer.
    """

    studio: str
    new: tuple[int, ...]
    already: tuple[int, ...]
    ended: int
    held_back: tuple[PhotoGuid, ...]
    in_use: tuple[PhotoGuid, ...]
    deleted: tuple[PhotoGuid, ...]
    missing: tuple[int, ...]
    warnings: tuple[str, ...]
    due: date


def apply_notices(agency: OpenAgency, path: Path, delete: bool = False) -> tuple[Applied, Changes]:
    """Apply the notice at ``path``, or all in a folder; everything or nothing, and again: the same state.

    Records a notice ends are remembered whether or not a bundle brought them yet. With ``delete``, pictures that
    nothing allows any more and that the studio asked to delete are destroyed with their keys; their rows, records and
    proof stay. Raises :class:`Refused` for a notice that is not by a trusted studio or not for this agency,
    :class:`Malformed` for what is no notice.
    """
    return take_notices(agency, read_notices(agency.secrets.age(), path), delete)


def take_notices(
    agency: OpenAgency, signed: Sequence[SignedNotice], delete: bool = False
) -> tuple[Applied, Changes]:
    """As :func:`apply_notices`, for notices that were read already; there is at least one."""
    agency.catalogue.rely_on(RESTS_ON)
    told = sorted(checked_notices(agency, signed), key=lambda each: each.notice.number)
    if len({each.studio.studio for each in told}) > 1:
        raise Refused("These notices are from several studios.", f"{NO_CHANGE} Apply each studio's by itself.")
    with ExitStack() as deleting:
        if delete:
            deleting.enter_context(agency.catalogue.one_import())
        return _Applying(agency, told).run(delete)


class _Applying:
    """One run: what is known is read inside the transaction that writes."""

    def __init__(self, agency: OpenAgency, told: Sequence[CheckedNotice]) -> None:
        self._agency, self._catalogue = agency, agency.catalogue
        self._told = {(each.notice.number, each.sha256): each for each in told}
        self._studio = told[0].studio
        self._id: StudioId = self._studio.studio
        self._times = [each.notice.issued_at for each in told]

    def run(self, delete: bool) -> tuple[Applied, Changes]:
        try:
            return self._run(delete)
        finally:  # what was read in a transaction that was rolled back is not so
            self._agency.standings.forget()

    def _run(self, delete: bool) -> tuple[Applied, Changes]:
        agency, catalogue = self._agency, self._catalogue
        new: list[CheckedNotice] = []
        deleted: list[PhotoGuid] = []
        ended = 0
        with ExitStack() as around:
            if delete:
                # The keys go after the transaction, by what it wrote.
                around.enter_context(catalogue.deleting(deleted, agency.dated(*self._times)))
            with catalogue.transaction(agency.dated(*self._times), *self._times) as t:
                catalogue.rely_on(RESTS_ON)
                trusted = catalogue.trusted_studios.get(self._id)
                for each in self._told.values():  # the studio's key may have been followed meanwhile
                    signer_of_its_time(trusted, each.signed_by, each.notice.issued_at, "notice")
                known = {
                    number: link.sha256
                    for number, link in catalogue.notices.links(self._id, [number for number, _ in self._told]).items()
                }
                disputed = self._disputed(known)
                if disputed is None:
                    new = [each for (number, _), each in self._told.items() if number not in known]
                    ended = self._write(t, new)
                    entries = [self._note(t, "notice-applied", each) for each in new]
                    agency.standings.forget()
                    deleted += self._delete(t) if delete else []
                else:
                    entries = [self._note(t, "notice-disputed", disputed)]
        for id, entry in entries:
            agency.acknowledge(id, entry)
        if disputed is not None:
            raise Refused(
                f"{self._studio.name} has given number {disputed.notice.number} to two different notices.",
                "This one was not applied, and that it came was noted. Ask the studio which of the two holds.",
            )
        changes = Changes.BUNDLES | Changes.PHOTOS | Changes.JOURNAL if new or deleted else Changes.NONE
        return self._account(new, ended, deleted), changes

    def _disputed(self, known: dict[int, Sha256]) -> CheckedNotice | None:
        """A notice whose number another one has."""
        heard = dict(known)
        for (number, sha256), each in self._told.items():
            if heard.setdefault(number, sha256) != sha256:
                return each
        return None

    def _write(self, t: Transaction, new: Sequence[CheckedNotice]) -> int:
        self._catalogue.notices.add(t, [_kept(each, t) for each in new])
        ended: dict[str, EndedByNotice] = {}
        states: dict[str, PhotoByNotice] = {}
        for each in (one.notice for one in new):  # by rising number: the highest counts
            for item in each.items:
                ended[item.record] = EndedByNotice(self._id, each.number, item.ended, item.since)
            for said in each.photos:
                states[said.photo.guid] = PhotoByNotice(
                    self._id, each.number, said.state, said.why, said.since, said.asked
                )
        self._catalogue.notices.photos.add(t, states)
        return self._catalogue.notices.ended.add(t, ended)

    def _note(self, t: Transaction, kind: str, told: CheckedNotice) -> tuple[str, str]:
        notice = told.notice
        account = {"studio": notice.studio, "number": notice.number, "sha256": told.sha256}
        entry = self._catalogue.journal.append(t, kind, notice.id, json.dumps(account, sort_keys=True).encode())
        return notice.id, entry.hash

    def _delete(self, t: Transaction) -> list[PhotoGuid]:
        """Say of the pictures that are to be deleted that they are, and give up their files."""
        wanted = list(dict.fromkeys(chain.from_iterable(_to_delete(each.notice) for each in self._told.values())))
        here = self._here(wanted)
        allowed = allowances(self._agency, here)
        gone = [each for guid, each in here.items() if allowed.get(guid) is None and self._asked(each)]
        for each in gone:
            tag = content_tag(self._agency.secrets, each.image_sha256)
            self._catalogue.received.put_photo(t, replace(each, deleted_at=t.now), tag)
            for file in (each.file, *(FileId(one) for _, one in each.sidecars)):
                self._catalogue.files.remove(t, file)
            self._catalogue.journal.append(t, "picture-deleted", each.guid, b"")
        return [each.guid for each in gone]

    def _asked(self, photo: KeptPhoto) -> bool:
        """Whether nothing speaks against deleting: of a photo that is only held back, the copy is to be kept."""
        said = self._catalogue.notices.photos.of([photo.guid]).get(photo.guid, ())
        held = next((each for each in said if each.studio == self._id and each.state is PhotoState.WITHHELD), None)
        return held is None or Asked.DELETE in held.asked

    def _here(self, photos: Sequence[PhotoGuid]) -> dict[PhotoGuid, KeptPhoto]:
        """Those of this studio whose pictures are here."""
        found = self._catalogue.received.photos(photos)
        return {
            guid: each for guid, each in found.items() if each.studio == self._id and each.deleted_at is None
        }

    def _account(self, new: Sequence[CheckedNotice], ended: int, deleted: Sequence[PhotoGuid]) -> Applied:
        named = dict.fromkeys(
            each.guid for told in self._told.values() for each in photos_of(told.notice)
        )
        allowed = allowances(self._agency, self._here(list(named)))
        numbers = self._catalogue.notices.numbers(self._id)
        missing = missing_numbers(numbers)
        added = {each.notice.number for each in new}
        return Applied(
            self._studio.name,
            tuple(sorted(added)),
            tuple(number for number, _ in self._told if number not in added),
            ended,
            tuple(guid for guid, each in allowed.items() if each is None),
            tuple(guid for guid, each in allowed.items() if each is not None),
            tuple(deleted),
            missing,
            tuple(self._warnings(missing)),
            min(each.notice.due for each in self._told.values()),
        )

    def _warnings(self, missing: Sequence[int]) -> Iterator[str]:
        if missing:
            yield missing_words(missing)
        around = {number for number, _ in self._told} | {number - 1 for number, _ in self._told}
        around |= {number + 1 for number, _ in self._told}
        known = self._catalogue.notices.links(self._id, sorted(around))
        for number, each in known.items():
            before = known.get(number - 1)
            if before is not None and each.previous != before.sha256:
                yield (
                    f"Notice {number} does not follow from notice {number - 1} that is here: the studio has written "
                    "another one. Both were applied; ask it why."
                )


def missing_numbers(numbers: Sequence[int], up_to: int = 0) -> tuple[int, ...]:
    """The first numbers below the highest (or ``up_to``) that are not among ``numbers``; some more than are named."""
    known, found = set(numbers), []
    for number in range(1, max([up_to, *numbers], default=0) + 1):
        if number not in known:
            found.append(number)
            if len(found) > MOST_GAPS:
                break
    return tuple(found)


def missing_words(missing: Sequence[int]) -> str:
    """The sentence about numbers that never arrived."""
    few = ", ".join(map(str, missing[:MOST_GAPS])) + (" and more" if len(missing) > MOST_GAPS else "")
    one = len(missing) == 1
    return (
        f"Of this studio's notices for you, {'number' if one else 'numbers'} {few} {'is' if one else 'are'} not here: "
        f"ask for {'it' if one else 'them'}. What arrived was applied."
    )


def photos_of(notice: WithdrawalNotice) -> Iterator[NoticePhoto]:
    """Every photo a notice names, as often as it does."""
    for item in notice.items:
        yield from item.photos
    for each in notice.photos:
        yield each.photo


def _to_delete(notice: WithdrawalNotice) -> Iterator[PhotoGuid]:
    for item in notice.items:
        if Asked.DELETE in item.asked:
            yield from (each.guid for each in item.photos)
    for said in notice.photos:
        if Asked.DELETE in said.asked and said.state is PhotoState.WITHHELD:
            yield said.photo.guid


def _kept(told: CheckedNotice, t: Transaction) -> KeptNotice:
    notice = told.notice
    return KeptNotice(
        notice.studio, notice.number, notice.id, told.sha256, notice.previous, notice.issued_at, t.now, told.text,
        told.signature,
    )  # fmt: skip

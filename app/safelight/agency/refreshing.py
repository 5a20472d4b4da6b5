"""Takes in the status lists that a studio sends between bundles, so that its yeses stay vouched for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from safelight.agency.acceptance import (
    NO_CHANGE,
    check_known,
    heard_of,
    not_from_the_future,
    signer_of_its_time,
)
from safelight.agency.open_agency import OpenAgency
from safelight.documents.manifest import status_path
from safelight.documents.status import MOST_LISTS, StatusList, read_status_list
from safelight.documents.status_file import SignedList, read_status_file
from safelight.documents.times import rfc3339
from safelight.domain.changes import Changes
from safelight.domain.errors import Refused
from safelight.domain.ids import StudioId
from safelight.domain.record import FIRST_LIST
from safelight.keys.input_files import read_input_file
from safelight.keys.signing import signer_of, verify_sshsig
from safelight.storage.catalogue_rows import StandingOfList, StandingOfStudio

LARGEST = 8 * 1024 * 1024
"""No status list file is longer, in bytes."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What status lists did: ``ended`` records more are known to have ended; ``newer`` tells whether one prolonged.

    ``made`` is when the oldest of them was made, ``vouched_until`` until when everything of the studio is vouched for
    now, whichever list said so. ``absent`` are the studio's lists that were not among them: they stay as they were.
    """

    studio: str
    made: datetime
    vouched_until: datetime
    ended: int
    newer: bool
    absent: tuple[int, ...] = ()


def refresh_status(agency: OpenAgency, path: Path) -> tuple[Refreshed, Changes]:
    """Take in the status lists in ``path``: a file of ``safelight-status/1``, or a folder with list.json and .sig.

    All of them or none. They only ever move forward, each by itself: a bit once set stays set, and of an older list
    nothing but its set bits counts. Raises :class:`Refused` when no trusted key of the studio signed one of them,
    :class:`Malformed` for what is no such list.
    """
    return take_lists(agency, _read(path))


def take_lists(
    agency: OpenAgency, signed: Sequence[SignedList], vouching: bool = True, studio: StudioId | None = None
) -> tuple[Refreshed, Changes]:
    """As :func:`refresh_status`, for lists that were read already; there is at least one.

    Unless they are ``vouching``, only the bits they set count, and no yes is vouched for any longer. ``studio`` is
    whose they must be.
    """
    agency.catalogue.rely_on(["pin", "status"])
    now = agency.now()
    told = [_checked(agency, each, now) for each in signed]
    lists = [status for status, _ in told]
    made, studio = min(each.valid_from for each in lists), studio or lists[0].studio
    if any(each.studio != studio for each in lists):
        raise Refused(
            "These status lists are from several studios.", f"{NO_CHANGE} Take in each studio's lists by itself."
        )
    entry = None
    times = [each.valid_from for each in lists]
    with agency.catalogue.transaction(agency.dated(*times), *times) as writing:
        studios = agency.catalogue.trusted_studios
        # Every list, not only the first, is by the studio's own key.
        trusted = studios.get(studio)
        signers = [signer_of_its_time(trusted, key, status.valid_from, "status list") for status, key in told]
        before = studios.standing(studio)
        heard = [heard_of(each) if vouching else _bits_of(each, before) for each in lists]
        if studios.learn(writing, heard):
            account = {"made": rfc3339(made), "until": rfc3339(min(each.valid_until for each in lists))}
            entry = agency.catalogue.journal.append(
                writing, "status-refreshed", studio, json.dumps(account, sort_keys=True).encode()
            )
        after = studios.standing(studio) or StandingOfStudio({each.number: each for each in heard})
    if entry is not None:
        agency.standings.forget()
        agency.acknowledge(studio, entry.hash)
    known = {} if before is None else before.lists
    ended = after.count() - sum(each.count() for each in known.values())
    fresher = (each.number not in known or each.valid_from > known[each.number].valid_from for each in lists)
    newer = vouching and any(fresher)
    absent = tuple(sorted(after.lists.keys() - {each.number for each in lists}))
    done = Refreshed(signers[0].name, made, after.valid_until, ended, newer, absent)
    return done, Changes.NONE if entry is None else Changes.BUNDLES | Changes.JOURNAL


def _bits_of(status: StatusList, before: StandingOfStudio | None) -> StandingOfList:
    """What a list says has ended, with nothing that it vouches for."""
    known = None if before is None else before.lists.get(status.number)
    heard = heard_of(status)
    return replace(
        heard,
        valid_from=known.valid_from if known else heard.valid_from,
        valid_until=known.valid_until if known else heard.valid_from,
    )


def _checked(agency: OpenAgency, signed: SignedList, now: datetime) -> tuple[StatusList, str]:
    """The list, and the key that signed it: one that some trusted studio has or had."""
    key = signer_of(signed.signature)
    check_known(agency, key, "list")
    verify_sshsig(key, signed.list, signed.signature, "safelight-status")
    status = read_status_list(signed.list)
    not_from_the_future(status.valid_from, now, "status list")
    return status, key


def _read(path: Path) -> tuple[SignedList, ...]:
    if not path.is_dir():
        return read_status_file(read_input_file(path, LARGEST))
    names = [Path(status_path(number)).name for number in range(FIRST_LIST, MOST_LISTS + 1)]
    return tuple(_read_pair(path, name) for name in names if name == names[0] or (path / name).exists())


def _read_pair(folder: Path, name: str) -> SignedList:
    """One list of a folder, with the signature beside it."""
    try:
        signature = read_input_file(folder / f"{name}.sig", LARGEST).decode("ascii")
    except UnicodeDecodeError:
        raise Refused(f"{name}.sig is not a signature.", f"{NO_CHANGE} Ask the studio for the list again.") from None
    return SignedList(read_input_file(folder / name, LARGEST), signature)

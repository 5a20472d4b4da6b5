"""Takes in a status list that a studio sends between bundles, so that its yeses stay vouched for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from safelight.agency.acceptance import FROM_THE_FUTURE, check_known
from safelight.agency.open_agency import OpenAgency
from safelight.agency.trust import former_keys
from safelight.documents.status import StatusList, read_status_list
from safelight.documents.status_file import StatusFile, read_status_file
from safelight.documents.times import rfc3339
from safelight.domain.changes import Changes
from safelight.domain.errors import Refused
from safelight.keys.input_files import read_input_file
from safelight.keys.signing import signer_of, verify_sshsig
from safelight.storage.catalogue_rows import StandingOfStudio, TrustedStudio

LARGEST = 8 * 1024 * 1024
"""No status list file is longer, in bytes."""
_KEPT = "Nothing was changed."


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a status list did: ``ended`` records more are known to have ended; ``newer`` tells whether it prolonged.

    ``vouched_until`` is until when everything of the studio is vouched for now, whichever list said so.
    """

    studio: str
    made: datetime
    vouched_until: datetime
    ended: int
    newer: bool


def refresh_status(agency: OpenAgency, path: Path) -> tuple[Refreshed, Changes]:
    """Take in the status list in ``path``: a file of ``safelight-status/1``, or a folder with list.json and .sig.

    It only ever moves forward: a bit once set stays set, and of an older list nothing but its set bits counts. Raises
    :class:`Refused` when no trusted key of the studio signed it, :class:`Malformed` for what is no such list.
    """
    file = _read(path)
    key = signer_of(file.signature)
    check_known(agency, key, "list")
    verify_sshsig(key, file.list, file.signature, "safelight-status")
    status = read_status_list(file.list)
    now = agency.now()
    if status.valid_from > now + FROM_THE_FUTURE:
        raise Refused(
            f"The status list says it was made on {rfc3339(status.valid_from)}, which has not come yet.",
            f"{_KEPT} Set this computer's clock; if it is right, the studio's is wrong.",
        )
    heard = StandingOfStudio(status.studio, status.valid_from, status.valid_until, status.bits)
    entry = None
    with agency.catalogue.transaction(max(now, status.valid_from)) as writing:
        studios = agency.catalogue.trusted_studios
        trusted = _signer(studios.get(status.studio), key, status)
        before = studios.standing(status.studio)
        if studios.learn(writing, heard):
            account = {"made": rfc3339(status.valid_from), "until": rfc3339(status.valid_until)}
            entry = agency.catalogue.journal.append(
                writing, "status-refreshed", status.studio, json.dumps(account, sort_keys=True).encode()
            )
        after = studios.standing(status.studio) or heard
    if entry is not None:
        agency.standings.forget()
        agency.acknowledge(status.studio, entry.hash)
    ended = after.count() - (before.count() if before is not None else 0)
    newer = before is None or status.valid_from > before.valid_from
    done = Refreshed(trusted.name, status.valid_from, after.valid_until, ended, newer)
    return done, Changes.NONE if entry is None else Changes.BUNDLES | Changes.JOURNAL


def _signer(trusted: TrustedStudio | None, key: str, status: StatusList) -> TrustedStudio:
    """The trusted studio the list is from, if the key is its own; a former one only for a list of its time."""
    if trusted is not None and key == trusted.ssh_public_key:
        return trusted
    if trusted is None or key not in former_keys(trusted):
        raise Refused("The status list is signed by another studio than the one it is from.", f"{_KEPT} Ask both.")
    if status.valid_from >= trusted.card_issued_at:
        # Whoever kept or stole the old key must not vouch for anything new.
        raise Refused(
            f"The status list is signed by a key that {trusted.name} had replaced before the list was made.",
            f"{_KEPT} Ask the studio for a list signed by its present key.",
        )
    return trusted


def _read(path: Path) -> StatusFile:
    if not path.is_dir():
        return read_status_file(read_input_file(path, LARGEST))
    try:
        signature = read_input_file(path / "list.json.sig", LARGEST).decode("ascii")
    except UnicodeDecodeError:
        raise Refused("list.json.sig is not a signature.", f"{_KEPT} Ask the studio for the list again.") from None
    return StatusFile(read_input_file(path / "list.json", LARGEST), signature)

"""Keeps an agency's catalogue sound: the check after a crash."""

from __future__ import annotations

from dataclasses import replace

from safelight.agency.open_agency import OpenAgency
from safelight.domain.changes import Changes
from safelight.domain.progress import Report, silent
from safelight.storage.findings import CheckReport
from safelight.storage.permissions import loose_places


def check_agency(agency: OpenAgency, report: Report = silent) -> tuple[CheckReport, Changes]:
    """Tidy up after a crash, then verify everything that is kept; nothing that a record needs is deleted."""
    keys = (agency.signer.public_ssh, *agency.secrets.previous_public_keys)
    found = agency.catalogue.check(report, keys)
    # What is tidied up is files and keys that nothing names: no list is different afterwards.
    return replace(found, loose=loose_places(agency.catalogue.folder.path, everything=True)), Changes.NONE

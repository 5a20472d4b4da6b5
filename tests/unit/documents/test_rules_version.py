"""Receipts and bundles name the version of the rules, and agencies compare it: one version is one text."""

from __future__ import annotations

import re

from safelight.documents.jcs import canonical, sha256_hex
from safelight.documents.rules import shipped_rules
from safelight.settings.resources import read_json

LISTS = ("scopes", "jurisdictions", "adequacy")
VERSIONS = {"2026-11.1": "00b2a8618b886278d86784b02925844ccf1189b4e1d87e64a4993d055fccc645"}
"""What each version was, told by hash. Who changes a list gives ``scopes.json`` another version and adds a line."""


def test_another_list_is_another_version() -> None:
    now = sha256_hex(canonical([read_json(f"rules/{each}.json") for each in LISTS]))
    assert VERSIONS.get(shipped_rules().version) == now


def test_versions_go_forward() -> None:
    numbers = [tuple(map(int, re.split(r"[-.]", each))) for each in VERSIONS]
    assert numbers == sorted(numbers) and shipped_rules().version == list(VERSIONS)[-1]
    assert len(set(VERSIONS.values())) == len(VERSIONS)

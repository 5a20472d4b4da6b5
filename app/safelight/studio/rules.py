"""The rules a studio works by: adopted and signed by itself, kept for ever; what came before them stays readable."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from safelight.documents.adopted_rules import AdoptedRules, adoption_of, kept_text, read_kept, statement_bytes
from safelight.documents.jcs import sha256_hex
from safelight.documents.rules import Rules, shipped_lists, shipped_rules
from safelight.documents.rules_reading import read_rules
from safelight.domain.changes import Changes
from safelight.domain.errors import Malformed, Refused, SafelightError
from safelight.domain.record import ConsentReceipt
from safelight.domain.rules_difference import differing_places, differing_transfers, differing_uses
from safelight.domain.scope import Catalogue
from safelight.keys.secrets import StudioSecrets
from safelight.keys.signing import verify_sshsig
from safelight.storage.archive import Archive
from safelight.storage.transaction import Transaction
from safelight.studio.open_studio import OpenStudio

CURRENT = "rules"
"""Setting: the hash of the rules the studio works by."""
_KEPT = "rules:"
"""Settings: each adoption, under the hash of its rules."""
_VERSIONS = "rules-versions"
"""Setting: the hash of each version ever adopted, so that none is opened to know it again."""


@dataclass(frozen=True, slots=True)
class RulesChange:
    """Rules somebody hands in, read and checked, and what would be different, a sentence each."""

    rules: Rules
    lists: Mapping[str, Any]
    differences: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether these are the rules of today."""
        return not self.differences


def rules_at_work(archive: Archive, secrets: StudioSecrets) -> Rules:
    """What the studio of ``archive`` works by: what it adopted, or, before it ever did, what came with the program.

    Raises :class:`Malformed` for kept rules that none of the studio's keys signed.
    """
    current = archive.studio.setting(CURRENT)
    return shipped_rules() if current is None else _kept(archive, secrets, current).rules


def by_rules_at_work(studio: OpenStudio) -> OpenStudio:
    """The studio by the rules of now: another program may have adopted others since this one opened it."""
    current = studio.archive.studio.setting(CURRENT)
    if current in (None, studio.rules.sha256):
        return studio
    return replace(studio, rules=rules_at_work(studio.archive, studio.secrets))


def catalogue_of(studio: OpenStudio, receipt: ConsentReceipt) -> Catalogue:
    """The uses as the rules had them that ``receipt`` was signed under; today's where it names none that are kept."""
    named = receipt.rules_sha256
    if named is None or named == studio.rules.sha256 or studio.archive.studio.setting(_KEPT + named) is None:
        return studio.rules.catalogue
    return _kept(studio.archive, studio.secrets, named).rules.catalogue


def adoptions(studio: OpenStudio) -> tuple[AdoptedRules, ...]:
    """Every adoption of this studio, the newest first; nothing before the first."""
    found: list[AdoptedRules] = []
    wanted = studio.archive.studio.setting(CURRENT)
    while wanted is not None and wanted not in [each.adoption.sha256 for each in found]:
        found.append(_kept(studio.archive, studio.secrets, wanted))
        wanted = found[-1].adoption.previous
    return tuple(found)


def lists_at_work(studio: OpenStudio) -> Mapping[str, Any]:
    """The three lists of today, by name; callers must not change what they get."""
    current = studio.archive.studio.setting(CURRENT)
    return shipped_lists() if current is None else _kept(studio.archive, studio.secrets, current).lists


def read_change(studio: OpenStudio, untrusted: Mapping[str, bytes]) -> RulesChange:
    """The rules in ``untrusted`` (the three files by name) beside those of today.

    Raises :class:`Malformed` or :class:`Refused` when nobody could work by them, and for a version that this studio
    knows as other rules: one version is one text.
    """
    rules, lists = read_rules(untrusted, studio.today())
    return _change(studio, rules, lists)


def shipped_change(studio: OpenStudio) -> RulesChange:
    """The rules that came with this program beside those of today."""
    return _change(studio, shipped_rules(), shipped_lists())


def adopt_rules(studio: OpenStudio, change: RulesChange) -> tuple[OpenStudio, Changes]:
    """Work by these rules from now on; returns the studio that does.

    What was signed keeps its days; uses that are gone are asked no more and stay readable. Raises :class:`Refused` when
    somebody else adopted rules since ``change`` was read.
    """
    now = studio.now()
    with studio.archive.transaction(now) as writing:
        studio.archive.rely_on(own=("setting",))
        current = studio.archive.studio.setting(CURRENT)
        if current not in (studio.rules.sha256, None):
            raise Refused("Other rules were adopted meanwhile.", "Nothing was changed; look at the difference again.")
        keep_current(studio, writing)
        before = _kept(studio.archive, studio.secrets, studio.rules.sha256)
        kept = _keep(studio, writing, change.lists, before, now)
    studio.acknowledge(kept.adoption.version, sha256_hex(kept.statement))
    return replace(studio, rules=kept.rules), Changes.STUDIO | Changes.JOURNAL


def keep_current(studio: OpenStudio, writing: Transaction) -> None:
    """Keep the rules of today if they are not kept yet: what is signed under them can be read by them for ever."""
    if studio.archive.studio.setting(CURRENT) is None:
        _keep(studio, writing, shipped_lists(), None, studio.now())


def _keep(
    studio: OpenStudio, writing: Transaction, lists: Mapping[str, Any], before: AdoptedRules | None, at: datetime
) -> AdoptedRules:
    adoption, retired = adoption_of(studio.identity.id, lists, before, at)
    statement = statement_bytes(adoption)
    kept = AdoptedRules(adoption, studio.signer.sign(statement, "safelight-rules"), lists, retired)
    studio.archive.studio.set_setting(writing, _KEPT + adoption.sha256, kept_text(kept))
    known = _versions(studio) | {adoption.version: adoption.sha256}
    studio.archive.studio.set_setting(writing, _VERSIONS, json.dumps(known))
    studio.archive.studio.set_setting(writing, CURRENT, adoption.sha256)
    studio.archive.journal.append(writing, "rules-adopted", adoption.version, statement)
    return kept


def _change(studio: OpenStudio, rules: Rules, lists: Mapping[str, Any]) -> RulesChange:
    if rules.sha256 == studio.rules.sha256:
        return RulesChange(rules, lists, ())
    adopted = _versions(studio)
    known = {shipped_rules().version: shipped_rules().sha256} | adopted | {studio.rules.version: studio.rules.sha256}
    if known.get(rules.version, rules.sha256) != rules.sha256:
        raise Refused(
            f"Other rules are called {rules.version} already.",
            "Nothing was changed. Receipts name the version: give these another 'version' in scopes.json.",
        )
    if rules.sha256 in adopted.values():
        raise Refused(
            f"The studio worked by version {rules.version} before.",
            "Nothing was changed. To go back to it, give it a new 'version' in scopes.json.",
        )
    today = studio.rules
    told = (
        *differing_uses(today.catalogue, rules.catalogue),
        *differing_places(today.jurisdictions, rules.jurisdictions),
        *differing_transfers(today.adequacy, rules.adequacy),
    )
    return RulesChange(rules, lists, told or ("Only notes, or the month of looking up, are different.",))


def _versions(studio: OpenStudio) -> dict[str, str]:
    """The hash of every version this studio ever adopted."""
    return {str(version): str(sha256) for version, sha256 in
            json.loads(studio.archive.studio.setting(_VERSIONS) or "{}").items()}  # fmt: skip


def _kept(archive: Archive, secrets: StudioSecrets, sha256: str) -> AdoptedRules:
    text = archive.studio.setting(_KEPT + sha256)
    if text is None:
        raise Malformed("The rules the studio works by are not in the archive.", "Restore a backup.")
    kept = read_kept(text)
    for key in (secrets.signing_key().public_ssh, *secrets.previous_public_keys):
        try:
            verify_sshsig(key, kept.statement, kept.signature, "safelight-rules")
        except SafelightError:
            continue
        if kept.adoption.sha256 == sha256:
            return kept
    raise Malformed("The rules kept in the archive were not signed by this studio.", "Restore a backup.")


"""Rules as a studio keeps them: the lists, the uses earlier ones asked about, and the statement it signs over both."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from safelight.domain.errors import Malformed
from safelight.domain.ids import Sha256, StudioId

from .jcs import canonical, sha256_hex
from .plain import from_plain, to_plain
from .rules import LISTS, Rules, lists_bytes, rules_of

FORMAT = "safelight-rules/1"
WHAT = "adopted rules"
_LARGEST = 16 * 1024 * 1024
_REMEMBERED = 8


@dataclass(frozen=True, slots=True)
class Adoption:
    """What the studio signs (RFC 8785; namespace safelight-rules): which rules it works by, since when, after which.

    ``sha256`` is of the lists, ``retired_sha256`` of the RFC 8785 bytes of the entries of uses that earlier rules had
    and these have not. ``previous`` is the hash of the rules before, None for the first.
    """

    format: str
    studio: StudioId
    version: str
    sha256: Sha256
    retired_sha256: Sha256
    adopted_at: datetime
    previous: Sha256 | None


@dataclass(frozen=True, slots=True)
class AdoptedRules:
    """One adoption as it is kept: the statement, its signature, and what its two hashes cover."""

    adoption: Adoption
    signature: str
    lists: Mapping[str, Any]
    retired: Sequence[Any]

    @property
    def statement(self) -> bytes:
        """The bytes the signature covers."""
        return statement_bytes(self.adoption)

    @property
    def rules(self) -> Rules:
        """The rules to work by, which also read the retired uses."""
        return rules_of(self.lists, self.adoption.sha256).with_retired(list(self.retired))


def adoption_of(
    studio: StudioId, lists: Mapping[str, Any], before: AdoptedRules | None, at: datetime
) -> tuple[Adoption, list[Any]]:
    """The statement of a studio that works by ``lists`` from ``at`` on, and the entries of uses that are retired."""
    now = {each["id"] for each in lists["scopes"]["scopes"]}
    retired: dict[str, Any] = {}
    for each in [] if before is None else [*before.lists["scopes"]["scopes"], *before.retired]:
        if each["id"] not in now:
            retired.setdefault(each["id"], each)
    entries = list(retired.values())
    adoption = Adoption(
        FORMAT,
        studio,
        lists["scopes"]["version"],
        Sha256(sha256_hex(lists_bytes(lists))),
        Sha256(sha256_hex(canonical(entries))),
        at,
        None if before is None else before.adoption.sha256,
    )
    return adoption, entries


def statement_bytes(adoption: Adoption) -> bytes:
    """The bytes a studio signs."""
    return canonical(to_plain(adoption))


def kept_text(adopted: AdoptedRules) -> str:
    """One adoption as text, compressed, for the archive."""
    told = {
        "adoption": to_plain(adopted.adoption),
        "signature": adopted.signature,
        "lists": [adopted.lists[each] for each in LISTS],
        "retired": list(adopted.retired),
    }
    return base64.b64encode(zlib.compress(canonical(told), 9)).decode()


@lru_cache(maxsize=_REMEMBERED)
def read_kept(text: str) -> AdoptedRules:
    """The adoption in ``text``; raises :class:`Malformed` when a hash in it does not hold. Signatures are the caller's.

    ``text`` comes out of the archive, under its seal. Reading it takes some milliseconds (measured: 4), each
    time a studio is opened and for each receipt of earlier rules that is looked at; the same text says the same, so
    the last few are remembered. Callers must not change what they get.
    """
    unpacked = zlib.decompressobj()
    raw = json.loads(unpacked.decompress(base64.b64decode(text), _LARGEST))
    adoption = from_plain(Adoption, raw["adoption"], "", WHAT)
    lists = dict(zip(LISTS, raw["lists"], strict=True))
    told = (sha256_hex(canonical(raw["lists"])), sha256_hex(canonical(raw["retired"])), lists["scopes"]["version"])
    if adoption.format != FORMAT or told != (adoption.sha256, adoption.retired_sha256, adoption.version):
        raise Malformed("The rules kept in the archive are not those the studio adopted.", "Restore a backup.")
    return AdoptedRules(adoption, raw["signature"], lists, raw["retired"])

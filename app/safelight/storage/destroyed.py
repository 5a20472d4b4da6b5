"""What a copy of a studio knows of erasures: which keys were destroyed, and the rows of the erasures, still sealed.

Lists of backups and key copies carry it in clear text of random ids, so that a restore sees without any key which copy
of the keys is older than an erasure. It is believed when the studio is opened: each destroyed key has a proof that only
the studio can make, and rows open under the studio's key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from safelight.documents.times import parse_time
from safelight.domain.ids import is_sha256
from safelight.keys.subject_keys import SubjectKeyPurpose
from safelight.storage.key_rows import DestroyedKey
from safelight.storage.repositories.erasures import SealedErasure

_MOST = 200
"""Characters of any one id or time in it, at most."""


@dataclass(frozen=True, slots=True)
class KnownErasures:
    """Keys destroyed on purpose, and the rows of the erasures."""

    destroyed: tuple[DestroyedKey, ...] = ()
    rows: tuple[SealedErasure, ...] = ()

    @property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Owner and purpose of each destroyed key."""
        return frozenset((each.owner, each.purpose) for each in self.destroyed)

    def __bool__(self) -> bool:
        return bool(self.destroyed or self.rows)


NOTHING_KNOWN = KnownErasures()


def together(known: Iterable[KnownErasures]) -> KnownErasures:
    """All of it, each thing once; of a row the newest version. Keys are told apart by their proof as well.

    What somebody put beside the true note of a destroyed key must not hide that.
    """
    destroyed: dict[DestroyedKey, None] = {}
    rows: dict[str, list[SealedErasure]] = {}
    for each in known:
        destroyed |= dict.fromkeys(each.destroyed)
        for row in each.rows:
            if row not in rows.setdefault(row.id, []):
                rows[row.id].append(row)
    ordered = [row for of in rows.values() for row in sorted(of, key=lambda one: one.version)]
    return KnownErasures(tuple(destroyed), tuple(ordered))


def known_document(known: KnownErasures) -> dict[str, object]:
    """The members of a list that tell it; empty where there is nothing to tell."""
    if not known:
        return {}
    destroyed = [{"owner": each.owner, "purpose": each.purpose, "at": each.at, "proof": each.proof}
                 for each in known.destroyed]  # fmt: skip
    rows = [{"id": each.id, "person": each.person, "at": each.at, "version": each.version,
             "sealed": each.sealed.hex()} for each in known.rows]  # fmt: skip
    return {"destroyed": destroyed, "erasures": rows}


def read_known(untrusted: Mapping[str, Any]) -> KnownErasures:
    """What the members of a list tell; :class:`ValueError`, KeyError or TypeError where they are not as written."""
    destroyed = tuple(
        DestroyedKey(_text(each["owner"]), _purpose(each["purpose"]), _time(each["at"]), _digest(each["proof"]))
        for each in untrusted.get("destroyed", ())
    )
    rows = tuple(
        SealedErasure(_text(each["id"]), _text(each["person"]), _time(each["at"]), _number(each["version"]),
                      bytes.fromhex(each["sealed"]))
        for each in untrusted.get("erasures", ())
    )  # fmt: skip
    return KnownErasures(destroyed, rows)


def _text(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _MOST:
        raise ValueError("no id")
    return value


def _time(value: object) -> str:
    parse_time(_text(value))
    return _text(value)


def _purpose(value: object) -> SubjectKeyPurpose:
    if value == "portrait":
        return "portrait"
    if value == "evidence":
        return "evidence"
    raise ValueError("no purpose of a key")


def _digest(value: object) -> str:
    # Stores of before had no proofs.
    if value != "" and not is_sha256(_text(value)):
        raise ValueError("no proof")
    return str(value)


def _number(value: object) -> int:
    if type(value) is not int or value < 1:
        raise ValueError("no version")
    return value

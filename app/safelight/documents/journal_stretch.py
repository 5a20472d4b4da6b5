"""The file with which an outsider checks that one head of a studio's journal follows from another."""

from __future__ import annotations

from typing import Any

from safelight.domain.ids import Sha256, StudioId
from safelight.domain.journal_stretch import Head, SignedHead, Stretch, StretchEntry

from .jcs import canonical
from .reading import Faults, parse_json, validate

FORMAT = "safelight-journal/1"
WHAT = "stretch of a journal"
SCHEMA = "journal"
MAX_BYTES = 32 * 1024 * 1024


def stretch_bytes(stretch: Stretch) -> bytes:
    """The RFC 8785 bytes of the file; :class:`Malformed` for what the schema does not allow."""
    signed = stretch.signed
    written = {
        "format": FORMAT,
        "studio": stretch.studio,
        "from": _head(stretch.start),
        "to": _head(stretch.end),
        "entries": [_entry(each) for each in stretch.entries],
        "signed": None if signed is None else {"rows": signed.rows, "signature": signed.signature},
    }
    validate(SCHEMA, written, WHAT)
    return canonical(written)


def read_stretch(untrusted: bytes) -> Stretch:
    """The stretch in ``untrusted``; raises :class:`Malformed`.

    Only its form was checked: see :func:`~safelight.domain.journal_stretch.first_fault` for the chain.
    """
    raw = parse_json(untrusted, WHAT, MAX_BYTES)
    validate(SCHEMA, raw, WHAT)
    start, end = (Head(raw[name]["number"], Sha256(raw[name]["hash"])) for name in ("from", "to"))
    entries = tuple(
        StretchEntry(each["number"], Sha256(each["hash"]), each["text"], each.get("before", 0), each.get("state", ""))
        for each in raw["entries"]
    )
    faults = Faults(WHAT)
    if (entries[-1].number, entries[-1].hash) != (end.number, end.hash):
        faults.add("/to", "is not the last of the entries")
    faults.raise_any()
    signed = raw["signed"]
    made = None if signed is None else SignedHead(Sha256(signed["rows"]), signed["signature"])
    return Stretch(StudioId(raw["studio"]), start, end, entries, made)


def _head(head: Head) -> dict[str, Any]:
    return {"number": head.number, "hash": head.hash}


def _entry(entry: StretchEntry) -> dict[str, Any]:
    told = {"number": entry.number, "hash": entry.hash, "text": entry.text}
    return told | ({"before": entry.before, "state": entry.state} if entry.state else {})

"""The file a studio sends so that its yeses stay vouched for: its status lists with their signatures, in one."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .jcs import canonical
from .reading import fail, parse_json, validate

FORMAT = "safelight-status/1"
WHAT = "status list file"
SCHEMA = "status-file"


@dataclass(frozen=True, slots=True)
class SignedList:
    """``list`` are the exact bytes of ``status/list.json``; ``signature`` (armored SSHSIG) is over these bytes."""

    list: bytes
    signature: str


def status_file_bytes(lists: Sequence[SignedList]) -> bytes:
    """The RFC 8785 bytes of the file with one list or more; :class:`Malformed` for what the schema does not allow."""
    first, *others = map(_plain, lists)
    written = {"format": FORMAT, **first} | ({"further": others} if others else {})
    validate(SCHEMA, written, WHAT)
    return canonical(written)


def _plain(signed: SignedList) -> dict[str, Any]:
    return {"list": base64.b64encode(signed.list).decode(), "signature": signed.signature}


def read_status_file(untrusted: bytes) -> tuple[SignedList, ...]:
    """The lists in ``untrusted`` with their signatures; raises :class:`Malformed`.

    Nothing was checked: verify each signature with the key pinned for the studio (namespace safelight-status) before
    its list is given to :func:`~safelight.documents.status.read_status_list`.
    """
    raw = parse_json(untrusted, WHAT)
    validate(SCHEMA, raw, WHAT)
    others = raw.get("further", ())
    return (_read(raw, ""), *(_read(each, f"/further/{at}") for at, each in enumerate(others)))


def _read(raw: Mapping[str, Any], path: str) -> SignedList:
    text: str = raw["list"]
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        fail(WHAT, f"{path}/list", "is not Base64")
    if base64.b64encode(content).decode() != text:
        fail(WHAT, f"{path}/list", "is not Base64 in its only permitted form")
    return SignedList(content, raw["signature"])

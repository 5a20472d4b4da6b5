"""The file a studio sends so that its yeses stay vouched for: a status list and the signature over it, in one."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from .jcs import canonical
from .reading import fail, parse_json, validate

FORMAT = "safelight-status/1"
WHAT = "status list file"
SCHEMA = "status-file"


@dataclass(frozen=True, slots=True)
class StatusFile:
    """``list`` are the exact bytes of ``status/list.json``; ``signature`` (armored SSHSIG) is over these bytes."""

    list: bytes
    signature: str


def status_file_bytes(file: StatusFile) -> bytes:
    """The RFC 8785 bytes of the file; raises :class:`Malformed` for what the schema does not allow."""
    written = {"format": FORMAT, "list": base64.b64encode(file.list).decode(), "signature": file.signature}
    validate(SCHEMA, written, WHAT)
    return canonical(written)


def read_status_file(untrusted: bytes) -> StatusFile:
    """List and signature in ``untrusted``; raises :class:`Malformed`.

    Neither was checked: verify the signature with the key pinned for the studio (namespace safelight-status) before
    the list is given to :func:`~safelight.documents.status.read_status_list`.
    """
    raw = parse_json(untrusted, WHAT)
    validate(SCHEMA, raw, WHAT)
    text: str = raw["list"]
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        fail(WHAT, "/list", "is not Base64")
    if base64.b64encode(content).decode() != text:
        fail(WHAT, "/list", "is not Base64 in its only permitted form")
    return StatusFile(content, raw["signature"])

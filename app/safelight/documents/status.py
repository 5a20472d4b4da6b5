"""The list that says which records have ended: a W3C Bitstring Status List credential, one bit per record.

Bitstring Status List v1.0 (W3C Recommendation, 15 May 2025). The list is the same size however many bits are set, and a
set bit says no more than that some record ended; which one, only a holder of that record knows.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from safelight.domain.errors import WrongUsage
from safelight.domain.ids import StudioId
from safelight.domain.record import FIRST_LIST

from .jcs import canonical
from .reading import fail, parse_json, validate
from .times import parse_time, rfc3339

LIST_SIZE = 131_072
"""Entries of a new list: the smallest the recommendation allows, so that a set bit hides among many."""
MOST_LISTS = 99
"""So many lists a studio has at most, one after the other: some thirteen million answers."""
LARGEST_LIST = 16 * 1024 * 1024
"""Entries of the largest list that is read (2 MiB unpacked)."""
WHAT = "status list"
SCHEMA = "status-list"
_FRAGMENT = "#status"
"""What the name of a list ends in; from the second list on ``-2`` and so on follow."""
# Magic, deflate, no flags, no time, best compression, unknown system: the same on every computer (RFC 1952 2.3).
_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_ENCODED = re.compile(r"u[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class StatusList:
    """A list as read; ``number`` counts a studio's lists from 1.

    ``bits`` holds entry 0 in the leftmost bit of its first byte.
    """

    id: str
    studio: StudioId
    number: int
    valid_from: datetime
    valid_until: datetime
    bits: bytes

    def ended(self, index: int) -> bool:
        """Whether the record with this index has ended; an index outside the list counts as ended."""
        if not 0 <= index < len(self.bits) * 8:
            return True
        return bool(self.bits[index // 8] & (0x80 >> (index % 8)))

    def fresh(self, moment: datetime) -> bool:
        """Whether the list vouches for ``moment``; one that does not counts as if every bit were set."""
        return self.valid_from <= moment <= self.valid_until


def status_list_id(studio: StudioId, number: int = FIRST_LIST) -> str:
    """The name of a studio's status list ``number``, as its records carry it."""
    return f"urn:uuid:{studio}{_FRAGMENT}" + ("" if number == FIRST_LIST else f"-{number}")


def _number_of(id: str) -> int:
    """The number of the list with this id, which fits the schema."""
    return int(id.rpartition(_FRAGMENT)[2].removeprefix("-") or FIRST_LIST)


def status_list(
    set_bits: Iterable[int],
    studio: StudioId,
    valid_from: datetime,
    valid_until: datetime,
    size: int = LIST_SIZE,
    number: int = FIRST_LIST,
) -> dict[str, Any]:
    """The credential of the studio's list ``number``, with the bits in ``set_bits`` set; ``size`` entries (by 8).

    It carries no proof of its own: the studio's SSHSIG over its RFC 8785 bytes lies beside it. Raises
    :class:`WrongUsage` for an index outside the list, an impossible size, or an end before the start.
    """
    if size % 8 or not LIST_SIZE <= size <= LARGEST_LIST:
        raise WrongUsage(f"A status list cannot have {size} entries.")
    if not FIRST_LIST <= number <= MOST_LISTS:
        raise WrongUsage(f"A studio cannot have a status list {number}.", f"It has at most {MOST_LISTS}.")
    if valid_until <= valid_from:
        raise WrongUsage("A status list must end after it starts.")
    bits = bytearray(size // 8)
    for index in set_bits:
        if not 0 <= index < size:
            raise WrongUsage(f"The status list has no entry {index}.", f"It has {size} entries, from 0.")
        bits[index // 8] |= 0x80 >> (index % 8)
    credential = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": status_list_id(studio, number),
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": f"urn:uuid:{studio}",
        "validFrom": rfc3339(valid_from),
        "validUntil": rfc3339(valid_until),
        "credentialSubject": {
            "id": f"{status_list_id(studio, number)}-bits",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": _encode(bytes(bits)),
        },
    }
    validate(SCHEMA, credential, WHAT)
    return credential


def status_list_bytes(credential: Mapping[str, Any]) -> bytes:
    """The RFC 8785 bytes of the credential, as written to ``status/list.json`` (or ``list-2.json`` and so on)."""
    return canonical(credential)


def read_status_list(untrusted: bytes | Mapping[str, Any]) -> StatusList:
    """The list in ``untrusted``; raises :class:`Malformed` when it is no such list or unpacks to too much."""
    raw = parse_json(untrusted, WHAT) if isinstance(untrusted, bytes) else untrusted
    validate(SCHEMA, raw, WHAT)
    studio = StudioId(raw["issuer"].removeprefix("urn:uuid:"))
    subject = raw["credentialSubject"]
    number = _number_of(raw["id"])
    if raw["id"] != status_list_id(studio, number):
        fail(WHAT, "/id", "does not belong to the issuer")
    if subject["id"] != f"{raw['id']}-bits":
        fail(WHAT, "/credentialSubject/id", "does not belong to this list")
    valid_from, valid_until = parse_time(raw["validFrom"]), parse_time(raw["validUntil"])
    if valid_until <= valid_from:
        fail(WHAT, "/validUntil", "lies before validFrom")
    return StatusList(raw["id"], studio, number, valid_from, valid_until, _decode(subject["encodedList"]))


def _encode(bits: bytes) -> str:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(bits) + packer.flush()
    whole = _GZIP_HEADER + packed + struct.pack("<II", zlib.crc32(bits), len(bits))
    return "u" + base64.urlsafe_b64encode(whole).rstrip(b"=").decode()


def _decode(untrusted_text: str) -> bytes:
    path = "/credentialSubject/encodedList"
    if not _ENCODED.fullmatch(untrusted_text):
        fail(WHAT, path, "is not multibase base64url ('u' and A-Z a-z 0-9 - _)")
    digits = untrusted_text[1:]
    try:
        packed = base64.b64decode(digits + "=" * (-len(digits) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
        # One byte more than allowed shows a bomb without unpacking it.
        bits = unpacker.decompress(packed, LARGEST_LIST // 8 + 1)
    except (binascii.Error, zlib.error):
        fail(WHAT, path, "does not unpack")
    if len(bits) > LARGEST_LIST // 8:
        fail(WHAT, path, f"holds more than {LARGEST_LIST} entries")
    if not unpacker.eof or unpacker.unused_data:
        fail(WHAT, path, "is cut off or has something after its end")
    if len(bits) < LIST_SIZE // 8:
        fail(WHAT, path, f"holds fewer than {LIST_SIZE} entries")
    return bits

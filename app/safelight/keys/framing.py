"""Joins fields so that no two different lists give the same bytes: each is preceded by its length."""

from __future__ import annotations


def framed(*fields: bytes) -> bytes:
    """The fields as RFC 4251 section 5 strings, one after the other: four bytes of length (big-endian), then content.

    Joining with a separator would let a field that contains it move the border; this cannot be moved.
    """
    return b"".join([len(field).to_bytes(4, "big") + field for field in fields])

"""The list of acts of one signing as the bytes that the signed statement covers (``acts_sha256``), and back."""

from __future__ import annotations

from collections.abc import Iterable

from safelight.domain.acts import Act
from safelight.domain.errors import Malformed

from .plain import dump, from_plain
from .reading import parse_json

_WHAT = "the list of acts of a signing"


def acts_bytes(acts: Iterable[Act]) -> bytes:
    """The RFC 8785 bytes of the list."""
    return dump(tuple(acts))


def read_acts(untrusted: bytes) -> tuple[Act, ...]:
    """The acts in the bytes; raises :class:`Malformed` for anything that :func:`acts_bytes` does not write."""
    raw = parse_json(untrusted, _WHAT)
    if not isinstance(raw, list):
        raise Malformed(f"{_WHAT.capitalize()} is no list.", "Restore a backup.")
    return tuple(from_plain(Act, each, f"/{at}", _WHAT) for at, each in enumerate(raw))

"""What a program and the process that packs for it say to each other, and how an error travels between them.

To the process go values as pickles: it was started by this program, and nobody else holds the other end of its stdin.
It reads pictures that others made, so what it says is not trusted in turn: JSON with caps, checked field by field here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from safelight.documents.manifest import Manifest
from safelight.domain.errors import CannotOpen, DeviceFailure, Malformed, Refused, SafelightError, WrongUsage
from safelight.domain.ids import PhotoGuid
from safelight.keys.messages import Nonsense

from .plan import SmallMember, Unprepared

MOST_SAID: Final = 32 << 20
"""The longest thing the process may say: a manifest, or why each of many photos could not be made ready."""
MOST_GIVEN: Final = 1 << 40
_LONGEST_SENTENCE = 4_000


class Say(StrEnum):
    """What the process says; to the first three it waits for an answer."""

    PHOTO = "photo"
    """The next one, please."""
    SIGN_MANIFEST = "sign manifest"
    SIGN_CREDENTIALS = "sign credentials"
    PROGRESS = "progress"
    DONE = "done"
    FAILED = "failed"
    """With a :class:`SafelightError`."""
    BROKE = "broke"
    """With an error that nobody foresaw."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the process is told at the beginning: everything but the photos, which it asks for one by one.

    Both public halves stand for keys that stay where they are. ``unfinished`` is the name of the file until it is
    whole, so that it can be removed if the process is killed.
    """

    manifest: Manifest
    small: Sequence[SmallMember]
    destination: Path
    unfinished: Path
    recipients: Sequence[str]
    public_ssh: str
    chain_pem: bytes


_KINDS: dict[str, type[SafelightError]] = {
    each.__name__: each for each in (SafelightError, Refused, WrongUsage, CannotOpen, Malformed, DeviceFailure)
}


def error_bytes(error: SafelightError) -> bytes:
    """The error as it travels: its kind, both sentences, and what belongs to its kind."""
    kind = next(each.__name__ for each in type(error).__mro__ if each.__name__ in _KINDS)
    told: dict[str, object] = {"kind": kind, "title": error.title, "hint": error.hint}
    if isinstance(error, Malformed):
        told["faults"] = list(error.faults)
    if isinstance(error, Unprepared):
        told["reasons"] = error.reasons
    return json.dumps(told).encode()


def read_error(untrusted: bytes) -> SafelightError:
    """The error that was sent; raises :class:`Nonsense`."""
    try:
        told = json.loads(untrusted)
    except (ValueError, RecursionError) as error:
        raise Nonsense("not JSON") from error
    if not isinstance(told, dict):
        raise Nonsense("not an object")
    if "reasons" in told:
        reasons = told["reasons"]
        if not isinstance(reasons, dict) or not reasons:
            raise Nonsense("no reasons")
        return Unprepared({PhotoGuid(_sentence(guid)): _sentence(why) for guid, why in reasons.items()})
    kind = _KINDS.get(str(told.get("kind")))
    if kind is None:
        raise Nonsense("unknown kind of error")
    title, hint = _sentence(told.get("title")), _sentence(told.get("hint"))
    if kind is Malformed:
        faults = told.get("faults", [])
        if not isinstance(faults, list):
            raise Nonsense("no faults")
        return Malformed(title, hint, tuple(map(_sentence, faults)))
    return kind(title, hint)


def whole_number(head: dict[str, Any], name: str) -> int:
    """A number that is not negative; raises :class:`Nonsense`."""
    value = head.get(name)
    if type(value) is not int or not 0 <= value < 1 << 60:
        raise Nonsense(name)
    return value


def short_text(head: dict[str, Any], name: str) -> str:
    """A printable line; raises :class:`Nonsense`."""
    value = head.get(name)
    if not isinstance(value, str) or len(value) > 300 or not value.isprintable():
        raise Nonsense(name)
    return value


def _sentence(value: object) -> str:
    if not isinstance(value, str):
        raise Nonsense("no sentence")
    return value[:_LONGEST_SENTENCE]

"""Acknowledgements: what an organisation that got pictures did about everything the studio asked it in notices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from safelight.domain.ids import PhotoGuid, RecipientId, RecordId, Sha256, StudioId

from .jcs import canonical
from .plain import from_plain, to_plain
from .reading import Faults, parse_json, validate
from .withdrawal_notices import PhotoState, WithdrawalNotice


class Reply(StrEnum):
    """What the recipient did about one photo, or about one place where it had used it."""

    REMOVED = "removed"
    NOT_HELD = "not-held"
    KEPT = "kept"


class UseKind(StrEnum):
    """Where a photo was used: a data set, a model trained on it, a print, a page, a work derived from it."""

    SET = "set"
    MODEL = "model"
    PRINT = "print"
    WEB = "web"
    DERIVATIVE = "derivative"


@dataclass(frozen=True, slots=True)
class AnsweredNotice:
    """A notice this acknowledgement answers: its number and the SHA-256 of its bytes."""

    number: int
    sha256: Sha256


@dataclass(frozen=True, slots=True)
class Reaction:
    """The answer for one photo under one ended record (None: for a photo held back from every use).

    ``why`` says something exactly when the photo was kept.
    """

    record: RecordId | None
    photo: PhotoGuid
    reply: Reply
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class UseReaction:
    """The answer for one registered use of a photo: ``name`` is what the recipient calls the set, model or page."""

    photo: PhotoGuid
    kind: UseKind
    name: str
    reply: Reply
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """``safelight-ack/1``: the whole state of a recipient towards one studio; of several the highest number counts.

    ``notices`` are those it has and answers, by rising number; what is missing there never arrived.
    """

    id: str
    number: int
    studio: StudioId
    recipient: RecipientId
    issued_at: datetime
    notices: tuple[AnsweredNotice, ...]
    reactions: tuple[Reaction, ...]
    uses: tuple[UseReaction, ...] = ()


ACK_FORMAT = "safelight-ack/1"
_ACK = "acknowledgement"
MOST_BYTES = 64 * 1024 * 1024
"""No acknowledgement is longer."""
Pair = tuple[RecordId | None, PhotoGuid]
"""What is answered one by one: a photo under a record, or (None) a photo held back."""


def ack_bytes(ack: Acknowledgement) -> bytes:
    """The RFC 8785 bytes of an acknowledgement: what is signed (namespace safelight-ack) and sent back."""
    written = {"format": ACK_FORMAT, **to_plain(ack)}
    validate("ack", written, _ACK)
    _check(ack)
    return canonical(written)


def read_ack(untrusted: bytes | Mapping[str, Any]) -> Acknowledgement:
    """The acknowledgement in ``untrusted``; raises :class:`Malformed` with every fault.

    Beyond its form: what was kept says why, and nothing is answered twice.
    """
    raw = parse_json(untrusted, _ACK, MOST_BYTES) if isinstance(untrusted, bytes) else untrusted
    validate("ack", raw, _ACK)
    ack = from_plain(Acknowledgement, {name: value for name, value in raw.items() if name != "format"}, "", _ACK)
    _check(ack)
    return ack


def _check(ack: Acknowledgement) -> None:
    faults = Faults(_ACK)
    answered = [(f"/reactions/{index}", each.reply, each.why) for index, each in enumerate(ack.reactions)]
    answered += [(f"/uses/{index}", each.reply, each.why) for index, each in enumerate(ack.uses)]
    for path, reply, why in answered:
        if (reply is Reply.KEPT) != bool(why.strip()):
            faults.add(f"{path}/why", "must say why something was kept, and be empty otherwise")
    if any(times > 1 for times in Counter((each.record, each.photo) for each in ack.reactions).values()):
        faults.add("/reactions", "answers for a record and photo a second time")
    if any(times > 1 for times in Counter((each.photo, each.kind, each.name) for each in ack.uses).values()):
        faults.add("/uses", "answers for a use of a photo a second time")
    if any(times > 1 for times in Counter(each.number for each in ack.notices).values()):
        faults.add("/notices", "names a notice twice")
    faults.raise_any()


def asked_in(notice: WithdrawalNotice) -> tuple[Pair, ...]:
    """What ``notice`` wants an answer for, in its order; a photo that is released needs none."""
    ended = [(item.record, photo.guid) for item in notice.items for photo in item.photos]
    held = [(None, each.photo.guid) for each in notice.photos if each.state is PhotoState.WITHHELD]
    return (*ended, *held)


def unanswered(notice: WithdrawalNotice, sha256: Sha256, ack: Acknowledgement | None) -> tuple[Pair, ...]:
    """What ``ack`` (None: there is none) leaves open of ``notice``, whose bytes have this hash."""
    if ack is None or AnsweredNotice(notice.number, sha256) not in ack.notices:
        return asked_in(notice)
    answered = {(each.record, each.photo) for each in ack.reactions}
    return tuple(each for each in asked_in(notice) if each not in answered)

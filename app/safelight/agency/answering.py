"""Answers a studio's notices: per photo and per registered use, what was removed, is not held, or is kept and why."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from safelight.agency.allowances import Allowance, allowances
from safelight.agency.applying import RESTS_ON as NOTICES
from safelight.agency.open_agency import OpenAgency
from safelight.agency.registered_uses import RESTS_ON as USES
from safelight.documents.acknowledgements import (
    Acknowledgement,
    AnsweredNotice,
    Pair,
    Reaction,
    Reply,
    UseReaction,
    ack_bytes,
    asked_in,
)
from safelight.documents.withdrawal_notices import Asked, PhotoState, WithdrawalNotice, read_notice
from safelight.domain.changes import Changes
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import PhotoGuid, Sha256, StudioId
from safelight.storage.catalogue_rows import TrustedStudio
from safelight.storage.catalogue_tables import sent_ack
from safelight.storage.clock import new_id
from safelight.storage.withdrawal_rows import KeptNotice, RegisteredUse, SentAck

MOST_REASON = 500
"""So long a reason may be."""
HELD_BACK = "held back, not deleted yet"
STOPPED = "held back from every use, as asked"
RELEASED = "the studio released it again"
STILL_USED = "not taken down yet"


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why something is kept, in the words of the agency's people: by photo, and by the name of a registered use."""

    kept: Mapping[str, str] = field(default_factory=dict)
    uses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """An answer to a studio, its bytes and the signature that belongs beside them."""

    studio: str
    ack: Acknowledgement
    content: bytes = field(repr=False)
    signature: str = field(repr=False)

    def count(self, reply: Reply) -> int:
        """How many answers of this kind it has, for photos and uses."""
        replies = [each.reply for each in self.ack.reactions] + [each.reply for each in self.ack.uses]
        return replies.count(reply)


def answer_notices(
    agency: OpenAgency, studio: str | None = None, given: Reasons | None = None
) -> tuple[WrittenAnswer, Changes]:
    """The next answer to a studio (by id or name; None: the only one that sent a notice), about all its notices.

    Reasons that were ``given`` once stand in every answer after it. Raises :class:`WrongUsage` when there is nothing to
    answer or a reason is for what no notice names.
    """
    given = given or Reasons()
    with agency.catalogue.transaction(agency.dated()) as writing:
        agency.catalogue.rely_on((*NOTICES, *USES, sent_ack.name))
        trusted = _studio(agency, studio)
        notices = [(each, read_notice(each.text.encode())) for each in agency.catalogue.notices.of(trusted.studio)]
        before = agency.catalogue.sent_acks.get(trusted.studio)
        kept = SentAck(
            trusted.studio,
            before.number + 1 if before else 1,
            writing.now,
            Sha256(""),
            {**(before.kept if before else {}), **_checked(given.kept)},
            {**(before.uses if before else {}), **_checked(given.uses)},
        )
        ack = _Answer(agency, trusted.studio, notices, kept).written()
        _all_named(ack, given)
        content = ack_bytes(ack)
        digest = Sha256(hashlib.sha256(content).hexdigest())
        agency.catalogue.sent_acks.put(
            writing, SentAck(kept.studio, kept.number, kept.at, digest, kept.kept, kept.uses)
        )
        account = {"studio": trusted.studio, "number": ack.number, "sha256": digest}
        entry = agency.catalogue.journal.append(
            writing, "answer-written", ack.id, json.dumps(account, sort_keys=True).encode()
        )
    agency.acknowledge(ack.id, entry.hash)
    signature = agency.signer.sign(content, "safelight-ack")
    return WrittenAnswer(trusted.name, ack, content, signature), Changes.JOURNAL


class _Answer:
    """One answer: everything it says is worked out from rows that were verified."""

    def __init__(
        self,
        agency: OpenAgency,
        studio: StudioId,
        notices: Sequence[tuple[KeptNotice, WithdrawalNotice]],
        sent: SentAck,
    ) -> None:
        self._agency, self._studio, self._notices, self._sent = agency, studio, notices, sent
        asked: dict[Pair, datetime] = {}
        delete: set[PhotoGuid] = set()
        for kept, notice in notices:
            for pair in asked_in(notice):
                asked.setdefault(pair, kept.applied_at)
            delete |= {one.guid for item in notice.items if Asked.DELETE in item.asked for one in item.photos}
            delete |= {each.photo.guid for each in notice.photos if Asked.DELETE in each.asked}
        self._asked, self._delete = asked, delete
        photos = list(dict.fromkeys(photo for _, photo in asked))
        found = agency.catalogue.received.photos(photos)
        self._photos = {guid: each for guid, each in found.items() if each.studio == studio}
        self._allowed = allowances(agency, self._photos)
        said = agency.catalogue.notices.photos.of(photos)
        self._states = {
            guid: each.state for guid, several in said.items() for each in several if each.studio == studio
        }

    def written(self) -> Acknowledgement:
        ack = self._sent
        return Acknowledgement(
            new_id(),
            ack.number,
            self._studio,
            self._agency.recipient,
            ack.at,
            tuple(AnsweredNotice(kept.number, kept.sha256) for kept, _ in self._notices),
            tuple(self._reaction(pair, at) for pair, at in self._asked.items()),
            tuple(self._uses()),
        )

    def _reaction(self, pair: Pair, heard: datetime) -> Reaction:
        record, guid = pair
        photo = self._photos.get(guid)
        if photo is None:
            return Reaction(record, guid, Reply.NOT_HELD, heard)
        if photo.deleted_at is not None:
            return Reaction(record, guid, Reply.REMOVED, photo.deleted_at)
        return Reaction(record, guid, Reply.KEPT, self._sent.at, self._why(pair))

    def _why(self, pair: Pair) -> str:
        record, guid = pair
        if guid in self._sent.kept:
            return self._sent.kept[guid]
        if record is None and self._states.get(guid) is PhotoState.RELEASED:
            return RELEASED
        allowed = self._allowed.get(guid)
        if allowed is not None:
            return still_allowed(allowed)
        return HELD_BACK if guid in self._delete else STOPPED

    def _uses(self) -> Iterator[UseReaction]:
        """One answer per photo, kind and name: a use that was registered again after it ended counts by its last."""
        named: dict[tuple[PhotoGuid, str, str], RegisteredUse] = {
            (each.photo, each.kind, each.name): each
            for each in self._agency.catalogue.uses.list()
            if each.photo in self._photos
        }
        for used in named.values():
            if used.ended_at is not None:
                yield UseReaction(used.photo, used.kind, used.name, Reply.REMOVED, used.ended_at)
                continue
            allowed = self._allowed.get(used.photo)
            covered = allowed if used.use is None or (allowed and allowed.use == used.use) else None
            why = self._sent.uses.get(used.name) or (still_allowed(covered) if covered else STILL_USED)
            yield UseReaction(used.photo, used.kind, used.name, Reply.KEPT, self._sent.at, why)


def still_allowed(allowed: Allowance) -> str:
    """Why a photo is kept that something still allows."""
    return f"{allowed.use} allows it until {allowed.until}"


def _studio(agency: OpenAgency, named: str | None) -> TrustedStudio:
    trusted = (agency.catalogue.trusted_studios.get(each) for each in agency.catalogue.notices.studios())
    known = [each for each in trusted if each is not None]
    if not known:
        raise WrongUsage("No notice was applied here, so there is nothing to answer.", "See 'agency apply'.")
    found = known if named is None else [each for each in known if named in (each.studio, each.name)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(f"{each.name} ({each.studio})" for each in known)
    raise WrongUsage("Which studio is to be answered?", f"Give --studio with one of: {names}.")


def _checked(reasons: Mapping[str, str]) -> dict[str, str]:
    for what, why in reasons.items():
        if not why.strip() or len(why) > MOST_REASON or not why.isprintable():
            raise WrongUsage(
                f"The reason for '{what[:60]}' must be a line of 1 to {MOST_REASON} characters.", "Nothing was written."
            )
    return {what: why.strip() for what, why in reasons.items()}


def _all_named(ack: Acknowledgement, given: Reasons) -> None:
    """Raise unless every reason is for something that the answer says is kept."""
    photos = {each.photo for each in ack.reactions if each.reply is Reply.KEPT}
    uses = {each.name for each in ack.uses if each.reply is Reply.KEPT}
    for what, known in ((given.kept, photos), (given.uses, uses)):
        for name in what:
            if name not in known:
                raise WrongUsage(
                    f"A reason was given for '{name[:60]}', which is not kept.",
                    "Nothing was written. Give reasons for photos and uses that notices are about and that are here.",
                )

"""Takes in what a recipient answered to notices: signed by its key, about notices that were issued, and newer."""

from __future__ import annotations

from dataclasses import dataclass

from safelight.documents.acknowledgements import Acknowledgement, read_ack
from safelight.documents.identity_cards import read_card
from safelight.documents.jcs import sha256_hex
from safelight.domain.changes import Changes
from safelight.domain.errors import Refused
from safelight.keys.signing import signer_of, verify_sshsig
from safelight.storage.rows import RecipientRow, SignedMessage
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.notices import NoticeRow, notice_rows

_KEPT = "Nothing was changed."


@dataclass(frozen=True, slots=True)
class TakenAnswer:
    """An acknowledgement that was taken in, and the notices of its recipient as it leaves them.

    ``already``: it, or a newer one, had been taken in before, and nothing was changed.
    """

    ack: Acknowledgement
    name: str
    notices: tuple[NoticeRow, ...]
    already: bool


def import_acknowledgement(
    studio: OpenStudio, untrusted: bytes, untrusted_signature: str
) -> tuple[TakenAnswer, Changes]:
    """Take in ``untrusted`` (``safelight-ack/1``) with its signature (namespace safelight-ack).

    Raises :class:`Malformed` for what is no acknowledgement, :class:`Refused` when it is for another studio, by nobody
    known, signed by another key than its recipient's card names, or answers a notice that was never issued.
    """
    ack = read_ack(untrusted)
    if ack.studio != studio.identity.id:
        raise Refused("This acknowledgement is for another studio.", f"{_KEPT} Ask the agency for yours.")
    archive = studio.archive
    with archive.transaction(studio.now()) as writing:
        archive.rely_on(own=("recipient", "withdrawal_notice", "acknowledgement"))
        row = next((each for each in archive.recipients.list() if each.recipient.id == ack.recipient), None)
        if row is None or not row.card:
            raise Refused("This acknowledgement is from a recipient nobody here knows by a card.", _KEPT)
        _check_signature(row, untrusted, untrusted_signature)
        issued = {each.number: each.sha256 for each in archive.outgoing_notices.of(ack.recipient)}
        for each in ack.notices:
            if issued.get(each.number) != each.sha256:
                raise Refused(
                    f"It answers notice {each.number}, and no such notice was issued to {row.recipient.name}.",
                    f"{_KEPT} Ask them; if an older backup was restored here, restore the newest one.",
                )
        last = archive.acknowledgements.last(ack.recipient)
        already = last is not None and last.number >= ack.number
        if last is not None and last.number == ack.number and last.sha256 != sha256_hex(untrusted):
            raise Refused(
                f"{row.recipient.name} gave number {ack.number} to two different acknowledgements.",
                f"{_KEPT} Ask them for a new one.",
            )
        if not already:
            digest = sha256_hex(untrusted)
            archive.acknowledgements.add(
                writing,
                SignedMessage(
                    ack.id, ack.recipient, ack.number, writing.now, untrusted.decode(), digest, untrusted_signature
                ),
            )
            archive.journal.append(writing, "acknowledgement-taken", ack.id, digest.encode())
    if not already:
        studio.acknowledge(ack.id, sha256_hex(untrusted))
    taken = TakenAnswer(ack, row.recipient.name, notice_rows(studio, ack.recipient), already)
    return taken, Changes.NONE if already else Changes.BUNDLES | Changes.JOURNAL


def _check_signature(row: RecipientRow, untrusted: bytes, untrusted_signature: str) -> None:
    card = read_card(row.card)
    key = signer_of(untrusted_signature)
    if key not in (card.ssh_public_key, card.previous_ssh_public_key):
        raise Refused(
            f"This acknowledgement is not signed by {row.recipient.name}.",
            f"{_KEPT} If they renewed their key, add their new card first.",
        )
    verify_sshsig(key, untrusted, untrusted_signature, "safelight-ack")

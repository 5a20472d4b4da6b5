"""The commands with which an outsider checks that one head of a studio's journal follows from another."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from safelight.cli.opening import check_output, opened, read_input, write_output
from safelight.cli.output import Output
from safelight.documents.identity_cards import CardKind
from safelight.documents.journal_stretch import MAX_BYTES, read_stretch, stretch_bytes
from safelight.domain.errors import ExitCode, Refused, WrongUsage
from safelight.domain.ids import Sha256, is_sha256
from safelight.domain.journal_stretch import Fault, Stretch, StretchEntry, first_fault
from safelight.domain.plurals import counted
from safelight.keys.cards import check_card
from safelight.keys.signing import signer_of, verify_sshsig
from safelight.storage.repositories.journal import head_statement
from safelight.studio.journal_stretch import journal_stretch

_LARGEST_CARD = 1 << 20
_EVERY = 500
"""After so many entries it is told how far this is."""
_WHY = {
    Fault.NUMBER: "has another number",
    Fault.FORM: "is not of the form of an entry",
    Fault.PREVIOUS: "does not name the entry before it",
    Fault.HASH: "does not have the hash it claims",
}


def run_show(given: argparse.Namespace, output: Output) -> ExitCode:
    """``journal show``."""
    first = _entry(given.first, "--from")
    last = None if given.last is None else _entry(given.last, "--to")
    check_output(given.output)
    with opened(given, output) as studio:
        stretch = journal_stretch(studio, first, last, frozenset(given.about), output.report)
    write_output(given.output, stretch_bytes(stretch))
    shown = sum(not each.state for each in stretch.entries)
    document = {
        "file": str(given.output), "from": stretch.start.number, "from_hash": stretch.start.hash,
        "to": stretch.end.number, "to_hash": stretch.end.hash, "entries": len(stretch.entries), "shown": shown,
        "signed": stretch.signed is not None,
    }  # fmt: skip
    told = f"{counted(len(stretch.entries), 'entry', 'entries')} written to {given.output}, {shown} of them shown"
    end = "with the studio's signature over the end" if stretch.signed else "without a signature: the journal goes on"
    output.result(document, f"{told}, {end}.", f"from {stretch.start.hash}", f"to   {stretch.end.hash}")
    return ExitCode.DONE


def run_verify(given: argparse.Namespace, output: Output) -> ExitCode:
    """``journal verify``."""
    start, end = (_hash(given, name) for name in ("from_hash", "to_hash"))
    stretch = read_stretch(read_input(given.file, MAX_BYTES))
    if stretch.start.hash != start or stretch.end.hash != end:
        which = "begins" if stretch.start.hash != start else "ends"
        raise Refused(f"This stretch {which} with another head than the one given.", "Ask for the one between the two.")
    if (fault := first_fault(stretch.start, _watched(stretch, output))) is not None:
        raise Refused(f"The chain breaks at entry {fault[0]}: it {_WHY[fault[1]]}.", "Do not rely on this file.")
    checked = _check_signature(given, stretch)
    document = {"follows": True, "from": stretch.start.number, "to": stretch.end.number,
                "entries": len(stretch.entries), "signature_checked": checked}  # fmt: skip
    signed = ", and the studio signed it as the end of its journal" if checked else ""
    told = f"Entry {stretch.end.number} follows from entry {stretch.start.number}"
    output.result(document, f"{told}, with {counted(len(stretch.entries), 'entry', 'entries')} in one chain{signed}.")
    return ExitCode.DONE


def _watched(stretch: Stretch, output: Output) -> Iterator[StretchEntry]:
    """The entries, one after the other; how far this is, is told."""
    for done, each in enumerate(stretch.entries):
        if done % _EVERY == 0:
            output.report(done, len(stretch.entries), "journal entries")
        yield each


def _check_signature(given: argparse.Namespace, stretch: Stretch) -> bool:
    """Whether the signature over the end was checked: there must be a card, and a signature."""
    if given.card is None:
        return False
    card = check_card(read_input(given.card, _LARGEST_CARD), CardKind.STUDIO)
    if card.id != stretch.studio:
        raise Refused("This stretch is from another studio than the card.", "Ask for the right card.")
    if stretch.signed is None:
        return False
    statement = head_statement(stretch.studio, stretch.end.number, stretch.end.hash, stretch.signed.rows)
    signature, former = stretch.signed.signature, card.previous_ssh_public_key
    by_former = former is not None and former.split()[:2] == signer_of(signature).split()[:2]
    key = former if former is not None and by_former else card.ssh_public_key
    verify_sshsig(key, statement, signature, "safelight-journal")
    return True


def _entry(text: str, option: str) -> int | Sha256:
    if is_sha256(text):
        return Sha256(text)
    if text.isascii() and text.isdigit() and len(text) < 16:
        return int(text)
    raise WrongUsage(f"'{text[:70]}' names no journal entry.", f"Give {option} a number, or a hash of 64 digits.")


def _hash(given: argparse.Namespace, name: str) -> Sha256:
    text: str = getattr(given, name)
    if not is_sha256(text):
        option = "--" + name.replace("_", "-")
        raise WrongUsage(f"'{text[:70]}' is no hash.", f"Give {option} the 64 digits of a journal head.")
    return Sha256(text)

"""Hands out a stretch of the journal to an agency, a person or a court's expert, who hold two of its heads."""

from __future__ import annotations

from collections.abc import Sequence

from safelight.domain.errors import WrongUsage
from safelight.domain.ids import Sha256
from safelight.domain.journal import GENESIS, JournalEntry, verify_chain
from safelight.domain.journal_stretch import MOST_ENTRIES, Head, SignedHead, Stretch, StretchEntry, as_stretch_entry
from safelight.domain.progress import Report, silent
from safelight.keys.signing import signer_of, verify_sshsig
from safelight.storage.sealed_store import unknown
from safelight.studio.open_studio import OpenStudio

_EVERY = 500
"""After so many entries it is told how far this is."""


def journal_stretch(
    studio: OpenStudio,
    first: int | Sha256,
    last: int | Sha256 | None = None,
    shown: frozenset[str] = frozenset(),
    report: Report = silent,
) -> Stretch:
    """The entries after ``first`` (a number or a hash; 0 is the beginning), up to ``last`` or the end of the journal.

    All are closed but those about an id in ``shown`` (see :func:`as_stretch_entry`). Raises :class:`Untrue` where
    anything was done to the journal's rows without this program, :class:`Refused` where the chain is broken, and
    :class:`WrongUsage` for entries that are not there, in the wrong order, or too many for one file.
    """
    journal = studio.archive.journal
    with studio.archive.still():  # the signature is over the end of the journal as it is read here
        studio.archive.rely_on(own=("journal_entry",))
        head = journal.head()
        begin = _number(studio, first)
        end = (head.number if head else 0) if last is None else _number(studio, last)
        if begin >= end:
            raise WrongUsage("The stretch must end after the entry it begins with.", "Nothing was written.")
        if end - begin > MOST_ENTRIES:
            raise WrongUsage(
                f"One file takes {MOST_ENTRIES} entries of the journal at most.",
                "Nothing was written; write several files, each from the entry with which the last one ends.",
            )
        before = _entry(studio, begin) if begin else None
        found = journal.entries(begin, end - begin)
        latest = Head(found[-1].number, found[-1].hash)
        signed = _signed(studio, latest)
    verify_chain(found, before)
    start = Head(0, GENESIS) if before is None else Head(before.number, before.hash)
    return Stretch(studio.identity.id, start, latest, _told(found, shown, report), signed)


def _number(studio: OpenStudio, named: int | Sha256) -> int:
    if isinstance(named, int):
        if named:
            _entry(studio, named)
        return named
    number = 0 if named == GENESIS else studio.archive.journal.number_of(named)
    if number is None:
        raise unknown("journal entry", named)
    return number


def _entry(studio: OpenStudio, number: int) -> JournalEntry:
    found = studio.archive.journal.entries(number - 1, 1) if 0 < number < 2**53 else ()
    if not found:
        raise unknown("journal entry", str(number))
    return found[0]


def _told(entries: Sequence[JournalEntry], shown: frozenset[str], report: Report) -> tuple[StretchEntry, ...]:
    """Each entry as it leaves; nobody who writes waits for this, which takes a quarter of a millisecond each."""
    made = []
    for done, each in enumerate(entries):
        if done % _EVERY == 0:
            report(done, len(entries), "journal entries")
        made.append(as_stretch_entry(each, shown))
    return tuple(made)


def _signed(studio: OpenStudio, end: Head) -> SignedHead | None:
    """The signature over the end of the journal, None where that is not ``end``; it is verified before it is told."""
    journal = studio.archive.journal
    signed, rows = journal.signed_head(), journal.rows()
    if signed is None or rows is None or signed[:2] != (end.number, end.hash):
        return None
    statement = journal.statement(*signed[:2])
    # Right after the key was renewed the end is still signed with the one before; the new card names that one too.
    keys = (studio.signer.public_ssh, *studio.secrets.previous_public_keys)
    verify_sshsig(_one_of(keys, signed[2]), statement, signed[2], "safelight-journal")
    return SignedHead(Sha256(rows), signed[2])


def _one_of(keys: Sequence[str], signature: str) -> str:
    """The key that ``signature`` names if it is one of ``keys``, else the first."""
    named = signer_of(signature)
    return next((each for each in keys if each.split()[:2] == named.split()[:2]), keys[0])

"""The read audit: who looked at a person's page or answers, or handed on what is known of them.

An entry of the journal is the person's own (sealed under their key), of the kind ``read``: one for each reader and door
in ten minutes, with how often. Lists and thumbnails are not counted; nobody is told apart by scrolling past.

A look that cannot be noted, because the disk is full or the clock is wrong, is allowed to the team at work: the person
stands before the camera and what is shown leaves nobody's hands, and a screen that goes blank in the middle of a shoot
helps neither them nor the audit. It waits and is written with the next one that can be. What leaves, an access file or
an export, is noted in the transaction that enters it, and does not leave without that.
"""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import partial

from safelight.documents.jcs import canonical
from safelight.documents.times import parse_time, rfc3339
from safelight.domain.changes import Changes
from safelight.domain.errors import Refused, SafelightError, WrongUsage
from safelight.domain.ids import SubjectId
from safelight.domain.reads import WINDOW, Door, Looked, Reader, Reads
from safelight.storage.transaction import Transaction
from safelight.studio.journal_kinds import READ
from safelight.studio.open_studio import OpenStudio


def reader_at(door: Door, name: str = "") -> Reader:
    """Who looks through ``door``: ``name``, or the account of the machine, as the system tells it."""
    return Reader(name or account(), door)


def account() -> str:
    """What the system calls the account this program runs under; empty where it calls it nothing."""
    with suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return ""


def count_read(studio: OpenStudio, people: Iterable[SubjectId], what: Looked, reader: Reader) -> bool:
    """Count a look at each of ``people``, in memory; whether :func:`write_reads` has something to write by now.

    What waits is written when the archive is closed at the latest.
    """
    studio.archive.before_closing(WAITING, partial(_at_the_end, studio))
    return studio.waiting_reads.add(people, what, reader, studio.now_seen())


def write_reads(studio: OpenStudio, *, everything: bool = False) -> tuple[int, Changes]:
    """Write what waited for ten minutes into the journal (``everything``: all that waits); how many entries.

    Raises what a transaction raises; what could not be written goes on waiting.
    """
    written = _write(studio, studio.waiting_reads.take(None if everything else studio.now_seen()))
    return written, Changes.JOURNAL if written else Changes.NONE


def _write(studio: OpenStudio, taken: Sequence[Reads]) -> int:
    if not taken:
        return 0
    try:
        # A wrong clock keeps nobody from being noted: then the entry has the newest time that was seen.
        with studio.archive.transaction(studio.now_seen()) as writing:
            return sum(_written(studio, writing, each) for each in taken)
    except SafelightError:
        studio.waiting_reads.put_back(taken)
        raise


def note_reads(
    studio: OpenStudio, writing: Transaction, people: Iterable[SubjectId], what: Looked, reader: Reader
) -> None:
    """Note at once, in the transaction of what leaves, that something of each of ``people`` does."""
    for each in dict.fromkeys(people):
        _append(studio, writing, Reads(each, reader, writing.now, writing.now, {what: 1}))


def reads_of(studio: OpenStudio, subject: SubjectId) -> tuple[Reads, ...]:
    """Who looked at what of a person, oldest first."""
    return tuple(reads_by_entry(studio, subject).values())


def reads_by_entry(studio: OpenStudio, about: str) -> dict[int, Reads]:
    """As :func:`reads_of`, by the number of the journal's entry; none of somebody who was erased, or of no person."""
    found = {}
    with suppress(Refused):
        for entry, said in studio.archive.journal.told_about(READ, about):
            told = json.loads(said)
            counts = {Looked(what): times for what, times in told["looked"].items()}
            reader, since, until = Reader(told["by"], Door(told["door"])), told["since"], told["until"]
            found[entry.number] = Reads(SubjectId(about), reader, parse_time(since), parse_time(until), counts)
    return found


WAITING = "reads"


def _at_the_end(studio: OpenStudio) -> None:
    with suppress(SafelightError):  # of the team at work: see above
        _write(studio, studio.waiting_reads.take())  # nobody is left whom a change would be told


def _written(studio: OpenStudio, writing: Transaction, reads: Reads) -> bool:
    """Whether an entry was written: not about somebody who was taken out or erased meanwhile, nor what just was told.

    A command is a process of its own: without this each of them would write an entry of its own. How often is then
    how often in the first of them.
    """
    with suppress(Refused, WrongUsage):
        before = studio.archive.journal.newest(1, reference=reads.subject, kind=READ)
        recent = bool(before) and reads.since - before[0].at < WINDOW
        if recent and any(_covers(each, reads) for each in reads_of(studio, reads.subject)):
            return False
        _append(studio, writing, reads)
        return True
    return False


def _covers(told: Reads, reads: Reads) -> bool:
    near = reads.since - told.since < WINDOW
    return told.reader == reads.reader and near and reads.counts.keys() <= told.counts.keys()


def _append(studio: OpenStudio, writing: Transaction, reads: Reads) -> None:
    told = {
        "by": reads.reader.name, "door": reads.reader.door.value, "since": rfc3339(reads.since),
        "until": rfc3339(reads.until), "looked": {each.value: times for each, times in sorted(reads.counts.items())},
    }  # fmt: skip
    studio.archive.journal.append(writing, READ, reads.subject, canonical(told), reads.subject)

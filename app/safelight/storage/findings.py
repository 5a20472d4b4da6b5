"""What a check found: each fault with a number and a mark, and whether somebody may accept it as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from safelight.storage.digests import MARK, SCHEMA, Difference
from safelight.storage.rows import ListFill
from safelight.storage.tables import journal_entry, mark

_NEVER = frozenset({SCHEMA, mark.name, journal_entry.name})
"""What an acceptance itself rests on: the schema, the newest time seen, and the journal that it is noted in."""
_OTHER = "Only rows that were put in, removed or exchanged can be accepted."
_FOUNDATION = "Nothing can be accepted while the journal, the schema, the time or the digests themselves are not whole."


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, in one sentence that names a table and row, a person or a file.

    ``number`` is its place in the list, ``mark`` six hexadecimal digits that are others when it is another finding.
    ``rows`` are the rows it is about where digests do not vouch for them. ``why_not``: why nobody may accept it.
    """

    number: int
    mark: str
    says: str
    rows: Difference | None = None
    why_not: str = _OTHER

    @property
    def name(self) -> str:
        """How it is named when it is accepted."""
        return f"{self.number}-{self.mark}"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding that somebody accepted: the journal entry, when, who (an id, and the name), in which words it was told.

    ``before`` and ``after``: how many rows there were and were left. All of it but entry and time is empty once the
    person it is about was erased.
    """

    entry: int
    at: datetime
    says: str = ""
    by: str = ""
    table: str = ""
    before: int = 0
    after: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The outcome of a check: how many of each kind are there, what was tidied up, and what is wrong.

    Each problem is one sentence naming a table and row or a file; none means everything opened and fits together.
    ``findings`` are the same, numbered; ``accepted`` what was found earlier and accepted.
    ``loose`` are files and folders that other accounts have rights to: what they hold is whole, and sealed.
    ``nearly_full`` is the newest status list once it is time to say that another is about to begin.
    ``quarantined`` lies in the studio's folder ``quarantine`` because no row names it; nothing of that is deleted.
    ``others`` are the programs that were at work as well: because of them nothing was put aside or cleared away.
    ``old_key_copies`` are folders in which a copy of the keys still has one that was destroyed, ``old_backups`` backups
    of before an erasure that carry keys of their own.
    """

    counts: Mapping[str, int]
    tidied: Mapping[str, int]
    problems: tuple[str, ...]
    loose: tuple[str, ...] = ()
    nearly_full: ListFill | None = None
    quarantined: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = field(default=())
    accepted: tuple[Accepted, ...] = ()
    others: tuple[str, ...] = ()
    old_key_copies: tuple[str, ...] = ()
    old_backups: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong that nobody accepted."""
        return not self.problems


def findings_of(
    said: Sequence[str],
    unvouched: Sequence[Difference | str],
    foundation: bool,
    name_of: Callable[[str], str],
) -> Iterator[Finding]:
    """Everything that is wrong, numbered: what a pass over the archive ``said``, then what digests do not vouch for.

    Rows can be accepted unless what was said names their table: then a row contradicts itself or what was signed, and
    the digest is not all that speaks against it. Nothing can be while the ``foundation`` of an acceptance is not whole
    (the journal as the pass found it; what the digests say of it is looked at here).
    """
    whole = foundation and all(isinstance(each, Difference) and each.table not in _NEVER for each in unvouched)
    for number, each in enumerate(said, 1):
        yield Finding(number, _mark(each), each)
    for number, found in enumerate(not_said(unvouched, said), len(said) + 1):
        if isinstance(found, Difference):
            # By name where the person's row still opens: an id is no help to whoever has to decide what to do.
            yield Finding(number, found.mark, found.about(name_of(found.part)), found, _why_not(found, said, whole))
        else:
            yield Finding(number, _mark(found), found, why_not=_FOUNDATION)


def not_said(unvouched: Sequence[Difference | str], said: Collection[str]) -> Iterator[Difference | str]:
    """Those that were not said already, more exactly: which row it is, what a trigger was for."""
    for each in unvouched:
        if isinstance(each, Difference):
            if each.more or not any(_about(each.table).search(one) for one in said):
                yield each
        else:
            name = re.search(r"the (.+) was \w+ ", each)
            if name is None or not any(name[1] in one for one in said):
                yield each


def _why_not(found: Difference, said: Sequence[str], whole: bool) -> str:
    if not whole:
        return _FOUNDATION
    for number, each in enumerate(said, 1):
        if _about(found.table).search(each):
            return f"Finding {number} says what these rows contradict, and that cannot be accepted."
    return ""


def _about(table: str) -> re.Pattern[str]:
    return re.compile(rf"\btable (\w+ or )?{table}\b")


def _mark(says: str) -> str:
    return sha256(says.encode()).hexdigest()[: 2 * MARK]

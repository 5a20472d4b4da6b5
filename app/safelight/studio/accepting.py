"""Accepts what a check found, in the name of somebody who works here: rows that others changed are taken as they are.

What can be accepted, and what cannot (:attr:`~safelight.storage.findings.Finding.why_not` says it of each finding):

- Rows of a person, a session or the studio that were put in, removed or put back, and nothing but their digest speaks
  against them: can be accepted.
- Rows of a table of which something else is found as well, which names a row: cannot. That row does not open, or its
  columns contradict what is sealed, or rows contradict what was signed or what the journal says
  (:mod:`~safelight.studio.contradictions`): a receipt that is gone though the journal names it, a check about another
  receipt. A backup is the way.
- Everything else a check names: cannot. A sealed file that is missing or changed, a signature that does not hold, a key
  that is gone are not made whole by anybody's word.
- Nothing can be while the journal, its signature, the schema, the newest time seen or the digests themselves are not
  whole: an acceptance rests on them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress

from safelight.documents.jcs import canonical
from safelight.domain.changes import Changes
from safelight.domain.errors import Refused, SafelightError, WrongUsage
from safelight.domain.ids import PersonId, SubjectId
from safelight.storage.digests import CHECK_AGAIN, STUDIO, WATCHED, Difference
from safelight.storage.findings import Accepted, CheckReport, Finding
from safelight.storage.tables import staff
from safelight.studio.open_studio import OpenStudio
from safelight.studio.staff import working_member

ACCEPTED = "finding-accepted"
"""The kind of journal entry that notes it."""
_ANYTHING = ~Changes.NONE
"""Whatever the rows are about is seen as it is now."""


def accept_finding(
    studio: OpenStudio, report: CheckReport, wanted: str, by: PersonId
) -> tuple[tuple[Finding, Accepted], Changes]:
    """Take the rows that a finding is about as they are, and note in the journal who did that.

    ``wanted`` is the finding as the check names it (``3-1f09ac``), looked for by its mark in the ``report`` of a check
    of now: nothing is accepted that was not read. Raises :class:`WrongUsage` when there is no such finding,
    :class:`Refused` when it cannot be accepted or the rows were changed meanwhile; nothing is changed then.
    """
    finding = _found(report, wanted)
    if finding.rows is None or finding.why_not:
        raise Refused(
            f"Finding {finding.number} cannot be accepted: {finding.why_not}",
            "Nothing was accepted. Restore a backup of before it happened.",
        )
    rows = finding.rows
    with studio.archive.transaction(studio.now()) as writing:
        studio.archive.rely_on(own=("journal_entry",) if rows.table == staff.name else ("journal_entry", staff.name))
        member = working_member(studio, by)
        before, after = studio.archive.accept(writing, rows)
        told = {"after": after, "before": before, "by": member.id, "part": rows.part, "said": finding.says,
                "table": rows.table}  # fmt: skip
        owner = _owner(studio, rows)
        reference = studio.identity.id if rows.part == STUDIO else rows.part
        entry = studio.archive.journal.append(writing, ACCEPTED, reference, canonical(told), owner)
    studio.acknowledge(reference, entry.hash)
    done = Accepted(entry.number, entry.at, finding.says, member.id, rows.table, before, after, member.name)
    return (finding, done), _ANYTHING | Changes.JOURNAL


def accepted_findings(studio: OpenStudio) -> Iterator[Accepted]:
    """What was accepted, the oldest first: it is told for as long as there is the journal."""
    noted = studio.archive.journal.of_kinds(ACCEPTED)
    said = dict(studio.archive.journal.payloads([entry.number for entry, _ in noted]))
    names: dict[str, str] = {}
    with suppress(SafelightError):  # of a row that does not open: the id is told
        names = {each.id: each.name for each in studio.archive.staff.list()} if noted else {}
    for entry, _ in noted:
        if entry.number not in said:
            yield Accepted(entry.number, entry.at)
            continue
        told = json.loads(said[entry.number])
        by, rows = told["by"], (told["before"], told["after"])
        yield Accepted(entry.number, entry.at, told["said"], by, told["table"], *rows, names.get(by, by))


def _found(report: CheckReport, wanted: str) -> Finding:
    mark = wanted.strip().lower().rpartition("-")[2]
    found = [each for each in report.findings if each.mark == mark and "-" in wanted]
    if len(found) != 1:
        raise WrongUsage(f"The check finds nothing that is named '{wanted[:40]}'.", CHECK_AGAIN)
    return found[0]


def _owner(studio: OpenStudio, rows: Difference) -> SubjectId | None:
    """Whose key seals the note: it may have a name in it, which goes with the person."""
    if WATCHED[rows.table] is None or rows.part == STUDIO:
        return None
    try:
        studio.archive.keys.evidence(SubjectId(rows.part))
    except SafelightError:
        return None  # a session, or somebody without a key, whose name nobody can know
    return SubjectId(rows.part)

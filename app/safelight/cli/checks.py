"""Commands that find out whether a studio is as this program left it, and that accept what was found."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from safelight.cli.opening import LARGEST_INPUT, opened, read_input
from safelight.cli.output import Output, not_alone
from safelight.cli.statuses import fill_warnings
from safelight.documents.times import rfc3339
from safelight.domain.errors import ExitCode
from safelight.storage.findings import Accepted, CheckReport, Finding
from safelight.studio.accepting import accept_finding
from safelight.studio.against import Compared, Outcome, compare_with
from safelight.studio.staff import find_staff
from safelight.studio.upkeep import check_studio


def run_check(given: argparse.Namespace, output: Output) -> ExitCode:
    """``studio check``."""
    acks = _acks(given.acks_file) if given.acks_file else ()
    with opened(given, output) as studio:
        report, _ = check_studio(studio, acks, output.report)
        compared = [compare_with(studio, path) for path in given.against or ()]
    lines = [f"{count} {what}" for what, count in sorted(report.counts.items())]
    lines += [f"open to other accounts: {each}" for each in report.loose]
    lines += [f"tidied up: {count} {what}" for what, count in sorted(report.tidied.items()) if count]
    lines += [f"put aside, because no row names it: {each}" for each in report.quarantined]
    lines += [
        f"a copy of the keys is older than an erasure: {each} (attach it; the next check writes it anew)"
        for each in report.old_key_copies
    ]
    lines += [
        f"a backup of before an erasure has keys of its own: {each} (make a new one, then remove it)"
        for each in report.old_backups
    ]
    lines += not_alone(report.others)
    warnings = fill_warnings(report.nearly_full)
    document = {
        "counts": dict(report.counts),
        "tidied": dict(report.tidied),
        "problems": list(report.problems),
        "findings": [_finding(each) for each in report.findings],
        "accepted": [_accepted(each) for each in report.accepted],
        "loose": list(report.loose),
        "warnings": warnings,
        "quarantined": list(report.quarantined),
        "against": [{"file": each.file, "outcome": each.outcome, "says": each.says} for each in compared],
        "others": list(report.others),
        "old_key_copies": list(report.old_key_copies),
        "old_backups": list(report.old_backups),
    }
    found = [*map(_told, report.accepted), *_listed(report.findings)]
    found += [f"{each.file}: {each.says}" for each in compared]
    output.result(document, *lines, *warnings, *found, _verdict(report, compared))
    return _code(report, {each.outcome for each in compared})


def _code(report: CheckReport, outcomes: Collection[Outcome]) -> ExitCode:
    """No where something is wrong with the studio; else what kept a file from being compared."""
    if not report.sound or Outcome.OLDER in outcomes:
        return ExitCode.NO
    if Outcome.UNREADABLE in outcomes:
        return ExitCode.MALFORMED
    return ExitCode.USAGE if Outcome.FOREIGN in outcomes else ExitCode.DONE


def run_accept(given: argparse.Namespace, output: Output) -> ExitCode:
    """``studio accept``."""
    with opened(given, output) as studio:
        by = find_staff(studio, given.by)
        report, _ = check_studio(studio, report=output.report)
        (finding, done), _ = accept_finding(studio, report, given.finding, by.id)
    told = f"Accepted by {by.name} (journal entry {done.entry}): {done.says}"
    output.result(_accepted(done) | {"finding": finding.name}, told, "Run 'safelight studio check' again.")
    return ExitCode.DONE


def _verdict(report: CheckReport, compared: Sequence[Compared]) -> str:
    if any(each.outcome is Outcome.OLDER for each in compared):
        return "This archive was put back to an earlier day: restore the newest backup."
    if not report.sound:
        return "Something is wrong."
    return "Nothing is wrong that was not accepted." if report.accepted else "All is well."


def _listed(findings: Sequence[Finding]) -> Iterator[str]:
    for each in findings:
        yield f"{each.name:<10} {each.says}"
    if findings:
        yield "What to do: restore a backup of before it happened ('safelight studio restore')."
    if names := [each.name for each in findings if not each.why_not]:
        which = names[0] if len(names) == 1 else f"N (one of {', '.join(names)})"
        yield f"Or take it as it is, under somebody's name: 'safelight studio accept --finding {which} --by PERSON'."


def _finding(each: Finding) -> dict[str, object]:
    return {"finding": each.name, "says": each.says, "acceptable": not each.why_not, "why_not": each.why_not}


def _accepted(each: Accepted) -> dict[str, object]:
    return {"entry": each.entry, "at": rfc3339(each.at), "by": each.by, "name": each.name, "said": each.says,
            "table": each.table, "rows_before": each.before, "rows_after": each.after}  # fmt: skip


def _told(each: Accepted) -> str:
    when = f"accepted on {rfc3339(each.at)[:10]}"
    if not each.says:
        return f"{when} (journal entry {each.entry}): about somebody who was erased since"
    return f"{when} by {each.name} (journal entry {each.entry}): {each.says}"


def _acks(name: str) -> tuple[tuple[str, str], ...]:
    text = sys.stdin.read(LARGEST_INPUT) if name == "-" else read_input(Path(name)).decode("utf-8", "replace")
    lines = [line.split() for line in text.splitlines() if line.startswith("ACK ")]
    return tuple((parts[1], parts[2]) for parts in lines if len(parts) == 3)

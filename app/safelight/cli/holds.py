"""Commands about legal holds: keep something of a person from being erased, list what is kept, release it."""

from __future__ import annotations

import argparse

from safelight.cli.erasure_lines import keys_gone
from safelight.cli.opening import day, opened, within
from safelight.cli.output import Output
from safelight.documents.plain import to_plain
from safelight.domain.errors import ExitCode
from safelight.domain.holds import HoldClass
from safelight.studio import holds as verbs
from safelight.studio.queries.holds import find_hold, hold_rows
from safelight.studio.queries.lookup import find_subject
from safelight.studio.staff import find_staff


def run_add(given: argparse.Namespace, output: Output) -> ExitCode:
    """``hold add``."""
    with opened(given, output) as studio:
        person = find_subject(studio, given.subject, within(studio, given))
        wanted = verbs.NewHold(
            person.id,
            HoldClass(given.what),
            given.reason,
            day(given.review, studio.today()),
            find_staff(studio, given.by).id,
        )
        made, _ = verbs.add_hold(studio, wanted)
    told = f"{made.id}  {person.name}: {made.what.value} is kept; to be looked at again on {made.review}."
    output.result(to_plain(made), told)
    return ExitCode.DONE


def run_release(given: argparse.Namespace, output: Output) -> ExitCode:
    """``hold release``."""
    with opened(given, output) as studio:
        by = find_staff(studio, given.by).id
        done, _ = verbs.release_hold(studio, find_hold(studio, given.id).id, by)
    lines = [f"{done.hold.id} is released."]
    lines += [f"The erasure that waited for it went on: {' and '.join(keys_gone(each))}." for each in done.finished]
    document = {**to_plain(done.hold), "finished": [to_plain(each) for each in done.finished]}
    output.result(document, *lines)
    return ExitCode.DONE


def run_list(given: argparse.Namespace, output: Output) -> ExitCode:
    """``hold list``."""
    with opened(given, output) as studio:
        rows = hold_rows(studio)
    lines = []
    for row in rows:
        made = row.hold
        ends = f"released {made.released.at.date()}" if made.released else f"look again on {made.review}"
        due = " (that day has come)" if row.overdue else ""
        lines.append(f"{row.short}  {row.name}: {made.what.value}, {ends}{due}. {made.reason}")
    output.result([{**to_plain(row.hold), "overdue": row.overdue} for row in rows], *(lines or ["There is no hold."]))
    return ExitCode.DONE

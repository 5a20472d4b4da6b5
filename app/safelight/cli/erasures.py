"""``erase``: the plan, the erasure itself, and what of an earlier one is still to come."""

from __future__ import annotations

import argparse

from safelight.cli.erasure_lines import keys_gone, plan_lines
from safelight.cli.opening import opened, within
from safelight.cli.output import Output
from safelight.documents.plain import to_plain
from safelight.domain.errors import ExitCode
from safelight.domain.plurals import counted
from safelight.studio.erasing import ErasedPerson, erase
from safelight.studio.queries.erasing import erasure_plan, linked_with
from safelight.studio.queries.lookup import find_subject
from safelight.studio.staff import find_staff
from safelight.studio.staying import name_of


def run_erase(given: argparse.Namespace, output: Output) -> ExitCode:
    """``erase``."""
    with opened(given, output) as studio:
        person = find_subject(studio, given.subject, within(studio, given))
        linked = linked_with(studio, person.id) if given.also_linked else ()
        people = (person.id, *linked)
        if given.plan:
            plans = [erasure_plan(studio, each) for each in people]
            lines = [line for each in plans for line in plan_lines(each, lambda id: name_of(studio, id))]
            output.result([to_plain(each) for each in plans], *lines, "Nothing was changed: --yes does it.")
            return ExitCode.DONE
        by = find_staff(studio, given.by).id if given.by else None
        done, _ = erase(studio, people, by)
    lines = [line for each in done.people for line in _told(each)]
    lines.append(f"{counted(len(done.notices), 'notice')} issued: 'notice export' writes each one.")
    document = {
        "people": [{"erasure": to_plain(each.row), "plan": to_plain(each.plan)} for each in done.people],
        "notices": [{"id": each.id, "recipient": each.recipient, "number": each.number} for each in done.notices],
    }
    output.result(document, *lines)
    return ExitCode.DONE if all(each.row.portrait_at is not None for each in done.people) else ExitCode.NO


def _told(each: ErasedPerson) -> list[str]:
    row = each.row
    lines = [f"{row.person}: {' and '.join(keys_gone(row))}; {counted(len(each.ended), 'yes', 'yeses')} ended."]
    if row.portrait_at is None:
        holds = ", ".join(hold.id for hold in each.plan.photos_wait)
        lines.append(f"Photos and ink wait for {holds}; 'hold release' finishes it.")
    if row.evidence_at is None:
        lines.append(f"The proof stays until {row.evidence_due}.")
    return lines

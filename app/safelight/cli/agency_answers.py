"""Commands with which an agency asks: one question, many at once, or the report about everything."""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import Any

from safelight.agency import batches, questions, reports
from safelight.agency.queries.photos import photo_of_file
from safelight.cli.agencies import iso, opened
from safelight.cli.opening import country, day, read_input, write_output
from safelight.cli.output import Output, yes_or_no
from safelight.domain.errors import ExitCode, SafelightError, WrongUsage
from safelight.domain.plurals import counted
from safelight.domain.usage import Blocker

_LARGEST_BATCH = 256 * 1024 * 1024


def run_may(given: argparse.Namespace, output: Output) -> ExitCode:
    """``agency may``."""
    if given.batch is not None:
        return _run_batch(given, output)
    if given.use is None or given.territory is None:
        raise WrongUsage("Which use, and where?", "Give --use and --territory.")
    with opened(given, output) as agency:
        asked_on = day(given.on, agency.today())
        place = country(given.territory, agency.identity.country)
        photo = given.photo if given.file is None else photo_of_file(agency, given.file)
        answer, _ = questions.may(agency, photo, given.use, place, asked_on)
        consent_ends = questions.consent_until(agency, answer)
    decision = answer.decision
    if answer.question.day != answer.today:
        output.note(f"This answers for {answer.question.day}; today is {answer.today}.")
    output.result(_answer(answer), *_told(answer, consent_ends))
    return yes_or_no(decision.allowed)


def _run_batch(given: argparse.Namespace, output: Output) -> ExitCode:
    """A line of JSON for every line of JSON, in their order."""
    if (given.use, given.territory, given.on) != (None, None, None):
        raise WrongUsage("With --batch, use, place and day stand in the lines of the file.", "Nothing was asked.")
    untrusted = read_input(given.batch, _LARGEST_BATCH)
    with opened(given, output) as agency:
        answers, _ = batches.may_batch(agency, untrusted)
    documents = [_wrong(each) if isinstance(each, SafelightError) else _answer(each) for each in answers]
    output.result(documents, *(json.dumps(each, sort_keys=True) for each in documents))
    return ExitCode.MALFORMED if any(isinstance(each, SafelightError) for each in answers) else ExitCode.DONE


def _wrong(error: SafelightError) -> dict[str, Any]:
    return {"allowed": False, "error": error.title, "hint": error.hint}


def _answer(answer: questions.UsageAnswer) -> dict[str, Any]:
    question, decision = answer.question, answer.decision
    return {
        "allowed": decision.allowed,
        "photo": question.photo or None,
        "use": question.use,
        "territory": question.place,
        "on": question.day.isoformat(),
        "today": answer.today.isoformat(),
        "clause": decision.clause,
        "blocker": decision.blocker.value if decision.blocker else None,
        "expires": iso(decision.expires),
        "records": decision.records,
        "seen": [each.value if each else None for each in decision.seen],
        "studio": answer.studio or None,
        "bundle": answer.bundle,
        "status_until": iso(answer.fresh_until),
        **_late(answer),
    }


def _late(answer: questions.UsageAnswer) -> dict[str, Any]:
    """Asked too late: since when nobody vouches for the answer, and what it would be if somebody did."""
    fresh = answer.if_fresh
    if fresh is None:
        return {}
    return {
        "vouched_until": iso(answer.fresh_until),
        "if_fresh": {
            "allowed": fresh.allowed,
            "clause": fresh.clause,
            "blocker": fresh.blocker.value if fresh.blocker else None,
            "expires": iso(fresh.expires),
        },
    }


def _told(answer: questions.UsageAnswer, consent_ends: date | None) -> list[str]:
    decision = answer.decision
    if decision.allowed:
        lines = [f"yes, until {decision.expires}", f"clause: {decision.clause}"]
        if consent_ends != decision.expires:
            most = f"at most until {consent_ends}" if consent_ends else "as long as the consent holds"
            lines.append(
                f"Until then the studio vouches for it. A newer list (agency refresh FILE) prolongs it, {most}."
            )
        return lines
    lines = [f"no: {decision.blocker.value if decision.blocker else 'not allowed'}", f"clause: {decision.clause}"]
    fresh = answer.if_fresh
    if fresh is not None and decision.blocker is Blocker.STALE:
        since = f" since {answer.fresh_until}" if answer.fresh_until else ""
        would = (
            f"yes, until {fresh.expires}" if fresh.allowed else f"no: {fresh.blocker.value if fresh.blocker else ''}"
        )
        lines.append(f"The studio has not vouched for its answers{since}. If it still does: {would}.")
        lines.append("Take in its status list, or the folder it publishes: agency refresh FILE|DIR|URL")
    if not answer.studio:
        lines.append("The photo is in no bundle that was imported here.")
    return lines


def run_report(given: argparse.Namespace, output: Output) -> ExitCode:
    """``agency report``."""
    with opened(given, output) as agency:
        rows, _ = reports.report_rows(agency)
    vouched = sum(each.ends is reports.End.STATUS_LIST for each in rows)
    if vouched:
        output.note(
            f"{counted(vouched, 'yes', 'yeses')}: 'until' is the last day the studio vouches for, not the end of the "
            "consent. A newer status list (agency refresh FILE) prolongs it, at most until 'consent_until'."
        )
    text = reports.report_csv(rows)
    document: Any = [
        {
            "photo": each.photo,
            "studio": each.studio,
            "use": each.use,
            "place": each.place,
            "allowed": each.allowed,
            "until": iso(each.until),
            "ends": each.ends,
            "consent_until": iso(each.consent_until),
            "places": each.places,
            "clause": each.clause,
            "blocker": each.blocker or None,
            "vouched_until": iso(each.vouched_until),
            "if_fresh": each.if_fresh or None,
        }
        for each in rows
    ]
    if given.output is None:
        output.result(document, *text.splitlines())
        return ExitCode.DONE
    write_output(given.output, text.encode())
    told = f"{counted(len(rows), 'row')} written to {given.output}."
    output.result({"report": str(given.output), "rows": len(rows)}, told)
    return ExitCode.DONE

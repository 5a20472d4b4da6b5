"""Commands with which an agency follows withdrawals: apply notices, register uses, answer the studio."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from safelight.agency import answering, applying, registered_uses
from safelight.cli.agencies import iso, opened
from safelight.cli.opening import check_output, country, write_output
from safelight.cli.output import Output
from safelight.documents.acknowledgements import Reply, UseKind
from safelight.domain.errors import ExitCode, WrongUsage
from safelight.domain.plurals import counted
from safelight.storage.withdrawal_rows import RegisteredUse


def run_apply(given: argparse.Namespace, output: Output) -> ExitCode:
    """``agency apply``."""
    with opened(given, output) as agency:
        done, _ = applying.apply_notices(agency, given.notice, given.delete)
    for warning in done.warnings:
        output.note(warning)
    output.result(applied_document(done), *applied_lines(done, given.delete))
    return ExitCode.DONE


def applied_document(done: applying.Applied) -> dict[str, Any]:
    """What notices did, for programs."""
    return {
        "studio": done.studio,
        "applied": done.new,
        "already": done.already,
        "newly_ended": done.ended,
        "held_back": done.held_back,
        "in_use": done.in_use,
        "deleted": done.deleted,
        "missing": done.missing,
        "warnings": done.warnings,
        "answer_by": iso(done.due),
    }


def applied_lines(done: applying.Applied, delete: bool) -> list[str]:
    """What notices did, for people."""
    if not done.new:
        lines = [f"{_notices(done.already)} of {done.studio} {_was(done.already)} applied before."]
    else:
        records = f"{counted(done.ended, 'more record')} {'has' if done.ended == 1 else 'have'} ended"
        lines = [f"{_notices(done.new)} of {done.studio} {_was(done.new)} applied; {records}."]
    if done.deleted:
        lines.append(f"{counted(len(done.deleted), 'picture')} destroyed; rows, records and proof stay.")
    if done.held_back:
        more = "" if delete else " (--delete destroys them where the studio asked to)"
        lines.append(f"{counted(len(done.held_back), 'photo')} held back: nothing allows any use{more}.")
    if done.in_use:
        lines.append(f"{counted(len(done.in_use), 'photo')} named that something else still allows: ask 'agency may'.")
    lines.append(f"Answer by {done.due}: safelight agency ack -o FILE")
    return lines


def _notices(numbers: Sequence[int]) -> str:
    few = ", ".join(map(str, numbers[:5])) + (" and more" if len(numbers) > 5 else "")
    return f"Notice{'' if len(numbers) == 1 else 's'} {few}"


def _was(numbers: Sequence[int]) -> str:
    return "was" if len(numbers) == 1 else "were"


def run_ack(given: argparse.Namespace, output: Output) -> ExitCode:
    """``agency ack``."""
    beside = given.output.with_name(f"{given.output.name}.sig")
    for each in (given.output, beside):
        check_output(each)
    kept, uses = _reasons(given.kept, "--kept GUID=WHY"), _reasons(given.use_kept, "--use-kept NAME=WHY")
    reasons = answering.Reasons(kept, uses)
    with opened(given, output) as agency:
        written, _ = answering.answer_notices(agency, given.studio, reasons)
    # The signature first: whoever sees the answer finds what vouches for it.
    write_output(beside, written.signature.encode())
    write_output(given.output, written.content)
    counts = {each: written.count(each) for each in Reply}
    document = {
        "studio": written.studio,
        "number": written.ack.number,
        "ack": str(given.output),
        "signature": str(beside),
        "notices": [each.number for each in written.ack.notices],
        **{each.value.replace("-", "_"): count for each, count in counts.items()},
    }
    told = ", ".join(f"{count} {each.value}" for each, count in counts.items())
    notices = counted(len(written.ack.notices), "notice")
    output.result(
        document,
        f"Answer {written.ack.number} to {written.studio}, about {notices}: {told}.",
        f"Send both files: {given.output} and {beside}",
    )
    return ExitCode.DONE


def _reasons(told: Sequence[str], how: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in told:
        what, sign, why = each.partition("=")
        if not sign or not what.strip():
            raise WrongUsage(f"'{each[:60]}' is no reason.", f"Nothing was written. Give {how}.")
        found[what.strip().removeprefix("urn:uuid:")] = why
    return found


def run_used(given: argparse.Namespace, output: Output) -> ExitCode:
    """``agency used``."""
    if given.list:
        return _run_list(given, output)
    if given.photo is None or given.name is None or given.kind is None:
        raise WrongUsage("Which photo was used, and where?", "Give GUID --in NAME --kind KIND, or --list.")
    if given.ended and (given.use or given.territory):
        raise WrongUsage("What ended is told by photo, name and kind alone.", "Nothing was changed.")
    with opened(given, output) as agency:
        place = country(given.territory, agency.identity.country) if given.use else None
        made = registered_uses.UsedFor(given.photo, UseKind(given.kind), given.name, given.use, place)
        if given.ended:
            ended, _ = registered_uses.end_use(agency, made)
            said = "is noted as taken down" if ended else "was noted as taken down before"
            output.result({"photo": given.photo, "ended": ended}, f"{given.name} {said}.")
            return ExitCode.DONE
        used, _ = registered_uses.register_use(agency, made)
    if not used.allowed:
        output.note(f"Registered, although the answer was no: {used.blocker}.")
    output.result(_use(used), f"{used.photo} is registered as used in {used.name} ({used.kind}).")
    return ExitCode.DONE


def _run_list(given: argparse.Namespace, output: Output) -> ExitCode:
    with opened(given, output) as agency:
        uses = registered_uses.list_uses(agency)
    lines = [
        f"{each.photo}  {each.kind:10}  {each.name}  since {each.at.date()}"
        + (f", ended {each.ended_at.date()}" if each.ended_at else "")
        + ("" if each.allowed else f"  (not allowed then: {each.blocker})")
        for each in uses
    ]
    output.result([_use(each) for each in uses], *(lines or ["No use is registered."]))
    return ExitCode.DONE


def _use(used: RegisteredUse) -> dict[str, Any]:
    return {
        "photo": used.photo,
        "kind": used.kind,
        "in": used.name,
        "at": iso(used.at),
        "use": used.use,
        "territory": used.place,
        "allowed": used.allowed,
        "blocker": used.blocker or None,
        "expires": iso(used.until),
        "ended_at": iso(used.ended_at),
    }

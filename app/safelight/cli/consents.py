"""Commands that record, show and check consents."""

from __future__ import annotations

import argparse
import platform
from pathlib import Path

from safelight.capture.ink import InkPoint, inkml, read_inkml
from safelight.cli.consent_lines import recorded_lines, shown_lines
from safelight.cli.opening import day, opened, read_input, uses, within, write_output
from safelight.cli.output import Output
from safelight.cli.pins import pin_of
from safelight.cli.secrets import at_terminal, confirmed
from safelight.documents.answers import read_answers
from safelight.documents.plain import to_plain
from safelight.documents.reading import parse_json
from safelight.domain.clearance import CHECK_POINTS
from safelight.domain.days import NO_ZONE
from safelight.domain.errors import ExitCode, Malformed, WrongUsage
from safelight.domain.reads import Door, Looked
from safelight.domain.record import Method, SignatureKind
from safelight.studio import consents, staff, subjects, transcripts, validations
from safelight.studio.notices import printed_notice
from safelight.studio.queries.consents import consent_rows, recorded_rows
from safelight.studio.queries.sessions import session_of
from safelight.studio.read_audit import count_read, reader_at
from safelight.studio.recipients import recipient_named

INK_LIMIT = 2 * 1024 * 1024


def run_record(given: argparse.Namespace, output: Output) -> ExitCode:
    """``consent record``: marked with its method; it never pretends to be the subject's own taps."""
    with opened(given, output) as studio:
        person = subjects.find_subject(studio, given.subject, within(studio, given))
        session = session_of(studio, person.id)
        answers = read_answers(
            read_input(given.choices), session.country, lambda wanted: recipient_named(studio, wanted)
        )
        by = staff.find_staff(studio, given.by).id if given.by else session.photographer
        transcript = transcripts.Transcript(
            method=Method(given.method),
            by=by,
            device=f"command line on {platform.system()}",
            signed_on=day(given.signed_on, studio.now_at(session).day) if given.signed_on else None,
            scan=read_input(given.scan, transcripts.SCAN_LIMIT) if given.scan else None,
            notice=printed_notice(studio, given.form) if given.form else None,
        )
        recorded, _ = transcripts.record_transcript(studio, session, person, answers, _evidence(given), transcript)
        signing, uses = recorded_rows(studio, recorded.receipt)
    document = to_plain(recorded.receipt) | {
        "statement_sha256": recorded.statement_sha256,
        "excluded_contexts": list(signing.excluded_contexts),
        "allowed_contexts": list(signing.allowed_contexts),
    }
    lines = recorded_lines(signing, uses, session.zone or NO_ZONE)
    output.result(document, f"Recorded as {recorded.receipt.id} ({given.method}).", *lines)
    return ExitCode.DONE


def _evidence(given: argparse.Namespace) -> consents.Evidence:
    if given.typed is not None:
        if not given.typed.strip():
            raise WrongUsage("A typed signature needs a name.", "Nothing was recorded.")
        return consents.Evidence(SignatureKind.TYPED, given.typed.strip().encode())
    return consents.Evidence(SignatureKind.INK, _ink(given.ink))


def _ink(path: Path) -> bytes:
    """InkML as it is, or JSON strokes (lists of [x, y, pressure, milliseconds]) made into InkML."""
    untrusted = read_input(path, INK_LIMIT)
    if untrusted.lstrip()[:1] == b"<":
        made = untrusted
    else:
        raw = parse_json(untrusted, "file of strokes")
        try:
            made = inkml(tuple(tuple(_point(*point) for point in stroke) for stroke in raw))
        except (TypeError, ValueError):
            raise Malformed("The strokes are not lists of [x, y, pressure, ms].", "Nothing was recorded.") from None
        except WrongUsage as error:
            raise Malformed(error.title, "Nothing was recorded.") from None
    if not any(read_inkml(made)):
        raise Malformed("The file of strokes is empty, so nobody signed.", "Nothing was recorded.")
    return made


def _point(x: float, y: float, pressure: float = 0.5, milliseconds: float = 0) -> InkPoint:
    return InkPoint(float(x), float(y), float(pressure), int(milliseconds))


def run_show(given: argparse.Namespace, output: Output) -> ExitCode:
    """``consent show``."""
    with opened(given, output) as studio:
        person = subjects.find_subject(studio, given.subject, within(studio, given))
        rows = consent_rows(studio, person.id)
        count_read(studio, [person.id], Looked.ANSWERS, reader_at(Door.TERMINAL))
        zone = session_of(studio, person.id).zone or NO_ZONE
        scan = transcripts.newest_scan(studio, person.id) if given.scan else None
    if scan is not None:
        write_output(given.scan, scan)
    document = {
        "subject": rows.subject,
        "receipt": rows.receipt,
        "states": {state.scope: to_plain(state) for state in rows.states},
        "uses": to_plain(rows.uses),
        "signings": to_plain(rows.signings),
        "validated": to_plain(rows.validated) if rows.validated else None,
    }
    output.result(document, *shown_lines(rows, zone))
    return ExitCode.DONE


def run_validate(given: argparse.Namespace, output: Output) -> ExitCode:
    """``consent validate``."""
    with opened(given, output) as studio:
        person = subjects.find_subject(studio, given.subject, within(studio, given))
        reviewer = staff.find_staff(studio, given.by)
        sheet = validations.check_sheet(studio, person.id, reviewer)
        said = uses(given.points) if given.points is not None else _confirmed(sheet, person.name, output)
        points = validations.every_point(said)
        pin = pin_of(given.pin_file, reviewer.name)
        validation, _ = validations.validate_consent(studio, person.id, reviewer, pin, points, sheet.receipts)
    document = to_plain(validation) | {"points": points, "receipts": sheet.receipts}
    output.result(document, f"Checked by {reviewer.name} on {validation.on}: {', '.join(sheet.receipts)}.")
    return ExitCode.DONE


def _confirmed(sheet: validations.CheckSheet, name: str, output: Output) -> tuple[str, ...]:
    """The points that somebody at the terminal says yes to, after reading what is being checked."""
    if not at_terminal():
        known = ",".join(CHECK_POINTS)
        raise WrongUsage("Which points were checked?", f"Give --points {known}; at a terminal each one is asked.")
    for file in sheet.files:
        signed = file.receipt.signing
        output.note(f"{name}, receipt {file.receipt.id}, signed {signed.day} ({signed.method.value}):")
        for each in file.receipt.records:
            output.note(f"  {each.scope}: {'yes, until ' + str(each.last_day) if each.grant else 'no'}")
    return tuple(point for point, told in validations.POINTS.items() if confirmed(told))

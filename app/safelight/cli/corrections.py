"""The command that puts right what is known of a person, and how corrections are told."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from safelight.cli.actors import actor
from safelight.cli.opening import country, day, opened, within
from safelight.cli.output import Output
from safelight.cli.parser_access import CORRECTED
from safelight.cli.people_fields import guardian, language
from safelight.documents.plain import to_plain
from safelight.domain.errors import ExitCode, WrongUsage
from safelight.domain.people import Subject
from safelight.domain.plurals import counted
from safelight.settings.zones import at_place
from safelight.studio.corrections import CorrectionRow
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.lookup import find_subject
from safelight.studio.queries.person import person_page
from safelight.studio.subject_changes import SubjectChange, correct_subject


def run_correct(given: argparse.Namespace, output: Output) -> ExitCode:
    """``correct``."""
    with opened(given, output) as studio:
        person = find_subject(studio, given.subject, within(studio, given))
        by = actor(studio, given.by, person.id)
        wanted = _change(studio, person, given.values)
        (person, differing), _ = correct_subject(studio, person.id, wanted, given.reason, by)
        page = person_page(studio, person.id)
    old = page.corrections[-1].receipts if differing else ()
    lines = [f"corrected: {', '.join(differing)}" if differing else "nothing was different"]
    if old:
        lines.append(f"{counted(len(old), 'receipt')} still show the old value, as signed: {', '.join(old)}")
    document = {"subject": to_plain(person), "fields": list(differing), "receipts": list(old)}
    output.result(document, f"{person.id}  {person.name}", *lines)
    return ExitCode.DONE


def correction_lines(rows: Sequence[CorrectionRow], zone: str) -> list[str]:
    """A line for each correction: when, which fields, why, and which receipts show the old value."""
    lines = []
    for row in rows:
        made = row.correction
        why = f" ({made.reason})" if made.reason else ""
        old = f"; as before on receipts {', '.join(row.receipts)}" if row.receipts else ""
        lines.append(f"{at_place(zone, made.at):%Y-%m-%d}: {', '.join(made.fields)} changed{why}{old}")
    return lines


def _change(studio: OpenStudio, person: Subject, values: Sequence[str]) -> SubjectChange:
    told: dict[str, list[str]] = {}
    for each in values:
        field, equals, value = each.partition("=")
        if not equals or field not in CORRECTED:
            raise WrongUsage(f"'{each[:60]}' says nothing that can be put right.", f"Fields: {', '.join(CORRECTED)}.")
        told.setdefault(field, []).append(value.strip())
    several = [field for field, said in told.items() if len(said) > 1 and not field.endswith("guardian")]
    if several:
        raise WrongUsage(f"'{several[0]}' is given twice.", "Nothing was changed.")

    def one(field: str) -> str | None:
        return told[field][0] if field in told else None

    name, said, place, born = one("name"), one("language"), one("country"), one("born")
    return SubjectChange(
        name=None if name is None else " ".join(name.split()),
        language=None if said is None else language(said),
        country=None if place is None else country(place or "?", person.country),
        born=None if born is None else day(born or "?", studio.today()),
        email=one("email"),
        phone=one("phone"),
        reference=one("reference"),
        department=one("department"),
        guardians=tuple(guardian(each) for each in told.get("guardian", ())),
        without_guardians=tuple(told.get("without-guardian", ())),
    )

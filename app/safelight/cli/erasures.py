"""``erase``: the plan, the erasure itself, and the certificate from a check made afterwards."""

from __future__ import annotations

import argparse

from safelight.cli.erasure_lines import keys_gone, plan_lines
from safelight.cli.opening import check_output, opened, within, write_output
from safelight.cli.output import Output
from safelight.documents.plain import to_plain
from safelight.domain.errors import ExitCode, WrongUsage
from safelight.domain.plurals import counted
from safelight.rights.erasure import ErasureCertificate
from safelight.studio.certifying import certificate_pdf, certify
from safelight.studio.erasing import ErasedPerson, erase
from safelight.studio.queries.erasing import erasure_plan, find_erasure
from safelight.studio.queries.lookup import find_subject
from safelight.studio.queries.people import same_people
from safelight.studio.staff import find_staff
from safelight.studio.staying import name_of


def run_erase(given: argparse.Namespace, output: Output) -> ExitCode:
    """``erase``."""
    if given.output is not None:
        check_output(given.output)
    if given.certificate:
        return _certificate(given, output)
    with opened(given, output) as studio:
        person = find_subject(studio, given.subject, within(studio, given))
        linked = same_people(studio, person.id) if given.also_linked else ()
        people = (person.id, *linked)
        if given.plan:
            plans = [erasure_plan(studio, each) for each in people]
            lines = [line for each in plans for line in plan_lines(each, lambda id: name_of(studio, id))]
            output.result([to_plain(each) for each in plans], *lines, "Nothing was changed: --yes does it.")
            return ExitCode.DONE
        by = find_staff(studio, given.by).id if given.by else None
        done, _ = erase(studio, people, by)
        made = [certify(studio, each.row) for each in done.people if each.row.portrait_at is not None]
        if given.output is not None and made:
            write_output(given.output, certificate_pdf(studio, made[0]))
    lines = [line for each in done.people for line in _told(each)]
    lines.append(f"{counted(len(done.notices), 'notice')} issued: 'notice export' writes each one.")
    lines += [line for each in made for line in _checked(each.certificate)]
    document = {
        "people": [{"erasure": to_plain(each.row), "plan": to_plain(each.plan)} for each in done.people],
        "certificates": [to_plain(each.certificate) for each in made],
        "notices": [{"id": each.id, "recipient": each.recipient, "number": each.number} for each in done.notices],
    }
    output.result(document, *lines)
    return ExitCode.DONE if all(each.row.portrait_at is not None for each in done.people) else ExitCode.NO


def _certificate(given: argparse.Namespace, output: Output) -> ExitCode:
    """``erase --certificate``: look again for somebody who was erased; the person's id will do."""
    with opened(given, output) as studio:
        try:
            row = find_erasure(studio, given.subject)
        except WrongUsage:
            row = find_erasure(studio, find_subject(studio, given.subject, within(studio, given)).id)
        made = certify(studio, row)
        if given.output is not None:
            write_output(given.output, certificate_pdf(studio, made))
    output.result(to_plain(made.certificate), *made.lines())
    return ExitCode.DONE if made.certificate.nothing_left else ExitCode.NO


def _checked(made: ErasureCertificate) -> list[str]:
    looked = sum(each.looked_for for each in made.found)
    left = sum(each.left for each in made.found)
    lines = [f"Looked for {counted(looked, 'thing')} of {made.person}: {left} found (erasure {made.id})."]
    lines += [f"Not reached, and named by 'studio check' until it is: {each}" for each in made.places]
    return lines


def _told(each: ErasedPerson) -> list[str]:
    row = each.row
    lines = [f"{row.person}: {' and '.join(keys_gone(row))}; {counted(len(each.ended), 'yes', 'yeses')} ended."]
    if row.portrait_at is None:
        holds = ", ".join(hold.id for hold in each.plan.photos_wait)
        lines.append(f"Photos and ink wait for {holds}; 'hold release' finishes it.")
    if row.evidence_at is None:
        lines.append(f"The proof stays until {row.evidence_due}.")
    return lines

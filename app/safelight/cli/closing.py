"""Closes a session with its report: what is open and what to do about it, then the PDF and the signed statement."""

from __future__ import annotations

import argparse
import json

from safelight.cli.opening import check_output, opened, write_output
from safelight.cli.output import Output
from safelight.domain.closing import Left
from safelight.domain.errors import ExitCode, WrongUsage
from safelight.studio import closing
from safelight.studio.closing import reconcile
from safelight.studio.queries.lookup import find_session
from safelight.studio.queries.reconciling import release_findings
from safelight.studio.staff import find_staff

_WHAT_TO_DO = {
    Left.NOBODY: "photos of nobody ('photo assign' gives them to somebody)",
    Left.CHECK: "photos taken close to a change of person ('photo assign' confirms)",
    Left.UNACCOUNTED: "people without a photo ('subject attendance' says absent or not photographed)",
    Left.UNANSWERED: "photographed people without an answer",
    Left.WITHOUT_GUARDIAN: "minors without a guardian ('subject change --guardian')",
    Left.UNCHECKED: "people whose answers a second person must check ('consent validate')",
    Left.RELEASE: "forms that would lack something ('session releases')",
    Left.ONE_PLACE: "photos in one place only ('studio copy')",
}


def close_with_report(given: argparse.Namespace, output: Output) -> ExitCode:
    """``session close --report``."""
    pdf = given.report
    if pdf.suffix.lower() != ".pdf":
        raise WrongUsage("The report is a PDF.", "Nothing was changed; give --report F.pdf.")
    places = (pdf, pdf.with_suffix(".json"), pdf.with_suffix(".json.sig"))
    for each in places:
        check_output(each)
    with opened(given, output) as studio:
        session = find_session(studio, given.session)
        by = find_staff(studio, given.by).id if given.by else session.photographer
        findings = release_findings(studio, session, given.profile)
        lines = []
        for point in reconcile(studio, session, findings, output.report).points:
            people, photos = [each.name for each in point.people], [each.name for each in point.photos]
            names = people or photos or list(point.said)
            more = f" and {len(names) - 5} more" if len(names) > 5 else ""
            named = f" ({', '.join(names[:5])}{more})" if names else ""
            lines.append(f"still open: {_WHAT_TO_DO[point.what]}: {point.count}{named}")
        if not given.anyway:
            for line in lines:
                output.note(line)
        made, _ = closing.close_with_report(
            studio, session, by, given.anyway, findings, given.language or "", output.report
        )
    for place, content in zip(places, (made.pdf, made.statement, made.signature.encode()), strict=True):
        write_output(place, content)
    told = json.loads(made.statement)
    counts = f"{told['people']['listed']} on the list, {told['frames']['kept']} frames"
    document = {"statement": told, "report": str(pdf)}
    output.result(document, *lines, f"{session.name} is closed: {counts}. {pdf.name} says so.")
    return ExitCode.DONE

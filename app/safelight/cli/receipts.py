"""Commands about receipts and forms; apart, because what draws and signs a PDF takes a second to load."""

from __future__ import annotations

import argparse

from safelight.cli.opening import opened, within, write_output
from safelight.cli.output import Output
from safelight.domain.errors import ExitCode, WrongUsage
from safelight.domain.ids import is_language
from safelight.studio import forms, receipts, subjects


def run_receipt(given: argparse.Namespace, output: Output) -> ExitCode:
    """``receipt``."""
    with opened(given, output) as studio:
        person = subjects.find_subject(studio, given.subject, within(studio, given))
        pdf, _ = receipts.issue_receipt(studio, person.id)
    write_output(given.output, pdf)
    output.result({"receipt": str(given.output), "size": len(pdf)}, f"{given.output} is the receipt of {person.name}.")
    return ExitCode.DONE


def run_form(given: argparse.Namespace, output: Output) -> ExitCode:
    """``consent form``."""
    if given.language is not None and not is_language(given.language):
        raise WrongUsage(f"'{given.language[:20]}' is not a language.", "Write a tag like de or zh-Hans.")
    with opened(given, output) as studio:
        session, person = forms.whose_form(studio, given.whose)
        (pdf, text), _ = forms.paper_form(studio, session, person, given.language)
    write_output(given.output, pdf)
    output.result(
        {"form": str(given.output), "size": len(pdf), "text_sha256": text},
        f"{given.output} is the form for {person.name if person else 'anybody of ' + session.name}.",
        f"When it is signed: consent record … --method paper --form {text[:12]} --signed-on DAY --scan FILE",
    )
    return ExitCode.DONE


def run_stamps(given: argparse.Namespace, output: Output) -> ExitCode:
    """``studio stamps``."""
    with opened(given, output) as studio:
        receipts.set_time_authority(studio, None if given.off else given.authority)
    told = "Receipts are signed without one." if given.off else f"Receipts are stamped by {given.authority}."
    output.result({"authority": None if given.off else given.authority}, told)
    return ExitCode.DONE

"""Commands about receipts; apart, because what draws and signs a PDF takes a second to load."""

from __future__ import annotations

import argparse

from safelight.cli.opening import opened, write_output
from safelight.cli.voice import Voice
from safelight.domain.errors import ExitCode
from safelight.studio import receipts, subjects


def run_receipt(given: argparse.Namespace, voice: Voice) -> ExitCode:
    """``receipt``."""
    with opened(given, voice) as studio:
        person = subjects.find_subject(studio, given.subject)
        pdf, _ = receipts.issue_receipt(studio, person.id)
    write_output(given.output, pdf)
    voice.result({"receipt": str(given.output), "size": len(pdf)}, f"{given.output} is the receipt of {person.name}.")
    return ExitCode.DONE


def run_stamps(given: argparse.Namespace, voice: Voice) -> ExitCode:
    """``studio stamps``."""
    with opened(given, voice) as studio:
        receipts.set_time_authority(studio, None if given.off else given.authority)
    told = "Receipts are signed without one." if given.off else f"Receipts are stamped by {given.authority}."
    voice.result({"authority": None if given.off else given.authority}, told)
    return ExitCode.DONE

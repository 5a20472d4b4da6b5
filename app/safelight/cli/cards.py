"""The command that says whether a card may be formatted."""

from __future__ import annotations

import argparse

from safelight.capture.decoder_pool import DecoderPool
from safelight.cli.opening import opened
from safelight.cli.output import Output, yes_or_no
from safelight.domain.days import NO_ZONE
from safelight.domain.errors import ExitCode
from safelight.settings.zones import at_place
from safelight.studio.card_report import CardReport, card_report
from safelight.studio.queries.lookup import find_session


def run_verify(given: argparse.Namespace, output: Output) -> ExitCode:
    """``capture verify``."""
    with opened(given, output) as studio, DecoderPool() as decoders:
        session = find_session(studio, given.session)
        told = card_report(studio, session, given.paths, decoders, output.report)
    document = {
        "safe": told.safe, "total": told.total, "past_cache": told.past_cache, "slates": told.slates,
        "may_be_formatted": told.may_be_formatted,
        "missing": [{"name": name, "why": why} for name, why in told.missing],
    }  # fmt: skip
    output.result(document, *_lines(told, f"{at_place(session.zone or NO_ZONE, told.at):%H:%M}"))
    return yes_or_no(told.may_be_formatted)


def _lines(told: CardReport, at: str) -> list[str]:
    lines = [f"{name}: {why}" for name, why in told.missing]
    if told.may_be_formatted:
        return [f"safe to format: {told.safe} of {told.total}, read back at {at}."]
    if not told.total:
        return ["There is no picture here."]
    if told.missing:
        return [*lines, f"NOT safe to format: {told.safe} of {told.total} are in the archive, read back at {at}."]
    return [
        f"{told.safe} of {told.total} are in the archive, but this system read them from memory, not from the disk:",
        "restart this machine and verify again before the card is formatted.",
    ]

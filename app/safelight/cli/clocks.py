"""Commands about the clock of a studio or an agency: how it stands, confirming one that is ahead, the way back."""

from __future__ import annotations

import argparse
from datetime import datetime

from safelight.agency import clock as agency_clocks
from safelight.cli import agencies
from safelight.cli.opening import day, opened
from safelight.cli.output import Output
from safelight.documents.times import rfc3339
from safelight.domain.errors import ExitCode, WrongUsage
from safelight.studio import clock as studio_clocks
from safelight.studio.staff import find_staff


def run_studio(given: argparse.Namespace, output: Output) -> ExitCode:
    """``studio clock``."""
    _check(given)
    with opened(given, output) as studio:
        if given.confirm:
            by = find_staff(studio, given.by)
            at, _ = studio_clocks.confirm_clock(studio, day(given.confirm, studio.clock().date()), by.id)
            return _done(output, at)
        if given.back:
            return _done(output, studio_clocks.set_clock_back(studio, find_staff(studio, given.by).id)[0])
        return _told(output, studio_clocks.studio_clock(studio))


def run_agency(given: argparse.Namespace, output: Output) -> ExitCode:
    """``agency clock``."""
    _check(given)
    with agencies.opened(given, output) as agency:
        if given.confirm:
            at, _ = agency_clocks.confirm_clock(agency, day(given.confirm, agency.clock().date()), given.by)
            return _done(output, at)
        if given.back:
            return _done(output, agency_clocks.set_clock_back(agency, given.by)[0])
        return _told(output, agency_clocks.agency_clock(agency))


def _check(given: argparse.Namespace) -> None:
    if (given.confirm or given.back) and not given.by:
        raise WrongUsage("Who says so?", "Give --by NAME; the journal keeps it.")


def _done(output: Output, newest: datetime) -> ExitCode:
    output.result({"newest_seen": rfc3339(newest)}, f"The newest time seen is {rfc3339(newest)} now.")
    return ExitCode.DONE


def _told(output: Output, known: studio_clocks.StudioClock | agency_clocks.AgencyClock) -> ExitCode:
    shows, newest = rfc3339(known.shows), rfc3339(known.newest_seen)
    verdict = "The two fit."
    if known.ahead:
        verdict = f"That is too far ahead to be believed. If it is right: --confirm {known.shows.date()} --by NAME"
    elif known.set_back:
        verdict = "That is earlier. If the clock is right now and was far ahead once: --back --by NAME"
    document = {"clock": shows, "newest_seen": newest, "ahead": known.ahead, "set_back": known.set_back}
    output.result(document, f"The clock shows {shows}; the newest time seen is {newest}.", verdict)
    return ExitCode.DONE

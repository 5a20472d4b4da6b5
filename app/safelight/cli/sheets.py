"""Commands that print what a shoot needs on paper, and show the code that tells a camera's clock."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime

from safelight.capture.clock_codes import clock_text
from safelight.cli.opening import check_output, opened, write_output
from safelight.cli.output import Output
from safelight.domain.errors import ExitCode, WrongUsage
from safelight.domain.plurals import counted
from safelight.domain.sheets import Paper, SheetKind
from safelight.studio import card_sheets
from safelight.studio.queries.lookup import find_session
from safelight.studio.staff import find_staff
from safelight.studio.subjects import find_subject

_FRESH = 0.25
"""Seconds a clock code is shown before the next one takes its place."""
_QUIET = 4
_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def run_cards(given: argparse.Namespace, output: Output) -> ExitCode:
    """``roster cards``."""
    kind = SheetKind(given.kind)
    if given.new is not None and kind is not SheetKind.SPARES:
        raise WrongUsage("Only spare cards are made new.", "Nothing was written; add --kind spares.")
    check_output(given.out)
    with opened(given, output) as studio:
        session = find_session(studio, given.session)
        people = [find_subject(studio, each, session).id for each in given.subject] or None
        if given.new is not None:
            spares, _ = card_sheets.make_spares(studio, session, given.new)
            people = [each.id for each in spares]
        pdf = card_sheets.card_sheet(studio, session, kind, Paper(given.paper), people, given.language)
        write_output(given.out, pdf)
        made = [each.name for each in card_sheets.spares_of(studio, session) if people and each.id in people]
    told = f"; {made[0]} to {made[-1]} are of the session now" if given.new is not None else ""
    document = {"cards": str(given.out), "kind": kind.value, "made": made if given.new is not None else []}
    output.result(document, f"{given.out} has the {kind.value.replace('-', ' ')} of {session.name}{told}.")
    return ExitCode.DONE


def run_drop(given: argparse.Namespace, output: Output) -> ExitCode:
    """``roster drop``."""
    with opened(given, output) as studio:
        session = find_session(studio, given.session)
        by = find_staff(studio, given.by).id if given.by else session.photographer
        dropped, _ = card_sheets.drop_spares(studio, session, by, output.report)
    told = f"{counted(len(dropped), 'spare card')} nobody used {'was' if len(dropped) == 1 else 'were'} taken out."
    output.result({"dropped": list(dropped)}, told)
    return ExitCode.DONE


def run_clock(given: argparse.Namespace, output: Output) -> ExitCode:
    """``capture clock``: the code of each moment, drawn over the one before, until Ctrl-C or for so many seconds."""
    if given.seconds is not None and not 0 < given.seconds < float("inf"):
        raise WrongUsage("That is no time to show a code for.", "Give seconds, like --seconds 30.")
    until = time.monotonic() + given.seconds if given.seconds is not None else None
    shown_at, drawn = datetime.now(UTC), ""
    while True:
        shown_at = datetime.now(UTC)
        rows = _drawn(card_sheets.clock_code(shown_at))
        back = f"\x1b[{drawn.count(chr(10))}A" if drawn and sys.stderr.isatty() else ""
        drawn = "".join(f"{row}\n" for row in rows)
        sys.stderr.write(back + drawn)
        sys.stderr.flush()
        if until is not None and time.monotonic() + _FRESH > until:
            break
        time.sleep(_FRESH)
    document = {"last": clock_text(shown_at), "at": f"{shown_at:%Y-%m-%dT%H:%M:%S}.{shown_at.microsecond // 1000:03}Z"}
    output.result(document, "Every camera that photographed it is known to the clock it had.")
    return ExitCode.DONE


def _drawn(matrix: tuple[tuple[bool, ...], ...]) -> list[str]:
    """Two rows of modules to a line, dark on light whatever the terminal's colours are, with the quiet zone."""
    wide = len(matrix) + 2 * _QUIET
    empty = (False,) * wide
    rows = [empty] * _QUIET + [(False,) * _QUIET + row + (False,) * _QUIET for row in matrix] + [empty] * _QUIET
    rows += [empty] * (len(rows) % 2)
    pairs = zip(rows[::2], rows[1::2], strict=True)
    # Black on white (ECMA-48: 30 and 107), then back to the colours there were.
    return ["\x1b[30;107m" + "".join(_HALVES[cell] for cell in zip(*pair, strict=True)) + "\x1b[0m" for pair in pairs]

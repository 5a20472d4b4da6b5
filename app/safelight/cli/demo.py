"""The command that plays a whole headshot day and leaves it in a folder."""

from __future__ import annotations

import argparse
from itertools import count
from pathlib import Path

from safelight.cli.demonstration import Demonstration
from safelight.cli.output import Output
from safelight.domain.errors import CannotOpen, ExitCode, WrongUsage


def run_demo(given: argparse.Namespace, output: Output) -> ExitCode:
    """``demo``."""
    out: Path = given.out or _unused()
    if not 1 <= given.people <= 500:
        raise WrongUsage("A demo day has between 1 and 500 people.")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise WrongUsage(f"'{out}' is not empty.", "Nothing was changed; give --out a new or empty folder.")
    if given.photos is not None and not given.photos.is_dir():
        raise WrongUsage(f"There is no folder '{given.photos}'.", "Give --photos a folder with portraits.")
    summary, lines = demonstration(given).play_day(out, given.people, given.photos, given.seed, output.report)
    output.result(summary, *lines)
    return ExitCode.DONE


def demonstration(given: argparse.Namespace) -> Demonstration:
    """What ``main`` was handed to play with; raises :class:`CannotOpen` when it was handed nothing."""
    if given.demonstration is None:
        raise CannotOpen("There is nothing to play with here.", "Start it with the program 'safelight'.")
    found: Demonstration = given.demonstration()
    return found


def _unused() -> Path:
    """``demo``, or ``demo-2`` and so on where that is taken: running the demonstration again never fails for it."""
    numbered = (Path("demo" if number == 1 else f"demo-{number}") for number in count(1))
    return next(each for each in numbered if not each.exists())

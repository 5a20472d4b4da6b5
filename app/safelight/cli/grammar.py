"""What every group of commands is built from: a leaf that names the function to run, and a topic that holds leaves."""

from __future__ import annotations

import argparse
from typing import Any

SCOPES_HELP = "uses, separated by commas (see resources/rules/scopes.json)"


def leaf(commands: Any, name: str, run: str, told: str) -> argparse.ArgumentParser:
    """A command that runs ``file:function`` of this room."""
    made: argparse.ArgumentParser = commands.add_parser(name, help=told, description=told)
    made.set_defaults(run=run)
    return made


def topic_of(commands: Any, name: str, told: str) -> Any:
    """A word that needs another one after it; what is returned takes the leaves."""
    topic = commands.add_parser(name, help=told, description=told)
    return topic.add_subparsers(metavar="ACTION", dest="action", required=True)


def clock_of(topic: Any, run: str) -> None:
    """``clock`` of a studio or an agency."""
    clock = leaf(topic, "clock", run, "what the clock shows beside the newest time seen; put right what was wrong")
    what = clock.add_mutually_exclusive_group()
    what.add_argument("--confirm", metavar="DAY", help="the clock is right though far ahead: the day it shows")
    what.add_argument("--back", action="store_true", help="the clock is right now; take back what a wrong one left")
    clock.add_argument("--by", metavar="NAME", help="who says so; the journal keeps it")

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

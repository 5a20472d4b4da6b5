"""What every group of commands is built from: a leaf that names the function to run, and a topic that holds leaves.

Building all of them takes 17 ms, one of them 1 ms (measured), so only those are built whose names stand among the words
that were typed; the others are listed by name, as ``--help`` shows them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import Any

SCOPES_HELP = "uses, separated by commas (see resources/rules/scopes.json)"


@dataclass(frozen=True, slots=True)
class Commands:
    """Where commands are added. ``typed`` are the words on the command line; None: build all of them."""

    _action: Any
    typed: Collection[str] | None

    @classmethod
    def of(cls, parser: argparse.ArgumentParser, typed: Collection[str] | None, **options: Any) -> Commands:
        """The commands of ``parser``; ``options`` as for ``add_subparsers``."""
        options["parser_class"] = partial(_made, type(parser))
        return cls(parser.add_subparsers(**options), typed)

    def add(self, name: str, told: str, description: str) -> argparse.ArgumentParser:
        """A command that is called ``name``. ``told`` is its line in the list, ``description`` heads its own help."""
        # A command is chosen by its whole name and nothing else: what was not typed cannot be meant.
        asked = self.typed is None or name in self.typed
        made: argparse.ArgumentParser = self._action.add_parser(name, help=told, description=description, asked=asked)
        return made


class _Unasked:
    """Stands for a command that nobody typed; whatever is added to it goes nowhere."""

    def __getattr__(self, name: str) -> Callable[..., _Unasked]:
        return lambda *_, **__: self


def _made(kind: type[argparse.ArgumentParser], *, asked: bool, **options: Any) -> argparse.ArgumentParser | _Unasked:
    return kind(**options) if asked else _Unasked()


def leaf(commands: Commands, name: str, run: str, told: str) -> argparse.ArgumentParser:
    """A command that runs ``file:function`` of this room."""
    made = commands.add(name, told, told)
    made.set_defaults(run=run)
    return made


def topic_of(commands: Commands, name: str, told: str) -> Commands:
    """A word that needs another one after it; what is returned takes the leaves."""
    return actions_of(commands.add(name, told, told), commands.typed)


def actions_of(topic: argparse.ArgumentParser, typed: Collection[str] | None) -> Commands:
    """What takes the leaves of ``topic``."""
    return Commands.of(topic, typed, metavar="ACTION", dest="action", required=True)


def clock_of(topic: Commands, run: str) -> None:
    """``clock`` of a studio or an agency."""
    clock = leaf(topic, "clock", run, "what the clock shows beside the newest time seen; put right what was wrong")
    what = clock.add_mutually_exclusive_group()
    what.add_argument("--confirm", metavar="DAY", help="the clock is right though far ahead: the day it shows")
    what.add_argument("--back", action="store_true", help="the clock is right now; take back what a wrong one left")
    clock.add_argument("--by", metavar="NAME", help="who says so; the journal keeps it")

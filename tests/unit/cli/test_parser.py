"""Only what was typed is built of the command line; whoever typed it sees no difference."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import pytest

from safelight.cli.parser import build_parser
from safelight.domain.errors import WrongUsage

Path = tuple[str, ...]


def below(parser: argparse.ArgumentParser, path: Path = ()) -> Iterator[tuple[Path, argparse.ArgumentParser]]:
    """Every parser of a command line with the words that lead to it."""
    yield path, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, each in action.choices.items():
                yield from below(each, (*path, name))


def at(parser: argparse.ArgumentParser, path: Path) -> argparse.ArgumentParser:
    for name in path:
        (commands,) = (each for each in parser._actions if isinstance(each, argparse._SubParsersAction))
        parser = commands.choices[name]
    return parser


def options(parser: argparse.ArgumentParser) -> list[str]:
    """All a parser takes, of commands their names."""
    return [
        repr(list(each.choices)) if isinstance(each, argparse._SubParsersAction) else repr(each)
        for each in parser._actions
    ]


def test_every_command_reads_and_helps_as_if_all_were_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    whole = dict(below(build_parser()))
    assert len(whole) > 100
    for path, each in whole.items():
        few = build_parser(["--json", *path, "--help"])
        assert few.format_help() == whole[()].format_help()
        found = at(few, path)
        assert (found.prog, found.format_help(), found._defaults) == (each.prog, each.format_help(), each._defaults)
        assert options(found) == options(each), path


@pytest.mark.parametrize("typed", [["frobnicate"], ["session"], ["session", "frobnicate"], ["session", "show"]])
def test_what_is_wrong_is_said_in_the_same_words(typed: list[str]) -> None:
    said = []
    for parser in (build_parser(), build_parser(typed)):
        with pytest.raises(WrongUsage) as caught:
            parser.parse_args(typed)
        said.append(str(caught.value))
    assert said[0] == said[1]

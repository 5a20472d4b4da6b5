"""What the README tells people to type exists."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
README = CHECKOUT / "README.md"

# `safelight …`, `./run …`, `python -m safelight …` inside code: a fenced block's line or `back quotes`.
COMMAND = re.compile(r"(?:^|[`$|;&(]\s*|\s)(?:\./run|safelight|python3? -m safelight)((?: +[^\s`|;&>#)]+)*)")
WORD = re.compile(r"[a-z][a-z-]*(?:/[a-z-]+)*")
RUN_ITSELF = {"test"}  # handled by ./run, not by safelight


def code_of(page: str) -> Iterator[str]:
    """The lines of fenced blocks and the insides of `back quotes`."""
    for number, part in enumerate(re.split(r"^```.*$", page, flags=re.MULTILINE)):
        if number % 2:
            yield from part.splitlines()
        else:
            yield from re.findall(r"`([^`\n]+)`", part)


def commands(page: str) -> list[list[str]]:
    """Every command line of safelight named on ``page``, cut into words; `a/b/c` in a table means each of them."""
    found = []
    for line in code_of(page):
        found += [match[1].split() for match in COMMAND.finditer(re.split(r"(?:^|\s)#", line)[0])]
    return found


def subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def options(parser: argparse.ArgumentParser) -> set[str]:
    return {name for action in parser._actions for name in action.option_strings}


def unknown(words: list[str], parser: argparse.ArgumentParser) -> list[str]:
    """The subcommands and options among ``words`` that ``parser`` does not have."""
    faults, here, known = [], [parser], options(parser)
    for word in words:
        choices = {name: sub for one in here for name, sub in subcommands(one).items()}
        option = re.match(r"\[?(--?[a-z][\w-]*)", word)
        if option:
            if option[1] not in known:
                faults.append(option[1])
        elif choices and WORD.fullmatch(word):
            names = word.split("/")
            faults += [name for name in names if name not in choices]
            here = [choices[name] for name in names if name in choices]
            known = known.union(*map(options, here))
    return faults


def test_the_readme_shows_the_two_commands() -> None:
    lines = [line.strip() for line in code_of(README.read_text())]
    assert any(re.match(r"(\$ )?\./run( *#.*)?$", line) for line in lines)
    assert any(re.match(r"(\$ )?\./run test( |$)", line) for line in lines)


def test_every_command_in_the_readme_exists() -> None:
    from safelight.cli.parser import build_parser

    parser = build_parser()
    named = [words for words in commands(README.read_text()) if words and words[0] not in RUN_ITSELF]
    assert named, "the README shows no command at all"
    assert {" ".join(words): unknown(words, parser) for words in named if unknown(words, parser)} == {}


def test_files_the_readme_points_to_exist() -> None:
    page = README.read_text()
    links = [target for target in re.findall(r"\]\(([^)#\s]+)", page) if "://" not in target]
    places = re.findall(r"`((?:app|resources|tests|packaging)/[\w./-]+)`", page)
    assert [place for place in links + places if not (CHECKOUT / place).exists()] == []


@pytest.fixture
def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser()
    whole.add_argument("--json", action="store_true")
    rooms = whole.add_subparsers()
    session = rooms.add_parser("session").add_subparsers()
    session.add_parser("new").add_argument("--place")
    session.add_parser("list")
    rooms.add_parser("demo").add_argument("-o", "--out")
    return whole


@pytest.mark.parametrize(
    ("page", "faults"),
    [
        ("`safelight demo --out D`", []),
        ("`./run --json demo [-o DIR]`", []),
        ("`safelight session new/list --place X`", []),
        ("```\n$ ./run demo --out D | tee log   # safelight dance\n```", []),
        ("```sh\npython -m safelight demo\n```", []),
        ("The word safelight dance in prose.", []),
        ("`safelight dance`", ["dance"]),
        ("`./run demo --people 3`", ["--people"]),
        ("`safelight session new/close`", ["close"]),
        ("```\nsafelight session open S\n```", ["open"]),
    ],
)
def test_a_wrong_command_is_noticed(page: str, faults: list[str], parser: argparse.ArgumentParser) -> None:
    assert [fault for words in commands(page) for fault in unknown(words, parser)] == faults


def leaves(parser: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[str]:
    """Every command that does something, as it is typed."""
    below = subcommands(parser)
    if not below:
        yield " ".join(words)
    for name, sub in below.items():
        yield from leaves(sub, (*words, name))


def test_every_command_names_a_function_that_is_there() -> None:
    from safelight.cli.parser import build_parser

    queue, named = [build_parser()], set()
    while queue:
        parser = queue.pop()
        queue += subcommands(parser).values()
        if isinstance(run := parser.get_default("run"), str):
            named.add(run)
    assert len(named) > 60
    missing = [run for run in sorted(named) if not function_is_there(run)]
    assert missing == []
    assert not function_is_there("sessions:run_nothing") and not function_is_there("nothing:run_list")


def function_is_there(run: str) -> bool:
    """Whether ``file:function`` is defined in a file of the command line; nothing is loaded."""
    name, _, function = run.partition(":")
    path = CHECKOUT / "app" / "safelight" / "cli" / f"{name}.py"
    return path.is_file() and bool(re.search(rf"^def {function}\(", path.read_text(encoding="utf-8"), re.MULTILINE))


def test_the_table_names_every_command_and_no_other() -> None:
    from safelight.cli.parser import build_parser

    table = README.read_text(encoding="utf-8").split("## Commands", 1)[1].split("\n## ", 1)[0]
    first = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    named = [name for cell in first for name in re.findall(r"`([a-z -]+)`", cell)]
    assert sorted(named) == sorted(leaves(build_parser()))

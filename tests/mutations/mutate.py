"""Breaks one rule of the program at a time and runs the tests that must notice; what none notices the tests lack.

``python tests/mutations/mutate.py`` breaks every rule listed in the ``*.toml`` files beside this one, each in a copy of
the checkout, two at a time; ``NAME…`` only these, ``--some N --seed S`` so many drawn at random. It ends with 1 when a
rule was broken and nothing turned red, or when a mutation could not be tried. The checkout itself is never changed.
"""

from __future__ import annotations

import argparse
import os
import queue
import random
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
COPIED = ("app", "resources", "tests", "pyproject.toml")
AT_ONCE = 2
LONGEST = 300.0
"""Seconds; a broken rule may make the program run for ever, and whoever waits for it has noticed."""
TESTS_FAILED = 1
"""How pytest ends when tests failed; any other way but 0 says that they could not be run."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One rule broken: in ``file`` each text of ``edits`` is replaced; ``tests`` (pytest's ids) are to notice it."""

    name: str
    file: str
    edits: tuple[tuple[str, str], ...]
    tests: tuple[str, ...]
    why: str


class Outcome(StrEnum):
    """What came of one."""

    NOTICED = "noticed"
    SURVIVED = "SURVIVED"
    NOT_TRIED = "COULD NOT BE TRIED"


@dataclass(frozen=True, slots=True)
class Tried:
    """One mutation, what came of it, and the last lines pytest said."""

    mutation: Mutation
    outcome: Outcome
    said: str


def mutations() -> tuple[Mutation, ...]:
    """Every mutation, file by file."""
    found = []
    for path in sorted(HERE.glob("*.toml")):
        listed: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))["mutation"]
        for each in listed:
            edits = tuple((one["old"], one["new"]) for one in (each, *each.get("also", ())))
            found.append(Mutation(each["name"], each["file"], edits, tuple(each["tests"]), each["why"]))
    return tuple(found)


def faults(mutation: Mutation) -> Iterator[str]:
    """What is wrong with the entry itself: a text that is not there exactly once, a test that is not there."""
    try:
        source = (CHECKOUT / mutation.file).read_text("utf-8")
    except OSError:
        yield f"{mutation.name}: there is no file {mutation.file}"
        return
    for old, new in mutation.edits:
        if (count := source.count(old)) != 1:
            yield f"{mutation.name}: {old!r} is {count} times in {mutation.file}"
        if old == new:
            yield f"{mutation.name}: nothing is changed"
    for each in mutation.tests:
        path, _, test = each.partition("::")
        defined = rf"^def {re.escape(test.partition('[')[0])}\b"
        if not (CHECKOUT / path).is_file():
            yield f"{mutation.name}: there is no {path}"
        elif test and not re.search(defined, (CHECKOUT / path).read_text(), re.MULTILINE):
            yield f"{mutation.name}: there is no {each}"
    if not mutation.tests or not mutation.why:
        yield f"{mutation.name}: which tests notice it, and why does it matter?"


@contextmanager
def copies(count: int) -> Iterator[queue.SimpleQueue[Path]]:
    """So many copies of what the tests need, each for one mutation at a time."""
    with tempfile.TemporaryDirectory(prefix="safelight-mutations-") as folder:
        waiting: queue.SimpleQueue[Path] = queue.SimpleQueue()
        for number in range(count):
            copy = Path(folder, str(number))
            copy.mkdir()
            for name in COPIED:
                source = CHECKOUT / name
                # With what is compiled, which the times of the files vouch for.
                (shutil.copytree if source.is_dir() else shutil.copy2)(source, copy / name)
            waiting.put(copy)
        yield waiting


def tried(mutation: Mutation, waiting: queue.SimpleQueue[Path]) -> Tried:
    """Break the rule in a copy, run its tests, and put the file back as it was."""
    copy = waiting.get()
    try:
        return _tried(mutation, copy)
    finally:
        shutil.copy2(CHECKOUT / mutation.file, copy / mutation.file)
        waiting.put(copy)


def _tried(mutation: Mutation, copy: Path) -> Tried:
    source = (copy / mutation.file).read_text("utf-8")
    for old, new in mutation.edits:
        source = source.replace(old, new, 1)
    (copy / mutation.file).write_text(source, "utf-8")
    # Nothing is compiled to disk: a broken file and the whole one may be written in the same second.
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(copy / "app"), "CI": "1"}
    options = ("-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "--tb=line")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *options, *mutation.tests],
            cwd=copy, env=environment, capture_output=True, text=True, timeout=LONGEST, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Tried(mutation, Outcome.NOTICED, f"still running after {LONGEST:.0f} seconds")
    outcome = {0: Outcome.SURVIVED, TESTS_FAILED: Outcome.NOTICED}.get(done.returncode, Outcome.NOT_TRIED)
    return Tried(mutation, outcome, "\n".join((done.stdout + done.stderr).splitlines()[-12:]))


def try_all(chosen: Sequence[Mutation]) -> Iterator[Tried]:
    """What came of each, in their order."""
    with copies(min(AT_ONCE, len(chosen))) as waiting, ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(lambda each: tried(each, waiting), chosen)


def main(arguments: Sequence[str]) -> int:
    """The command; 0 when everything was noticed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0] if __doc__ else "")
    parser.add_argument("names", nargs="*", help="only these")
    parser.add_argument("--some", type=int, help="so many, drawn at random")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    chosen = [each for each in mutations() if not given.names or each.name in given.names]
    if given.some is not None:
        chosen = random.Random(given.seed).sample(chosen, min(given.some, len(chosen)))
    wrong = [fault for each in chosen for fault in faults(each)]
    if wrong or not chosen:
        print(*(wrong or ["no such mutation"]), sep="\n")
        return 1
    bad = []
    for number, each in enumerate(try_all(chosen), 1):
        print(f"{number:3}/{len(chosen)}  {each.outcome:<10} {each.mutation.name}", flush=True)
        if each.outcome is not Outcome.NOTICED:
            bad.append(each)
    for each in bad:
        print(f"\n{each.outcome}: {each.mutation.name} ({each.mutation.file})\n{each.mutation.why}\n{each.said}")
    print(f"\n{len(chosen) - len(bad)} of {len(chosen)} broken rules were noticed.")
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

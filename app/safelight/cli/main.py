"""Runs one command: finds it, hands it a output, and turns what happens into text and an exit code."""

from __future__ import annotations

import argparse
import importlib
import io
import logging
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from safelight.cli.demonstration import Demonstration
from safelight.cli.output import Output
from safelight.cli.parser import build_parser
from safelight.cli.windows import Windows
from safelight.domain.errors import (
    Cancelled,
    CannotOpen,
    DeviceFailure,
    ExitCode,
    Malformed,
    SafelightError,
    WrongUsage,
)
from safelight.keys.input_files import legible
from safelight.keys.process import called

_DISK = {
    28: "the disk is full",
    5: "the disk reports an error",
    30: "the disk is read-only",
    122: "the quota is used up",
}

def main(
    arguments: Sequence[str] | None = None,
    windows: Windows | None = None,
    demonstration: Callable[[], Demonstration] | None = None,
) -> int:
    """The exit code of ``safelight`` called with ``arguments`` (default: those of the process).

    ``windows`` opens the signing screen, ``demonstration`` loads what can be played; without them, commands that need
    one say so.

    Output follows the contract: results on stdout, sentences for people and progress on stderr, never a traceback.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot show a name gets it spelled out; a name is no reason to fail.
            stream.reconfigure(errors="backslashreplace")
    typed = sys.argv[1:] if arguments is None else arguments
    parser = build_parser(typed)
    try:
        given = parser.parse_args(typed)
    except WrongUsage as error:
        return Output(json="--json" in typed).failed(error)
    _make_legible(given)
    given.windows, given.demonstration = windows, demonstration
    output = Output(json=given.json, acks=given.acks)
    if given.verbose:
        logging.basicConfig(level=logging.INFO, format="%(relativeCreated)8.0f ms %(name)s %(message)s")
    if given.version:
        given.command, given.run = "version", "about:run_version"
    if given.command is None and given.desk_demo:
        return output.failed(
            CannotOpen("There is no display here to open a window on.", "Start it at the machine with the screen.")
        )
    if given.command is None:
        parser.print_help()
        return int(ExitCode.USAGE)
    return run(given, output)


def _make_legible(given: argparse.Namespace) -> None:
    """Words that are no UTF-8 get the replacement character, as the names of files have it; paths stay as they are."""
    for name, value in vars(given).items():
        if isinstance(value, str):
            setattr(given, name, legible(value))
        elif isinstance(value, list):
            setattr(given, name, [legible(each) if isinstance(each, str) else each for each in value])


def run(given: argparse.Namespace, output: Output) -> int:
    """Run the command that ``given`` names; every error a person can meet becomes two sentences and a code."""
    file, _, function = given.run.partition(":")
    command = " ".join(filter(None, (given.command, getattr(given, "action", None))))
    try:
        module = importlib.import_module(f"safelight.cli.{file}")
        with called(command):
            code = getattr(module, function)(given, output)
        sys.stdout.flush()
        return int(code)
    except Malformed as error:
        return output.failed(error, error.faults)
    except SafelightError as error:
        return output.failed(error)
    except KeyboardInterrupt:
        return output.failed(Cancelled())
    except BrokenPipeError:
        # Whoever read our output has seen enough; there is nobody left to tell.
        sys.stdout = None
        return int(ExitCode.DONE)
    except OSError as error:
        why = _DISK.get(error.errno or 0, error.strerror or "it failed")
        name = f" with '{error.filename}'" if isinstance(error.filename, str) else ""
        return output.failed(
            DeviceFailure(f"The device could not do what was asked{name}: {why}.", "What was acknowledged is kept.")
        )
    except MemoryError:
        return output.failed(DeviceFailure("There is not enough memory for this.", "What was acknowledged is kept."))
    except Exception as error:  # noqa: BLE001  the last catch: a mistake of ours is no reason to show a traceback
        where = _where(error)
        logging.getLogger(__name__).info("unexpected: %s", where)
        return output.failed(
            Malformed(
                "Safelight made a mistake here and stopped this command.",
                f"What was acknowledged is kept. Whoever supports you needs to know where ({where}).",
            )
        )


def _where(error: Exception) -> str:
    """The kind of ``error`` and our own places it came through; never its message, which may quote a name."""
    package = Path(__file__).parents[1]
    places = [
        f"{Path(frame.filename).relative_to(package).as_posix()}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(package)
    ]
    return " < ".join([type(error).__name__, *reversed(places)])

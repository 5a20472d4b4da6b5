"""How the command line speaks. The rules: results on stdout, as text or as one JSON document; everything else on
stderr; progress only where a person watches; acknowledgements only once a thing is durable.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from safelight.domain.errors import ExitCode, SafelightError
from safelight.domain.progress import Report


class Output:
    """Prints for a person or, with ``json``, for a program."""

    def __init__(self, *, json: bool = False, acks: bool = False) -> None:
        self._json = json
        self._acks = acks
        self._bar = sys.stderr.isatty() and not json
        self._drawn = False

    def result(self, document: Any, *lines: str) -> None:
        """What the command was asked for: ``document`` as JSON, or ``lines`` for a person."""
        self._clear()
        if self._json:
            print(_written(document))
        else:
            for line in lines:
                print(printable(line))

    def note(self, line: str) -> None:
        """Something a person should know that is not the result (a warning)."""
        self._clear()
        print(printable(line), file=sys.stderr)

    def acknowledge(self, id: str, sha256: str) -> None:
        """``ACK <id> <sha256>``, written through at once so that nothing promised is still in a buffer."""
        if self._acks:
            print(f"ACK {id} {sha256 or '-'}", flush=True)

    def failed(self, error: SafelightError, faults: Sequence[str] = ()) -> int:
        """Two sentences (and every fault of malformed input), and the exit code that goes with them."""
        self._clear()
        if self._json:
            told = {"error": error.title, "hint": error.hint, "code": int(error.code), "faults": list(faults)}
            print(_written(told))
        else:
            print(printable(f"safelight: {error}"), file=sys.stderr)
            for fault in faults[1:20]:
                print(printable(f"  {fault}"), file=sys.stderr)
        return int(error.code)

    @property
    def report(self) -> Report:
        """A bar on stderr where a person watches; otherwise nothing."""
        return self._progress

    def _progress(self, done: int, total: int, what: str) -> None:
        if not self._bar:
            return
        width = 28
        filled = width * done // max(total, 1)
        print(
            f"\r[{'#' * filled}{'.' * (width - filled)}] {done}/{total} {printable(what)[:36]:<36}",
            end="",
            file=sys.stderr,
        )
        self._drawn = True

    def _clear(self) -> None:
        if self._drawn:
            print("\r" + " " * 90 + "\r", end="", file=sys.stderr)
            self._drawn = False


def _written(document: Any) -> str:
    """``document`` as JSON; a stdout that cannot carry every letter gets JSON's own escapes instead.

    So do characters a terminal would obey (C1 controls, changes of direction, lone surrogates): to a program they are
    the same string.
    """
    everything = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    text = json.dumps(document, ensure_ascii=not everything, indent=1, sort_keys=True)
    return "".join(each if each.isprintable() or each in _HARMLESS or each == "\n" else _escaped(each) for each in text)


def _escaped(character: str) -> str:
    """``character`` as JSON may always write it (RFC 8259 section 7): one UTF-16 unit, or a pair beyond the first."""
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


_HARMLESS = "\t\u200c\u200d"
"""A tab, and the joiners that some scripts spell names with."""


def printable(text: str) -> str:
    """``text`` as a terminal may show it: control and direction-changing characters are written out."""
    return "".join(each if each.isprintable() or each in _HARMLESS else f"\\u{ord(each):04x}" for each in text)


def not_alone(others: Sequence[str]) -> list[str]:
    """What a check says when other programs were at work meanwhile."""
    if not others:
        return []
    return [f"nothing was put aside, because others are at work ({'; '.join(others)}): check again when they are done"]


def yes_or_no(allowed: bool) -> ExitCode:
    """The exit code of an answer."""
    return ExitCode.DONE if allowed else ExitCode.NO

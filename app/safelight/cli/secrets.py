"""What a person at a terminal is asked: passphrases, typed without being shown, and yes or no."""

from __future__ import annotations

import argparse
import getpass
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from safelight.domain.errors import Cancelled, CannotOpen, NeedsPassphrase, WrongUsage
from safelight.keys.passphrases import check_new_passphrase, read_passphrase_file

T = TypeVar("T")


def at_terminal() -> bool:
    """Whether somebody can be asked: what they type comes from a terminal, and they see the question."""
    return bool(sys.stdin and sys.stdin.isatty() and sys.stderr and sys.stderr.isatty())


def unlocked(given: argparse.Namespace, opening: Callable[[str | None], T]) -> T:
    """What ``opening`` opens with the passphrase file or, without one, the keyring (None); else a person is asked."""
    if given.passphrase_file:
        return opening(read_passphrase_file(given.passphrase_file))
    try:
        return opening(None)
    except NeedsPassphrase:
        if not at_terminal():
            raise
    return opening(typed("Passphrase: "))


def present_passphrase(given: argparse.Namespace) -> str:
    """The passphrase itself, for commands that cannot do with the keyring."""
    if given.passphrase_file:
        return read_passphrase_file(given.passphrase_file)
    if at_terminal():
        return typed("Passphrase: ")
    raise _no_passphrase("--passphrase-file")


def new_passphrase(file: Path | None, option: str) -> str:
    """A passphrase that is to be set: from ``file``, which ``option`` names, or typed twice."""
    if file is not None:
        return read_passphrase_file(file)
    if not at_terminal():
        raise _no_passphrase(option)
    chosen = typed("New passphrase: ")
    check_new_passphrase(chosen)
    return same_again(chosen, "The same passphrase again: ")


def typed(question: str, otherwise: tuple[str, str] = ("This needs a terminal.", "")) -> str:
    """What a person types without its being shown; raises :class:`WrongUsage` where nobody can be asked."""
    if not at_terminal():
        raise WrongUsage(*otherwise)
    try:
        with warnings.catch_warnings():
            # Where the terminal cannot be told to hide what is typed, a secret is not asked for at all.
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(question, sys.stderr)
    except EOFError:
        raise Cancelled from None
    except getpass.GetPassWarning:
        raise CannotOpen(
            "This terminal would show what is typed.", "Nothing was asked; put the secret into a file and name it."
        ) from None


def confirmed(told: str) -> bool:
    """Whether the person at the terminal answers yes to a sentence; asked again until it is y or n."""
    while True:
        print(f"{told} [y/n] ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise Cancelled
        if (answer := line.strip().casefold()) in ("y", "yes", "n", "no"):
            return answer.startswith("y")


def same_again(chosen: str, question: str) -> str:
    """``chosen``, once it was typed a second time."""
    if typed(question) != chosen:
        raise WrongUsage("The two were not the same.", "Nothing was changed; try again.")
    return chosen


def _no_passphrase(option: str) -> WrongUsage:
    return WrongUsage(
        "This needs the passphrase.", f"Give {option} F; the file may be readable by you only. A terminal is asked."
    )

"""PINs: from the file that was named or, where a person sits at a terminal, typed without being shown."""

from __future__ import annotations

from pathlib import Path

from safelight.cli.opening import read_input
from safelight.cli.secrets import same_again, typed
from safelight.keys.secret_files import secret_text

_SMALL = 4096


def pin_of(file: Path | None, name: str) -> str:
    """The PIN of the person ``name``, from ``file`` or typed."""
    return _pin_in(file) if file is not None else typed(f"PIN of {name}: ", _without("--pin-file"))


def new_pin(file: Path | None, whose: str, option: str = "--pin-file") -> str:
    """A PIN that is to be set: from ``file``, which ``option`` names, or typed twice."""
    if file is not None:
        return _pin_in(file)
    return same_again(typed(f"New PIN of {whose}: ", _without(option)), "The same PIN again: ")


def _pin_in(file: Path) -> str:
    return secret_text(read_input(file, _SMALL), f"The PIN file “{file.name}”").strip()


def _without(option: str) -> tuple[str, str]:
    return "This needs a PIN.", f"Give {option} F, a file with 4 to 12 digits; at a terminal the PIN is asked for."

"""What people are told when something cannot be done: two sentences and an exit code."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The numbers a pipeline can rely on; they are part of the command-line contract."""

    DONE = 0
    NO = 1
    USAGE = 2
    CANNOT_OPEN = 3
    MALFORMED = 4
    DEVICE = 5
    CANCELLED = 130


class SafelightError(Exception):
    """Something a person must hear about.

    ``title`` says what happened in one sentence; ``hint`` says what was kept and what to do. The terminal and the
    dialogs show the same two sentences. Neither may carry more personal data than the person already typed.
    """

    code: ExitCode = ExitCode.NO

    def __init__(self, title: str, hint: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.title} {self.hint}".strip()

    @property
    def phrase(self) -> str:
        """The title as a part of another sentence: no full stop, no capital at the beginning."""
        title = self.title.rstrip(".")
        return title[:1].lower() + title[1:]


class Refused(SafelightError):
    """The rules say no, or a check of somebody's proof failed."""

    code = ExitCode.NO


class WrongUsage(SafelightError):
    """The command or the call does not make sense as given."""

    code = ExitCode.USAGE


class CannotOpen(SafelightError):
    """A key, passphrase or keyring is missing or wrong, or another process holds the archive."""

    code = ExitCode.CANNOT_OPEN


class NeedsPassphrase(CannotOpen):
    """The keyring does not help here; a passphrase would. Doors that can ask a person for it do so."""


class Malformed(SafelightError):
    """Input is not what it says it is; every fault found is listed with its path in ``faults``."""

    code = ExitCode.MALFORMED

    def __init__(self, title: str, hint: str = "", faults: tuple[str, ...] = ()) -> None:
        super().__init__(title, hint)
        self.faults = faults


class DeviceFailure(SafelightError):
    """A disk is full or broken; everything acknowledged before is kept."""

    code = ExitCode.DEVICE


class Cancelled(SafelightError):
    """The person stopped a long job; ``report`` raises it, nothing half done stays."""

    code = ExitCode.CANCELLED

    def __init__(self) -> None:
        super().__init__("Stopped as asked.", "What was finished before is kept.")

"""How a section asks and acts: read on a worker when it is shown and when something changed; acts from a card."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from PySide6.QtCore import QObject

from safelight.desk.desk import Desk
from safelight.desk.failures import told
from safelight.domain.changes import Changes
from safelight.domain.errors import DeviceFailure, SafelightError

from .blocks import Block

T = TypeVar("T")


class Reading(QObject, Generic[T]):
    """What a section shows; what was asked for before it was forgotten is never shown."""

    def __init__(
        self, desk: Desk, wakes: Changes, work: Callable[[], T], show: Callable[[T], None], parent: QObject
    ) -> None:
        """``work`` is done on a worker, ``show`` here; after any of ``wakes`` it is read again."""
        super().__init__(parent)
        self._desk, self._wakes, self._work, self._show = desk, wakes, work, show
        self._shown, self._turn = False, 0
        desk.jobs.changed.connect(self._changed)

    @property
    def shown(self) -> bool:
        """Whether the section is on screen."""
        return self._shown

    def open(self) -> None:
        """The section is on screen from now on."""
        self._shown = True
        self.again()

    def leave(self) -> None:
        """It is not on screen any more; what is still being read is not shown."""
        self._shown = False
        self._turn += 1

    def again(self) -> None:
        """Read it now."""
        self._turn += 1
        turn = self._turn

        def came(found: T) -> None:
            if turn == self._turn:
                self._show(found)

        self._desk.jobs.read(lambda _: self._work(), came, self._desk.failed)

    def _changed(self, changes: Changes, _initiator: object) -> None:
        if self._shown and changes & self._wakes:
            self.again()


def act(desk: Desk, block: Block, work: Callable[[], tuple[T, Changes]], done: Callable[[T], None]) -> None:
    """Have a verb work in the background; ``block`` waits meanwhile, and says what went wrong."""
    block.say("")
    block.wait(True)

    def worked(result: T) -> None:
        block.wait(False)
        done(result)

    def failed(error: SafelightError) -> None:
        block.wait(False)
        block.fail(*told(desk.words, error))

    desk.jobs.write(lambda _: work(), worked, failed)


def write_file(path: Path, content: bytes, *, secret: bool = False) -> None:
    """Write ``content`` to ``path``, durably; a ``secret`` only its owner can read, also if the file was there.

    Raises :class:`DeviceFailure`.
    """
    mode = 0o600 if secret else 0o644
    try:
        path.touch(mode=mode)
        if secret and os.name == "posix":
            path.chmod(mode)
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise DeviceFailure(
            f"“{path.name}” could not be written ({error.strerror}).", "Choose another folder, and try again."
        ) from error

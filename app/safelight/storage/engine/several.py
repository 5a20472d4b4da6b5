"""What storage asks of an engine where several programs work on the same rows: who is there, and whose turn it is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guest:
    """Another program that is there, as it says itself: to tell people which one, and never to decide by.

    ``station`` is what it is called in the names of its unfinished files; any of the three may be empty.
    """

    station: str
    process: str
    command: str


class Stations(ABC):
    """The programs that have one folder open; the system itself strikes out those that ended, however they ended.

    A server keeps it as a lock of the session, shared or exclusive, and its list of sessions says who is there.
    """

    @abstractmethod
    def enter(self, alone: bool) -> bool:
        """Come in, with ``alone`` only if nobody is in and then nobody else may; False when somebody is in the way.

        Does not wait. Several times in one process is one program, but nobody comes in beside one that is alone.
        """

    @abstractmethod
    def leave(self) -> None:
        """Go; a second time does nothing."""

    @abstractmethod
    def clear_the_room(self) -> bool:
        """Be alone from now on, if nobody else is in; in this process neither."""

    @abstractmethod
    def let_in(self) -> None:
        """Be one of several again; nobody came in between."""

    @abstractmethod
    def others(self) -> tuple[Guest, ...]:
        """The other programs that are in; may be asked before entering. Some may be missing that came this moment."""


class Queue(ABC):
    """Those who want to write to one database, in order of coming; one at a time, among all programs and threads.

    A program that was let in may go on with its next writes for a moment before those who wait.
    That transactions keep each other out is promised without it (:meth:`Engine.writers`): this makes it fair, says when
    somebody waited in vain, and lets what one wrote be told from what others did. A server has a lock for it.
    """

    @abstractmethod
    def take(self, seconds: float) -> bool:
        """Wait for the turn; False when the others did not come to an end in so many seconds.

        Threads that use this object wait for each other without an end. Who waits is passed over once it was killed.
        """

    @abstractmethod
    def give_back(self) -> None:
        """Let the next one write."""

    @abstractmethod
    def close(self) -> None:
        """Keep nothing open."""

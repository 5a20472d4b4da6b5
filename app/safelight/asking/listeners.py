"""Who wants to hear of something: plain functions, called one after the other on the thread that emits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVarTuple

Args = TypeVarTuple("Args")


class Listeners(Generic[*Args]):
    """A signal without a toolkit. It holds who listens, so what comes and goes disconnects itself."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[*Args], object]] = []

    def connect(self, listener: Callable[[*Args], object]) -> Callable[[], None]:
        """Call ``listener`` each time from now on; returns what disconnects it again, any number of times."""
        self._listeners.append(listener)

        def disconnect() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return disconnect

    def disconnect(self) -> None:
        """Let go of everybody who listens."""
        self._listeners.clear()

    def emit(self, *arguments: *Args) -> None:
        """Tell everybody who listens now; who joins or leaves meanwhile counts from the next time on."""
        for listener in tuple(self._listeners):
            listener(*arguments)

"""Drives the asking by wishes alone, without a toolkit: a worker thread, a desk in memory, and no window."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Protocol, TypeVar

from safelight.asking import wishes
from safelight.asking.asking import Asking
from safelight.asking.flow import Flow
from safelight.asking.scene import Page, Scene
from safelight.asking.signatures import drawn
from safelight.asking.work import Work
from safelight.capture.ink import InkPoint
from safelight.domain.ceremony import Step
from safelight.domain.errors import SafelightError
from safelight.domain.ids import Language
from safelight.domain.sitting import Evidence
from support.kiosk.desk_double import DeskDouble, SittingDouble, person_double

T = TypeVar("T")
CODE = "AB12CD"


class Pumped(Work, Protocol):
    """Work whose outcomes are delivered when the test lets them come."""

    @property
    def busy(self) -> bool:
        """Whether an outcome was not delivered yet."""
        ...

    def pump(self) -> None:
        """Deliver what has come."""
        ...


class OneThread:
    """One worker thread; what it calls back comes on the thread that pumps."""

    def __init__(self) -> None:
        self._tasks: SimpleQueue[Callable[[], Callable[[], None]] | None] = SimpleQueue()
        self._outcomes: deque[Callable[[], None]] = deque()
        self._due: list[tuple[float, Callable[[], None]]] = []
        self._open = 0
        self._thread = threading.Thread(target=self._run, name="one-thread", daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        return self._open > 0

    def run(
        self, work: Callable[[], T], succeeded: Callable[[T], None], failed: Callable[[SafelightError], None]
    ) -> None:
        def attempt() -> Callable[[], None]:
            try:
                result = work()
            except SafelightError as error:
                told = error
                return lambda: failed(told)
            return lambda: succeeded(result)

        self._open += 1
        self._tasks.put(attempt)

    def later(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        due = (time.monotonic() + seconds, call)
        self._due.append(due)
        return lambda: self._due.remove(due) if due in self._due else None

    def pump(self) -> None:
        while self._outcomes:
            self._open -= 1
            self._outcomes.popleft()()
        for due in [each for each in self._due if each[0] <= time.monotonic()]:
            self._due.remove(due)
            due[1]()

    def close(self) -> None:
        self._tasks.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (attempt := self._tasks.get()) is not None:
            self._outcomes.append(attempt())


class Wished:
    """One screen without a window. Every wish goes by its name, as from a browser, and waits for the studio."""

    def __init__(self, work: Pumped, person: dict[str, object]) -> None:
        self.sitting = SittingDouble(person_double(**person))  # type: ignore[arg-type]
        self.desk = DeskDouble({CODE: self.sitting})
        self.work = work
        self.scenes: list[Scene] = []
        self.flow = Flow(self.desk, work, lambda: "touch")
        self.flow.shown.connect(self.scenes.append)
        self.flow.wait()

    @property
    def asking(self) -> Asking:
        """Whoever sits here."""
        assert self.flow.asking is not None
        return self.flow.asking

    @property
    def step(self) -> Step:
        """The step of the ceremony."""
        return self.asking.ceremony.step

    @property
    def page(self) -> Page:
        """The page of the flow."""
        return self.flow.page

    def settle(self, seconds: float = 20.0) -> None:
        """Until the studio has answered everything."""
        until = time.monotonic() + seconds
        self.work.pump()
        while self.work.busy:
            assert time.monotonic() < until, "the studio never answered"
            time.sleep(0.001)
            self.work.pump()

    def wish(self, name: str, *arguments: object) -> None:
        """Make a wish and wait."""
        wishes.ask(self.flow, name, arguments)
        self.settle()

    def sit_down(self) -> None:
        """From the waiting screen to the first question."""
        self.wish("admit", CODE)
        self.wish("start")

    def to_uses(self) -> None:
        """On to the uses, from wherever the questions stand before them."""
        if self.page is Page.WAITING:
            self.wish("admit", CODE)
        if self.page in (Page.HELLO, Page.HANDOVER):
            self.wish("start")
        if self.step is Step.LANGUAGE:
            self.wish("speak", self.asking.language)
        while self.step in (Step.NOTICE, Step.PHOTOS):
            self.wish("next")

    def to_signature(self) -> None:
        """On to the signature, whatever questions come between."""
        while self.step is not Step.SIGNATURE:
            if self.step is Step.QUESTIONS:
                put = self.asking.ceremony.questions_put
                self.wish("put", put, put)
            else:
                self.wish("next")

    def sign(self) -> None:
        """Sign by hand."""
        self.wish("sign", ink())

    def speak(self, language: str) -> None:
        """Another language."""
        self.wish("speak", Language(language))


def ink() -> Evidence:
    """A line written by hand."""
    written = drawn([tuple(InkPoint(40.0 + 12 * n, 60.0 + 9 * (n % 3), 0.5, 8 * n) for n in range(20))])
    assert isinstance(written, Evidence)
    return written

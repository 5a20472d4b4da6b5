"""Takes in what a tethered camera writes, as it comes, for as long as a desk runs: nothing that goes wrong ends it.

The file is long because it is one idea: the order in which frames come in, whatever goes wrong with one of them.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from safelight.capture.decoder_pool import DecoderPool
from safelight.capture.hot_folder import Arrival, HotFolder
from safelight.capture.hot_folder import Listener as Listener
from safelight.capture.reading import FileMark, shown_name
from safelight.capture.slates import read_slate_text
from safelight.domain.changes import Changes
from safelight.domain.errors import CannotOpen, DeviceFailure, SafelightError, WrongUsage
from safelight.domain.ids import PhotoGuid, SubjectId
from safelight.domain.photo import Photo
from safelight.domain.session import Session
from safelight.keys.input_files import legible
from safelight.settings.background import step_back
from safelight.studio.frame_binding import ByArrival, FrameBinder
from safelight.studio.incoming import Failed, Prepared, keep, known_files, prepare, recognised, remember, take_back
from safelight.studio.intake import AT_ONCE, IN_FLIGHT, Intake
from safelight.studio.open_studio import OpenStudio
from safelight.studio.sessions import must_be_open

TRY_AGAIN = 5.0
"""Seconds until it is tried again, after the studio's own disk or database took nothing."""
_MOST_MARKS = 200
"""So many looked-at files are remembered in one transaction."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class IntakeListener(Listener):
    """Hears of a hot folder and of what is taken in from it; override what matters.

    What concerns the folder is told in the thread that looks, all else in the one that called :meth:`HotIntake.run`.
    """

    def took_in(self, intake: Intake, changes: Changes, /) -> None:
        """One file is dealt with: taken in, known, a slate, or left out with the reason."""

    def waiting(self, names: tuple[str, ...], why: str, /) -> None:
        """These files wait because the studio could not write; none when it can again."""


class HotIntake:
    """Takes in the frames of one hot folder, two side by side, each told at once.

    A full disk, a database another program holds, a folder that is gone: it goes on looking, says what waits, and takes
    it in when it can. What was dealt with is remembered, so that a restart reads nothing twice. ``wake`` is set by
    whoever hears from the system that something happened in the folder.
    """

    def __init__(
        self,
        studio: OpenStudio,
        session: Session,
        folder: Path,
        decoders: DecoderPool,
        binder: FrameBinder,
        listener: IntakeListener,
        *,
        wake: threading.Event | None = None,
        try_again: float = TRY_AGAIN,
    ) -> None:
        """Raises WrongUsage when there is no such folder or the session is not open."""
        must_be_open(session)
        self._studio, self._session, self._decoders, self._binder = studio, session, decoders, binder
        self._listener, self._try_again = listener, try_again
        self.folder = HotFolder(folder, known=self._known, listener=listener, wake=wake, wall=self._wall)
        self._arrived: queue.SimpleQueue[Arrival | BaseException] = queue.SimpleQueue()
        self._queue: deque[Arrival] = deque()
        self._under_way: deque[tuple[Arrival, Future[Prepared | Failed]]] = deque()
        self._stirred = threading.Event()
        self._marks: dict[str, PhotoGuid | None] = {}
        self._stuck_until = 0.0
        self._stuck = ""
        self._begun = False
        self._told_waiting: tuple[str, ...] = ()
        self._changes = Changes.NONE

    @property
    def behind(self) -> int:
        """How many whole files are seen and not dealt with yet."""
        return self._arrived.qsize() + len(self._queue) + len(self._under_way)

    def run(self, stop: Callable[[], bool]) -> Changes:
        """Look and take in until ``stop()`` says so; what is worked on then is finished. All that was changed.

        ``stop`` is asked five times a second.
        """
        ended = threading.Event()
        looking = threading.Thread(target=self._look, args=(ended.is_set,), name="hot-folder", daemon=True)
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="intake", initializer=step_back) as pool:
            looking.start()
            try:
                while not stop():
                    self._turn(pool)
            finally:
                ended.set()
                self.folder.wake.set()
                looking.join()
                self._finish()
        return self._changes

    def _look(self, ended: Callable[[], bool]) -> None:
        step_back()
        try:
            for arrival in self.folder.watch(ended):
                self._arrived.put(arrival)
                self._stirred.set()
        except BaseException as error:  # noqa: BLE001 - handed to the thread that runs, which raises it
            self._arrived.put(error)
            self._stirred.set()

    def _turn(self, pool: ThreadPoolExecutor) -> None:
        """Take what arrived, start what may start, write what is ready, in the order it came; then wait a moment."""
        self._stirred.clear()
        self._gather()
        if not self._begun and not self._begin():
            self._stirred.wait(0.2)
            return
        most = IN_FLIGHT if not self._stuck else int(time.monotonic() >= self._stuck_until)
        while self._queue and len(self._under_way) < most:
            arrival = self._queue.popleft()
            future = pool.submit(
                prepare, self._studio, self._decoders, arrival.source, _ms(arrival.first_seen), self._binder
            )
            future.add_done_callback(lambda _: self._stirred.set())
            self._under_way.append((arrival, future))
        while self._under_way and self._under_way[0][1].done():
            self._deal_with(*self._under_way.popleft())
        if len(self._marks) >= _MOST_MARKS or not self.behind:
            self._changes |= self._remember()
        if not (self._under_way and self._under_way[0][1].done()):
            self._stirred.wait(0.2)

    def _begin(self) -> bool:
        """Have the binder catch up before the first frame; whether that is done."""
        if time.monotonic() >= self._stuck_until:
            try:
                self._changes |= self._binder.begin()
                self._begun = True
            except (DeviceFailure, CannotOpen) as error:
                self._stuck, self._stuck_until = str(error), time.monotonic() + self._try_again
                self._tell_waiting()
            except SafelightError:
                self._begun = True  # frames of before stay as they are, and open to whoever looks at them
        return self._begun

    def _gather(self) -> None:
        while True:
            try:
                arrived = self._arrived.get_nowait()
            except queue.Empty:
                return
            if isinstance(arrived, BaseException):
                raise arrived
            self._queue.append(arrived)
            if self._stuck:
                self._tell_waiting()

    def _deal_with(self, arrival: Arrival, future: Future[Prepared | Failed]) -> None:
        outcome = future.result()
        try:
            if isinstance(outcome, Failed):
                told = self._failed(outcome), Changes.NONE
            else:
                told = self._taken(outcome)
        except (DeviceFailure, CannotOpen) as error:
            self._wait_for_room(arrival, error)
            return
        except SafelightError as error:  # the session was closed, say: it stays in the folder, and is listed
            told = Intake(left_out=((arrival.source.name, str(error)),)), Changes.NONE
        if self._stuck:
            self._stuck, self._stuck_until = "", 0.0
            self._tell_waiting()
        self._changes |= told[1]
        if told[0] is not None:
            self._listener.took_in(told[0], told[1])

    def _failed(self, failed: Failed) -> Intake | None:
        """What is told of a file that could not be taken in; None when it is handed on again and not lost."""
        if failed.ours:
            raise failed.error
        if isinstance(failed.error, DeviceFailure | CannotOpen):
            self.folder.again(failed.mark)  # the folder tells if it stays so
            if not self.folder.folder.is_dir():
                self._hand_back()
            return None
        if isinstance(failed.error, WrongUsage):  # moved on or deleted; wherever it turns up, it is taken in
            self.folder.again(failed.mark)
            self._hand_back()
        elif self.folder.changed(failed.path, failed.mark):
            return None
        return Intake(left_out=((shown_name(failed.path), str(failed.error)),))

    def _taken(self, outcome: Prepared) -> tuple[Intake | None, Changes]:
        """What came of one file that could be read; None for a slate that was seen before."""
        name, found = outcome.source.name, outcome.found
        if found is not None:
            self._seen(outcome, found.photo)
            if found.photo is None:
                return None, Changes.NONE
            return Intake(known=(recognised(self._studio, name, found),)), Changes.NONE
        changes = Changes.NONE
        rendition = outcome.rendition
        slate = read_slate_text(rendition.slate) if rendition is not None and rendition.slate else None
        clock = rendition.clock if rendition is not None else None
        if clock is not None:
            changes |= self._binder.clock(clock, outcome.taking)
        if slate is not None:
            changes |= self._binder.slate(slate, outcome.taking)
        if outcome.original is not None:
            kept, also = keep(self._studio, self._session, outcome, self._binder)
            if isinstance(kept, Photo):
                return Intake(added=(kept,), on_set=self._on_set()), changes | also
            self._seen(outcome, kept.guid)
            return Intake(known=(kept,)), changes | also
        self._seen(outcome, None)
        return Intake(
            slates=(name,) if slate is not None else (),
            clocks=(name,) if clock is not None else (),
            on_set=self._on_set(),
        ), changes

    def _on_set(self) -> SubjectId | None:
        return self._binder.on_set if isinstance(self._binder, ByArrival) else None

    def _wait_for_room(self, arrival: Arrival, error: SafelightError) -> None:
        """Put back what could not be kept, and those behind it, in the order they came."""
        self._queue.extendleft(reversed([arrival, *self._taken_back()]))
        self._stuck, self._stuck_until = str(error), time.monotonic() + self._try_again
        self._tell_waiting()

    def _hand_back(self) -> None:
        """Give those behind a file that is not there to the folder: it hands them on in order, once it is back itself.

        Else, of a folder that is gone for a moment, frames would come in ahead of the slate before them. What is not
        in a folder that is there stays in line, so that it is listed.
        """
        self._gather()
        behind, is_there = [*self._taken_back(), *self._queue], self.folder.folder.is_dir()
        self._queue.clear()
        for each in behind:
            if is_there and not each.source.path.exists():
                self._queue.append(each)
            else:
                self.folder.again(each.source.mark)

    def _taken_back(self) -> list[Arrival]:
        """What is under way, in order; nothing of it is kept."""
        arrivals = []
        while self._under_way:
            arrival, future = self._under_way.popleft()
            take_back(self._studio, future.result())
            arrivals.append(arrival)
        return arrivals

    def _tell_waiting(self) -> None:
        names = tuple(each.source.name for each in self._queue) if self._stuck else ()
        if names != self._told_waiting:
            self._told_waiting = names
            self._listener.waiting(names, self._stuck)

    def _seen(self, prepared: Prepared, photo: PhotoGuid | None) -> None:
        self._marks |= {prepared.tags.place: photo, prepared.tags.content: photo}

    def _remember(self) -> Changes:
        if not self._marks or self._stuck:
            return Changes.NONE
        try:
            changes = remember(self._studio, self._session, self._marks)
        except (DeviceFailure, CannotOpen):
            return Changes.NONE  # tried again at the next turn; what is never remembered is only read once more
        self._marks.clear()
        return changes

    def _finish(self) -> None:
        # What was not begun yet is found again in the folder next time. From the end: what is begun meanwhile is the
        # next in line, so no frame comes in ahead of a slate before it.
        while self._under_way and self._under_way[-1][1].cancel():
            self._under_way.pop()
        while self._under_way:
            self._deal_with(*self._under_way.popleft())
        self._changes |= self._remember()

    def _wall(self) -> datetime:
        """By the clock that dates the switches: frames are compared with them."""
        return _EPOCH + timedelta(milliseconds=self._studio.now_ms())

    def _known(self, files: Sequence[tuple[Path, FileMark]]) -> Iterable[FileMark]:
        """For the folder: which files were dealt with in an earlier run."""
        try:
            return [mark for mark, _ in known_files(self._studio, [(legible(p.name), mark) for p, mark in files])]
        except SafelightError:
            return ()  # they are read then, and known by their content


def watch_folder(
    studio: OpenStudio,
    session: Session,
    folder: Path,
    decoders: DecoderPool,
    binder: FrameBinder,
    stop: Callable[[], bool],
    listener: IntakeListener,
) -> Changes:
    """Take in what appears in ``folder`` (tethering) until ``stop`` says so; each file is told at once.

    What it changed is told with it, so that nobody has to wait for the end; returned is all of it together.
    """
    return HotIntake(studio, session, folder, decoders, binder, listener).run(stop)


def _ms(time_: datetime | None) -> int | None:
    return None if time_ is None else round((time_ - _EPOCH).total_seconds() * 1000)

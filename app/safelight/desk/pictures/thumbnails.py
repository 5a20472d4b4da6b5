"""Small pictures for whatever is in view: read by the page and decoded off the window's thread, newest wish first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QImage, QPixmap

from safelight.domain.errors import SafelightError
from safelight.domain.ids import PhotoGuid
from safelight.domain.progress import Report
from safelight.qt.jobs import Jobs

from .jpeg import decoded

ThumbnailSource = Callable[[Sequence[PhotoGuid]], Mapping[PhotoGuid, bytes]]
"""JPEGs we made ourselves, by photo; without those that are gone. Called on a worker's thread."""
PAGE = 40
"""So many are asked for in one query."""
CACHE_BYTES = 64 << 20
_PAGES_AT_A_TIME = 2
_AGAIN_AFTER_S = 1.0
"""After a page that failed: the disk may be back."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture in the room it may take, in real pixels of the screen; ``ratio`` of them are one of the window's."""

    guid: PhotoGuid
    width: int
    height: int
    ratio: float


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that can be painted, and its size in pixels of the window; ``pixmap`` is None for one that is gone."""

    pixmap: QPixmap | None
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class _Page:
    generation: int
    images: Mapping[Wanted, QImage]
    dropped: tuple[Wanted, ...]


class Thumbnails(QObject):
    """A cache that several views share. What was asked before :meth:`forget` is never painted after it."""

    arrived = Signal(object)
    """The photos (a frozenset of guids) that can be painted from now on."""

    def __init__(
        self, jobs: Jobs, source: ThumbnailSource, parent: QObject | None = None, cache_bytes: int = CACHE_BYTES
    ) -> None:
        super().__init__(parent)
        self._jobs, self._source, self._limit = jobs, source, cache_bytes
        self._cache: OrderedDict[Wanted, Shown] = OrderedDict()
        self._held = 0
        self._pages = 0
        self._resting = False
        # What follows is shared with the workers, under the lock.
        self._lock = threading.Lock()
        self._generation = 0
        self._wishes: OrderedDict[object, tuple[Wanted, ...]] = OrderedDict()  # by who wishes, the newest last
        self._reading: set[Wanted] = set()

    @property
    def held_bytes(self) -> int:
        """What the pictures at hand take in memory."""
        return self._held

    def picture(self, wanted: Wanted) -> Shown | None:
        """What is at hand; None where it would have to be read first (see :meth:`wish`)."""
        found = self._cache.get(wanted)
        if found is not None:
            self._cache.move_to_end(wanted)
        return found

    def wish(self, who: object, wanted: Iterable[Wanted]) -> None:
        """``who`` has this in view, the most urgent first; whatever else ``who`` wished for is dropped."""
        missing = tuple(each for each in wanted if each not in self._cache)
        with self._lock:
            self._wishes.pop(who, None)
            if missing:
                self._wishes[who] = missing
        if missing:
            self._ask()

    def outdated(self, guids: Iterable[PhotoGuid]) -> None:
        """The pictures of these photos have changed: they are read again when they are wished for."""
        gone = set(guids)
        for each in [key for key in self._cache if key.guid in gone]:
            self._drop(each)

    def forget(self) -> None:
        """Drop every picture and every wish."""
        with self._lock:
            self._generation += 1
            self._wishes.clear()
            self._reading.clear()
        self._cache.clear()
        self._held = 0

    # On the window's thread.

    def _ask(self) -> None:
        with self._lock:
            open_wishes = sum(
                each not in self._reading for wishes in self._wishes.values() for each in wishes[: 2 * PAGE]
            )
        while not self._resting and open_wishes > 0 and self._pages < _PAGES_AT_A_TIME:
            self._pages += 1
            open_wishes -= PAGE
            self._jobs.read(self._read, self._take, self._failed)

    def _take(self, page: _Page) -> None:
        self._pages -= 1
        if page.generation == self._generation:
            with self._lock:
                self._reading.difference_update(page.images, page.dropped)
            for wanted, image in page.images.items():
                self._keep(wanted, image)
            if page.images:
                self.arrived.emit(frozenset(each.guid for each in page.images))
            self._forget_wishes(page.images)
        self._ask()

    def _forget_wishes(self, came: Mapping[Wanted, QImage]) -> None:
        with self._lock:
            for who, wishes in list(self._wishes.items()):
                left = tuple(each for each in wishes if each not in came)
                if left:
                    self._wishes[who] = left
                else:
                    del self._wishes[who]

    def _failed(self, error: SafelightError) -> None:  # noqa: ARG002 - whoever reads the rows tells what is wrong
        self._pages -= 1
        self._resting = True
        with self._lock:
            self._reading.clear()
        self._jobs.later(_AGAIN_AFTER_S, self._rested)

    def _rested(self) -> None:
        self._resting = False
        self._ask()

    def _keep(self, wanted: Wanted, image: QImage) -> None:
        self._drop(wanted)
        if image.isNull():
            self._cache[wanted] = Shown(None, 0, 0)
            return
        pixmap = QPixmap.fromImage(image)
        pixmap.setDevicePixelRatio(wanted.ratio)
        size = pixmap.deviceIndependentSize()
        self._cache[wanted] = Shown(pixmap, round(size.width()), round(size.height()))
        self._held += _weight(pixmap)
        while self._held > self._limit and len(self._cache) > 1:
            self._drop(next(iter(self._cache)))

    def _drop(self, wanted: Wanted) -> None:
        shown = self._cache.pop(wanted, None)
        if shown is not None and shown.pixmap is not None:
            self._held -= _weight(shown.pixmap)

    # On a worker's thread.

    def _read(self, _: Report) -> _Page:
        generation, page = self._next_page()
        if not page:
            return _Page(generation, {}, ())
        found = self._source([each.guid for each in page])
        images: dict[Wanted, QImage] = {}
        dropped = []
        for each in page:
            if self._is_wished(generation, each):
                images[each] = decoded(found.get(each.guid, b""), QSize(each.width, each.height))
            else:
                dropped.append(each)
        return _Page(generation, images, tuple(dropped))

    def _next_page(self) -> tuple[int, list[Wanted]]:
        """What was wished for last, and by whoever wished last; what is in view now, not when this was handed in."""
        with self._lock:
            page: dict[Wanted, None] = {}
            for wishes in reversed(self._wishes.values()):
                page.update((each, None) for each in wishes if each not in self._reading)
                if len(page) >= PAGE:
                    break
            taken = list(page)[:PAGE]
            self._reading.update(taken)
            return self._generation, taken

    def _is_wished(self, generation: int, wanted: Wanted) -> bool:
        with self._lock:
            return generation == self._generation and any(wanted in wishes for wishes in self._wishes.values())


def _weight(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * pixmap.depth() // 8

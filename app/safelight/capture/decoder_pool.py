"""Decodes pictures in worker processes that own nothing and may do little; a pool of them, replaced when one fails.

The file is long because it is one idea: what may go wrong with one worker is answered by taking another one.
"""

from __future__ import annotations

import contextlib
import math
import queue
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from safelight.capture import worker_protocol
from safelight.capture.clock_codes import read_clock_text
from safelight.capture.slates import read_slate_text
from safelight.capture.worker_process import WorkerProcess
from safelight.domain.errors import Malformed, WrongUsage
from safelight.domain.ids import Sha256
from safelight.domain.photo import Box, upright_size
from safelight.images.imagehash import ImageHash, image_data_sha256
from safelight.images.media_type import MediaType
from safelight.settings.background import step_back


@dataclass(frozen=True, slots=True)
class Rendition:
    """What is known of a picture after it was looked at once.

    ``width`` and ``height`` are of the image as stored, in pixels; ``orientation`` is EXIF's 1..8 and is already
    applied to both renditions. ``camera_time`` is the camera's clock: aware when the camera noted its offset, naive
    otherwise; ``camera_model`` has the maker's name in it, ``camera_serial`` may be empty. ``pixel_sha256`` with
    ``pixel_hash_kind`` is :func:`safelight.images.imagehash.image_data_sha256`, computed on this side of the pipe.
    ``thumbnail_jpeg`` (long edge at most 256 px) and ``preview_jpeg`` (at most 1024 px) are sRGB, without metadata.
    ``removable`` names the metadata found that says more than a consent covers (ExifTool's names). ``slate`` is the
    text of a slate of ours, checked, if one was photographed; ``clock`` the time (UTC, milliseconds) that a
    photographed clock code of ours says it was shown. ``beside``: the code is so small that the picture is of somebody
    who wears it, or of what stands before it.
    """

    width: int
    height: int
    orientation: int
    camera_time: datetime | None
    camera_model: str
    camera_serial: str
    pixel_hash_kind: str
    pixel_sha256: Sha256
    thumbnail_jpeg: bytes
    preview_jpeg: bytes
    removable: tuple[str, ...]
    slate: str | None
    clock: datetime | None = None
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Whole:
    """A picture that is looked at in parts: what it is called among them, and what is known of it since it came in.

    ``width``, ``height`` and ``orientation`` are those of its :class:`Rendition`; the parts are turned by them.
    """

    key: str
    media_type: MediaType
    width: int
    height: int
    orientation: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What one picture may cost before its worker is ended: pixels, seconds of processor, seconds of clock, bytes."""

    pixels: int = 120_000_000
    cpu_seconds: int = 20
    wall_seconds: float = 30.0
    memory: int = 2 << 30
    file_bytes: int = 512 << 20

    def __post_init__(self) -> None:
        if not 1 <= self.pixels <= 300_000_000:
            raise WrongUsage("A picture may have between 1 and 300 million pixels.", "Choose a limit in between.")


_SERVED_AT_MOST = 256
"""A worker is replaced after so many pictures: what one hostile file may have done to it does not last."""

_STAYS = "It stays in the archive as it is."

_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); from safelight.capture.worker_main import serve; serve(sys.argv[2:])"
)

_SENTENCES = {
    "scans": ("is built to keep a computer busy: it has more scans than any camera writes", ""),
    "pixels": ("has more pixels than the limit of {pixels} million", "Take it in smaller."),
    "broken": ("cannot be decoded, it is damaged", "Copy it again from where it came from."),
    "memory": ("needs more memory to decode than a picture may", "Take it in smaller."),
    "heic": (
        "is HEIC, which this installation cannot read",
        "Install safelight with the extra heic, or take it as JPEG.",
    ),
    "raw": (
        "is a raw file, which this installation cannot read",
        "Install safelight with the extra raw, or add JPEGs.",
    ),
    "preview": ("is a raw file without a picture to show, and cannot be developed", "Take in a JPEG of it as well."),
    "slow": ("took longer to decode than a picture may", "It was given up; other pictures go on."),
    "crash": ("made the decoder fail", "It was given up; other pictures go on."),
}


class DecoderPool:
    """A few worker processes that turn untrusted bytes into renditions; a context manager.

    Workers start on first use, serve many pictures, and are replaced when one dies or is ended. Safe to call from
    several threads; ``workers`` pictures are developed at a time. ``command`` starts a worker where the program is
    not run by a Python interpreter (a frozen desktop app); the limits are appended to it as arguments.
    """

    def __init__(
        self,
        *,
        workers: int = 2,
        limits: Limits | None = None,
        look_for_slates: bool = True,
        command: Sequence[str] | None = None,
    ) -> None:
        self._limits = limits or Limits()
        own = [sys.executable, "-I", "-c", _START, str(Path(__file__).resolve().parents[2])]
        self._command = [
            *(command or own),
            *(str(self._limits.memory), str(self._limits.file_bytes), str(self._limits.cpu_seconds)),
            *(str(self._limits.pixels), str(int(look_for_slates))),
        ]
        self._idle: queue.LifoQueue[WorkerProcess | None] = queue.LifoQueue()
        for _ in range(workers):
            self._idle.put(None)
        self._threads = ThreadPoolExecutor(workers, "decoders", initializer=step_back)
        self._all: set[WorkerProcess] = set()
        self._viewer: WorkerProcess | None = None
        self._viewing = threading.Lock()
        self._lock = threading.Lock()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the workers that live now."""
        with self._lock:
            return tuple(worker.pid for worker in self._all if worker.lives)

    def develop(
        self, untrusted_bytes: bytes, media_type: MediaType, *, name: str = "", image: ImageHash | None = None
    ) -> Rendition:
        """Decode one picture and describe it; blocks until done. ``image`` is the hash of its image data, if known.

        Raises Malformed (``name`` is mentioned) when the picture is torn, broken, too large, or takes the worker down.
        """
        shown = name or "The picture"
        if len(untrusted_bytes) > self._limits.file_bytes:
            raise Malformed(f"{shown} is larger than {self._limits.file_bytes >> 20} MiB.", "It was not taken in.")
        try:
            image = image or image_data_sha256(untrusted_bytes, media_type)
        except Malformed as error:
            raise Malformed(error.title.replace("The picture", shown, 1), error.hint) from error
        answer = self._ask(untrusted_bytes, media_type)
        if isinstance(answer, str) or answer.refused is not None:
            raise self._refused(shown, answer if isinstance(answer, str) else answer.refused or "broken")
        return _rendition(answer, image)

    def submit(self, untrusted_bytes: bytes, media_type: MediaType, *, name: str = "") -> Future[Rendition]:
        """The same without waiting. The bytes stay in memory until done: keep no more than a few in flight."""
        return self._threads.submit(self.develop, untrusted_bytes, media_type, name=name)

    def region(
        self, picture: Whole, untrusted_original: Callable[[], bytes], box: Box, scale: float, *, name: str = ""
    ) -> bytes:
        """What lies in ``box`` of a picture, ``scale`` times as large: an upright sRGB JPEG; blocks until done.

        One worker keeps the pictures looked at last decoded; ``untrusted_original`` is called only for another one.
        At most 4,096 pixels come back in each direction. Raises WrongUsage for a box beside the picture or a part
        too large, Malformed as :meth:`develop`, and what ``untrusted_original`` raises.
        """
        shown = name or "The picture"
        inside = box.within(upright_size(picture.width, picture.height, picture.orientation))
        if inside is None or not (math.isfinite(scale) and scale > 0):
            raise WrongUsage(f"There is nothing of {shown} in that place.", "Choose a part of the picture.")
        if max(inside.width, inside.height) * scale > worker_protocol.MOST_REGION_EDGE:
            raise WrongUsage("That part is larger than any screen.", "Choose a smaller part or a smaller scale.")
        head: dict[str, object] = {
            "media_type": picture.media_type, "picture": picture.key, "size": [picture.width, picture.height],
            "orientation": picture.orientation, "scale": scale,
            "region": [inside.left, inside.top, inside.width, inside.height],
        }  # fmt: skip
        with self._viewing:
            answer = self._region(head, b"")
            if isinstance(answer, str):  # not held, or the worker that held it is gone
                untrusted = untrusted_original()
                if len(untrusted) > self._limits.file_bytes:
                    raise Malformed(f"{shown} is larger than {self._limits.file_bytes >> 20} MiB.", _STAYS)
                answer = self._region(head, untrusted)
        if isinstance(answer, str):
            raise self._refused(shown, "broken" if answer == worker_protocol.ABSENT else answer, _STAYS)
        return answer

    def forget(self) -> None:
        """Keep no picture decoded: the worker that held them ends."""
        with self._viewing:
            if self._viewer is not None:
                self._end(self._viewer)
                self._viewer = None

    def _region(self, head: dict[str, object], untrusted: bytes) -> bytes | str:
        viewer = self._viewer
        if viewer is None or not viewer.lives or viewer.served >= _SERVED_AT_MOST:
            if viewer is not None:
                self._end(viewer)
            viewer = self._viewer = self._started()
        return viewer.ask_region(head, untrusted, self._limits.wall_seconds)

    def _refused(self, shown: str, why: str, kept: str = "It was not taken in; other pictures go on.") -> Malformed:
        what, hint = _SENTENCES[why]
        sentence = what.format(pixels=self._limits.pixels // 1_000_000)
        return Malformed(f"{shown} {sentence}.", hint or kept)

    def close(self) -> None:
        """Finish what was submitted, then end the workers; nothing of a picture remains in them."""
        self._threads.shutdown()
        with self._lock:
            self._closed = True
            remaining = tuple(self._all)
        for worker in remaining:
            self._end(worker)

    def _ask(self, untrusted: bytes, media_type: MediaType) -> worker_protocol.WorkerAnswer | str:
        """The worker's answer, or why there is none (``slow``, ``crash``)."""
        with self._worker() as worker:
            answer = worker.ask(untrusted, media_type, self._limits.wall_seconds)
            used_before = worker.served > 1
        if answer == "crash" and used_before:  # an earlier picture may have broken it: this one gets a fresh worker
            with self._worker() as worker:
                answer = worker.ask(untrusted, media_type, self._limits.wall_seconds)
        return answer

    @contextlib.contextmanager
    def _worker(self) -> Iterator[WorkerProcess]:
        """A living worker that nobody else uses meanwhile."""
        worker = self._idle.get()
        try:
            if worker is None or not worker.lives:
                if worker is not None:
                    self._end(worker)
                worker = self._started()
            yield worker
        finally:
            if worker is not None and (not worker.lives or worker.served >= _SERVED_AT_MOST):
                self._end(worker)
                worker = None
            self._idle.put(worker)

    def _started(self) -> WorkerProcess:
        with self._lock:
            if self._closed:
                raise WrongUsage("The decoders is closed.", "Open a new one.")
            worker = WorkerProcess(self._command)
            self._all.add(worker)
        return worker

    def _end(self, worker: WorkerProcess) -> None:
        worker.end()
        with self._lock:
            self._all.discard(worker)


def _rendition(answer: worker_protocol.WorkerAnswer, image: ImageHash) -> Rendition:
    return Rendition(
        width=answer.width,
        height=answer.height,
        orientation=answer.orientation,
        camera_time=answer.camera_time,
        camera_model=answer.camera_model,
        camera_serial=answer.camera_serial,
        pixel_hash_kind=image.kind,
        pixel_sha256=image.sha256,
        thumbnail_jpeg=answer.thumbnail,
        preview_jpeg=answer.preview,
        removable=answer.removable,
        slate=next((text for text in answer.texts if read_slate_text(text) is not None), None),
        clock=next((time for text in answer.texts if (time := read_clock_text(text)) is not None), None),
        beside=answer.beside,
    )

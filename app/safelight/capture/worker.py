"""Keeps decoders at arm's length: pictures are developed in processes that own nothing and may do little."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

from safelight.capture.sniff import MediaType
from safelight.domain.ids import Sha256


@dataclass(frozen=True, slots=True)
class Rendition:
    """What is known of a picture after it was looked at once.

    ``width`` and ``height`` are of the image as stored, in pixels; ``orientation`` is EXIF's 1..8 and is already
    applied to both renditions. ``camera_time`` is the camera's clock: aware when the camera noted its offset, naive
    otherwise. ``pixel_sha256`` with ``pixel_hash_kind`` is :func:`safelight.formats.imagehash.image_data_sha256`.
    ``thumbnail_jpeg`` (long edge at most 256 px) and ``preview_jpeg`` (at most 1024 px) are sRGB and carry no
    metadata. ``removable`` names the metadata found that says more than a consent covers. ``slate`` is the text of a
    slate of ours, checked, if one was photographed.
    """

    width: int
    height: int
    orientation: int
    camera_time: datetime | None
    camera_model: str
    pixel_hash_kind: str
    pixel_sha256: Sha256
    thumbnail_jpeg: bytes
    preview_jpeg: bytes
    removable: tuple[str, ...]
    slate: str | None


@dataclass(frozen=True, slots=True)
class Limits:
    """What one picture may cost before its worker is ended: pixels, seconds of processor, seconds of clock, bytes."""

    pixels: int = 120_000_000
    cpu_seconds: int = 20
    wall_seconds: float = 30.0
    memory: int = 2 << 30
    file_bytes: int = 512 << 20


class Darkroom:
    """A few worker processes that turn untrusted bytes into renditions; a context manager.

    Workers start on first use, serve many pictures, and are replaced when one dies or is ended. Safe to call from
    several threads; ``workers`` pictures are developed at a time.
    """

    def __init__(
        self,
        *,
        workers: int = 2,
        limits: Limits = Limits(),
        look_for_slates: bool = True,
        command: Sequence[str] | None = None,
    ) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def develop(self, untrusted_bytes: bytes, media_type: MediaType, *, name: str = "") -> Rendition:
        """Decode one picture and describe it; blocks until done.

        Raises Malformed (``name`` is mentioned) when the picture is broken, too large, or takes the worker down.
        """
        raise NotImplementedError

    def submit(self, untrusted_bytes: bytes, media_type: MediaType, *, name: str = "") -> Future[Rendition]:
        """The same without waiting. The bytes stay in memory until done: keep no more than a few in flight."""
        raise NotImplementedError

    def close(self) -> None:
        """End the workers; nothing of a picture remains in them."""

"""What the large view shows, and where its bytes come from: previews whole, originals in parts at full size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from safelight.domain.errors import Malformed
from safelight.domain.ids import PhotoGuid
from safelight.domain.photo import Box
from safelight.qt.jobs import Jobs

from .exposure import Exposure, exposure_of
from .jpeg import decoded
from .reading import LatestFirst

PreviewSource = Callable[[PhotoGuid], bytes]
"""A JPEG of at most 1,024 px that we made ourselves. Called on a worker's thread."""
RegionSource = Callable[[PhotoGuid, Box, float], bytes]
"""A part of the upright original, so many times as large, as a JPEG that we made. Called on a worker's thread."""
_PREVIEW_BYTES = 64 << 20
_REGION_BYTES = 96 << 20


@dataclass(frozen=True, slots=True)
class LargeFrame:
    """A frame as the large view needs it: ``width`` and ``height`` are those of the upright original, in pixels.

    ``person`` says whose frames belong together: the place that is looked at stays from one to the next of them.
    """

    shot: str
    guid: PhotoGuid
    name: str
    time: str
    width: int
    height: int
    person: str = ""
    is_newest: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """A picture to be painted, with what its light is like."""

    image: QImage
    exposure: Exposure


@dataclass(frozen=True, slots=True)
class Region:
    """A part of an original, at full size."""

    guid: PhotoGuid
    box: Box


class FrameSource(QObject):
    """Previews and regions, each read once and kept while there is room; newest wish first, one at a time of each."""

    arrived = Signal()
    """There is something new to paint."""

    def __init__(self, jobs: Jobs, preview: PreviewSource, region: RegionSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preview_bytes, self._region_bytes = preview, region
        self._previews: LatestFirst[PhotoGuid, Preview] = LatestFirst(
            jobs, self._read_preview, _weigh_preview, _PREVIEW_BYTES, self._tell
        )
        self._regions: LatestFirst[Region, QImage] = LatestFirst(
            jobs, self._read_region, _weigh, _REGION_BYTES, self._tell
        )

    def preview(self, guid: PhotoGuid) -> Preview | None:
        """The whole picture, if it is at hand."""
        return self._previews.get(guid)

    def is_gone(self, guid: PhotoGuid) -> bool:
        """Whether the picture could not be read."""
        return self._previews.is_gone(guid)

    def region_around(self, guid: PhotoGuid, box: Box) -> tuple[Box, QImage] | None:
        """A part at hand in which all of ``box`` lies, and where it is."""
        for key in reversed(self._regions.keys):
            if key.guid == guid and box_holds(key.box, box) and (image := self._regions.get(key)) is not None:
                return key.box, image
        return None

    def is_original_gone(self, region: Region) -> bool:
        """Whether this part of an original could not be read."""
        return self._regions.is_gone(region)

    def wish(self, previews: Sequence[PhotoGuid], regions: Sequence[Region]) -> None:
        """Read these, the most urgent first, and nothing else any more."""
        self._previews.wish(previews)
        self._regions.wish(regions)

    def again(self, guid: PhotoGuid) -> bool:
        """Try once more a picture, or parts of its original, that could not be read; whether there was any."""
        preview = self._previews.again(lambda key: key == guid)
        return self._regions.again(lambda key: key.guid == guid) or preview

    def forget(self) -> None:
        """Drop everything; what is under way is not painted any more."""
        self._previews.forget()
        self._regions.forget()

    @property
    def held_bytes(self) -> int:
        """What is kept, in bytes."""
        return self._previews.held_bytes + self._regions.held_bytes

    def _tell(self, _: object) -> None:
        self.arrived.emit()

    def _read_preview(self, guid: PhotoGuid) -> Preview:
        image = _opened(self._preview_bytes(guid))
        return Preview(image, exposure_of(image))

    def _read_region(self, region: Region) -> QImage:
        return _opened(self._region_bytes(region.guid, region.box, 1.0))


def _opened(data: bytes) -> QImage:
    image = decoded(data)
    if image.isNull():
        raise Malformed("This picture is damaged.", "Check the studio, or restore it from a backup.")
    return image


def _weigh(image: QImage) -> int:
    return image.sizeInBytes()


def _weigh_preview(preview: Preview) -> int:
    return preview.image.sizeInBytes() + preview.exposure.clipping.sizeInBytes()


def box_holds(outer: Box, inner: Box) -> bool:
    """Whether all of ``inner`` lies in ``outer``."""
    return (
        outer.left <= inner.left
        and outer.top <= inner.top
        and outer.left + outer.width >= inner.left + inner.width
        and outer.top + outer.height >= inner.top + inner.height
    )

"""The cameras of a session and how their clocks stand; nothing here changes anything."""

from __future__ import annotations

from dataclasses import dataclass

from safelight.domain.cameras import Camera, ClockSource
from safelight.domain.errors import WrongUsage
from safelight.domain.session import Session
from safelight.studio.open_studio import OpenStudio

SHORTEST_TAG = 6
"""Characters of a camera's tag that are shown."""


@dataclass(frozen=True, slots=True)
class CameraRow:
    """One camera. ``offset_ms`` is by how much its clock is behind, None while nothing tells.

    ``known`` by a photographed code or by hand; ``contradicted`` while its clock jumped and was not asked for since.
    """

    tag: str
    short: str
    name: str
    offset_ms: int | None
    known: bool
    source: ClockSource
    contradicted: bool


def clocks(studio: OpenStudio, session: Session) -> tuple[CameraRow, ...]:
    """Every camera that was seen in a session, by name."""
    rows = [_row(tag, each) for tag, each in studio.archive.cameras.all(session.id).items()]
    return tuple(sorted(rows, key=lambda each: (each.name, each.tag)))


def find_camera(studio: OpenStudio, session: Session, wanted: str) -> CameraRow:
    """The camera of this name, or whose tag begins so; :class:`WrongUsage` when none or several do."""
    typed = wanted.strip().casefold()
    rows = clocks(studio, session)
    found = [each for each in rows if each.name.casefold() == typed]
    found = found or [each for each in rows if len(typed) >= SHORTEST_TAG and each.tag.startswith(typed)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"{each.name or 'unnamed'} ({each.short})" for each in rows) or "none yet"
    problem = "There is no camera" if not found else "There is more than one camera"
    raise WrongUsage(f"{problem} '{wanted[:60]}' in the session '{session.name}'.", f"Seen so far: {known}.")


def _row(tag: str, camera: Camera) -> CameraRow:
    clock = camera.clock
    return CameraRow(
        tag, tag[:SHORTEST_TAG], camera.name, clock.offset_ms if clock else None, bool(clock and clock.known),
        camera.source, camera.contradicted,
    )  # fmt: skip

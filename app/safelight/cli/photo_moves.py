"""Commands that answer the questions about photos, and take back what was answered."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from safelight.cli.opening import opened
from safelight.cli.output import Output
from safelight.cli.photo_commands import actor, photos_given, who
from safelight.documents.plain import to_plain
from safelight.domain.changes import Changes
from safelight.domain.errors import ExitCode
from safelight.domain.ids import PersonId, PhotoGuid
from safelight.studio import assignments
from safelight.studio.assignments import Moved
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries import photos

_Act = Callable[[OpenStudio, list[PhotoGuid], PersonId], tuple[Moved, Changes]]


def run_settle(given: argparse.Namespace, output: Output) -> ExitCode:
    """``photo settle``."""
    return _run(given, output, lambda studio, guids, by: assignments.settle(studio, guids, by, output.report))


def run_back(given: argparse.Namespace, output: Output) -> ExitCode:
    """``photo back``."""

    def back(studio: OpenStudio, guids: list[PhotoGuid], by: PersonId) -> tuple[Moved, Changes]:
        return assignments.move_back(studio, assignments.last_move(studio, guids), by, output.report)

    return _run(given, output, back)


def _run(given: argparse.Namespace, output: Output, act: _Act) -> ExitCode:
    with opened(given, output) as studio:
        chosen = photos_given(studio, given, given.photos)
        moved, _ = act(studio, [each.guid for each in chosen], actor(studio, given, chosen))
        rows = [photos.photo_details(studio, each.photo).row for each in moved.assigned]
    lines = [f"{row.short}  {row.name}: {who(row)}{', to be looked at' if row.flagged else ''}" for row in rows]
    output.result([to_plain(row) for row in rows], *lines)
    return ExitCode.DONE

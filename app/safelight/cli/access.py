"""The command that gives somebody everything that is held about them."""

from __future__ import annotations

import argparse

from safelight.cli.actors import actor
from safelight.cli.opening import opened, within
from safelight.cli.output import Output
from safelight.domain.errors import ExitCode
from safelight.domain.plurals import counted
from safelight.studio.access import give_access
from safelight.studio.queries.lookup import find_subject


def run_access(given: argparse.Namespace, output: Output) -> ExitCode:
    """``access``."""
    with opened(given, output) as studio:
        person = find_subject(studio, given.subject, within(studio, given))
        by = actor(studio, given.by, person.id)
        done, _ = give_access(studio, person, given.output, by, output.report)
    photos = [each for each in done.content.photos if each.files]
    left = [each for each in done.content.photos if not each.files]
    lines = [f"{given.output}: {counted(len(photos), 'photo')}, {counted(len(done.content.signings), 'receipt')}."]
    if left:
        lines.append(f"{counted(len(left), 'photo')} named and not given; the page says why.")
    if done.words:
        lines.append(f"It opens with these six words: {' '.join(done.words)}")
        lines.append("Tell them another way than the file, by telephone or on paper; they are kept nowhere.")
    if done.answered:
        lines.append(f"Answered: {', '.join(done.answered)}.")
    document = {"file": str(given.output), "id": done.content.id, "photos": len(photos), "not_given": len(left),
                "words": list(done.words), "answered": list(done.answered)}  # fmt: skip
    output.result(document, *lines)
    return ExitCode.DONE

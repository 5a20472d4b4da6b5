"""Commands about the second place: name it, look at it, copy what waits."""

from __future__ import annotations

import argparse
import time
from datetime import timedelta

from safelight.cli.opening import opened
from safelight.cli.output import Output
from safelight.domain.errors import DeviceFailure, ExitCode, WrongUsage
from safelight.domain.plurals import counted
from safelight.studio import second_place as verbs
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.second_place import second_copy

LOOK_EVERY = 5.0
"""Seconds between two looks of ``studio copy --watch``."""


def run_second_place(given: argparse.Namespace, output: Output) -> ExitCode:
    """``studio second-place``."""
    if given.off and given.folder:
        raise WrongUsage("'--off' takes no folder.", "Nothing was changed.")
    with opened(given, output) as studio:
        if given.off:
            ended = bool(verbs.forget_second_place(studio))
            output.result({"folder": None}, "The second place ended." if ended else "There was no second place.")
            return ExitCode.DONE
        if given.folder:
            verbs.set_second_place(studio, given.folder)
        copy = second_copy(studio)
    if copy is None:
        output.result({"folder": None}, "There is no second place; name a folder on another drive.")
        return ExitCode.NO
    place = copy.place
    told = [f"The second place is {place.folder}."]
    if place.same_disk:
        told.append("It lies on the drive of the studio itself: if that drive breaks, both are gone.")
    told.append(f"{copy.done} of {copy.total} sealed files are there{'' if copy.attached else '; its drive is not'}.")
    document = {"id": place.id, "folder": str(place.folder), "same_disk": place.same_disk}
    output.result(document | {"attached": copy.attached, "done": copy.done, "total": copy.total}, *told)
    return ExitCode.DONE


def run_copy(given: argparse.Namespace, output: Output) -> ExitCode:
    """``studio copy``."""
    with opened(given, output) as studio:
        if given.watch:
            return _watch(studio, given, output)
        copied, _ = verbs.copy_waiting(studio, output.report)
    output.result(_document(copied), *_lines(copied))
    return ExitCode.MALFORMED if copied.damaged else ExitCode.DONE


def _watch(studio: OpenStudio, given: argparse.Namespace, output: Output) -> ExitCode:
    until = time.monotonic() + given.seconds if given.seconds else None
    total, rows, said = 0, 0, ""
    while True:
        try:
            copied, _ = verbs.copy_waiting(studio)
            total, rows, said = total + copied.files, rows + copied.rows, ""
            if copied.files:
                output.note(_lines(copied)[0])
        except DeviceFailure as error:
            if said != str(error):  # once, not every five seconds
                said = str(error)
                output.note(said)
        if until is not None and time.monotonic() > until:
            break
        time.sleep(min(LOOK_EVERY, timedelta(seconds=given.seconds or LOOK_EVERY).total_seconds()))
    output.result({"files": total, "rows": rows}, f"{counted(total, 'file')} copied.")
    return ExitCode.DEVICE if said else ExitCode.DONE


def _document(copied: verbs.Copied) -> dict[str, object]:
    return {
        "files": copied.files, "rows": copied.rows, "waiting": copied.waiting, "damaged": list(copied.damaged),
        "past_cache": copied.past_cache,
    }  # fmt: skip


def _lines(copied: verbs.Copied) -> list[str]:
    how = "read back from the drive" if copied.past_cache else "read back, though perhaps not from the drive itself"
    lines = [f"{counted(copied.files, 'file')} copied and {how}; {copied.waiting} wait."]
    if copied.rows:
        lines.append("Rows and keys were copied too: 'studio restore' works from there.")
    lines += [f"{each} is damaged in the studio and was not copied." for each in copied.damaged]
    return lines

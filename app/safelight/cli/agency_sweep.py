"""The command with which an agency looks for copies of photos in its folders."""

from __future__ import annotations

import argparse

from safelight.agency import sweeping
from safelight.cli.agencies import opened
from safelight.cli.output import Output, yes_or_no
from safelight.domain.errors import ExitCode
from safelight.domain.plurals import counted

_FINDS = "Copies are found by their image data, whatever their metadata says; crops, other sizes and encodings are not."


def run_sweep(given: argparse.Namespace, output: Output) -> ExitCode:
    """``agency sweep``: 1 when something was found that must not be used."""
    with opened(given, output) as agency:
        done, _ = sweeping.sweep_folders(agency, given.folder, given.all, output.report)
    for each in done.unread:
        output.note(f"not looked at: {each.path} ({each.why})")
    if done.links:
        output.note(f"{counted(done.links, 'symbolic link')} {'was' if done.links == 1 else 'were'} not followed.")
    stopped = sum(each.stopped for each in done.copies)
    lines = [
        f"{each.path}  {', '.join(each.photos)}  "
        + ("must not be used" if each.stopped else f"something allows it until {each.until}: ask 'agency may'")
        for each in done.copies
    ]
    looked = f"{counted(done.pictures, 'picture')} looked at, {counted(done.others, 'other file')} passed over"
    lines.append(f"{counted(stopped, 'copy', 'copies')} that must not be used; {looked}.")
    lines.append(_FINDS)
    document = {
        "copies": [
            {"path": str(each.path), "photos": each.photos, "stopped": each.stopped, "until": each.until or None}
            for each in done.copies
        ],
        "pictures": done.pictures,
        "others": done.others,
        "links": done.links,
        "unread": [{"path": str(each.path), "why": each.why} for each in done.unread],
        "finds": _FINDS,
    }
    output.result(document, *lines)
    return yes_or_no(not stopped)

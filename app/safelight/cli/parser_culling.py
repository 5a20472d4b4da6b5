"""The commands that say what the photographer makes of photos: ``photo rate`` to ``photo delete-hidden``."""

from __future__ import annotations

import argparse

from safelight.cli.grammar import Commands, leaf
from safelight.domain.culling import BEST, Pick

PHOTO_HELP = "an id, its beginning, or the name of the file it came from"


def add_culling(topic: Commands) -> list[argparse.ArgumentParser]:
    """Add them below ``photo``; returned, so that they get what all commands about photos have."""
    rate = leaf(topic, "rate", "culling:run_rate", f"give photos 0 to {BEST}; a raw file and its JPEG are one")
    rate.add_argument("rating", type=int, choices=range(BEST + 1), metavar="RATING", help=f"0 (none) to {BEST}")
    marks = []
    for name, mark, told in (
        ("pick", Pick.PICK, "these are the good ones"),
        ("reject", Pick.REJECT, "strike photos out: they never leave, until it is taken back"),
        ("clear", Pick.NONE, "neither picked nor rejected"),
    ):
        command = leaf(topic, name, "culling:run_mark", told)
        command.set_defaults(mark=mark.value, for_subject=False)
        if mark is not Pick.REJECT:
            told = "what the person on it wants, not the photographer"
            command.add_argument("--by-subject", dest="for_subject", action="store_true", help=told)
        marks.append(command)
    hide = leaf(topic, "hide", "culling:run_hide", "put photos in the bin: counted nowhere, never leaving, not lost")
    unhide = leaf(topic, "unhide", "culling:run_hide", "take photos out of the bin, as they were")
    hide.set_defaults(hide=True)
    unhide.set_defaults(hide=False)
    delete = leaf(topic, "delete-hidden", "culling:run_delete", "delete what is in the bin for good, and prove it")
    delete.add_argument("--all", dest="everything", action="store_true", help="all of the bin of --session")
    for each in (rate, *marks, hide, unhide):
        each.add_argument("photos", nargs="+", metavar="photo", help=PHOTO_HELP)
    delete.add_argument("photos", nargs="*", metavar="photo", help=PHOTO_HELP)
    return [rate, *marks, hide, unhide, delete]

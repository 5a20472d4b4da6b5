"""The commands about who is on set, the cameras' clocks, and the questions that are left about frames."""

from __future__ import annotations

import argparse

from safelight.cli.grammar import Commands, leaf

_SUBJECT = "a name, code, staff number or id; the beginning of a name or id will do"
_PHOTO = "an id, its beginning, or the name of the file it came from"
_BY = "who of the studio does it (default: the session's photographer)"


def add_on_set(capture: Commands) -> None:
    """Add ``capture set``, ``capture switches``, ``capture clocks`` and ``capture checks``."""
    put = leaf(capture, "set", "on_set:run_set", "put people on set: frames taken from now on are theirs")
    put.add_argument("session")
    put.add_argument("people", nargs="*", metavar="person", help=f"up to twelve for a group; {_SUBJECT}")
    put.add_argument("--nobody", action="store_true", help="frames are nobody's until somebody is put there")
    put.add_argument("--back", action="store_true", help="the switch before was a mistake (kept in the log as that)")
    put.add_argument("--by", help=_BY)
    log = leaf(capture, "switches", "on_set:run_switches", "who was on set when, who is now, and who is next")
    log.add_argument("session")
    clocks = leaf(capture, "clocks", "on_set:run_clocks", "the cameras of a session and how their clocks stand")
    clocks.add_argument("session")
    clocks.add_argument("--camera", help="set the clock of this one: its name, or the beginning of its tag")
    clocks.add_argument("--behind", metavar="TIME", help="by so much: seconds or H:MM:SS; with - when it is ahead")
    clocks.add_argument("--by", help=_BY)
    left = leaf(capture, "checks", "on_set:run_checks", "frames taken so near a switch that somebody has to look")
    left.add_argument("session")


def add_settling(photo: Commands) -> list[argparse.ArgumentParser]:
    """Add ``photo settle`` and ``photo back``; the leaves, which take a session and who does it like their sisters."""
    leaves = []
    for name, told in (
        ("settle", "somebody looked: these photos are of whom they were given to"),
        ("back", "undo what was done last with photos: they go where they were"),
    ):
        each = leaf(photo, name, f"photo_moves:run_{name}", told)
        each.add_argument("photos", nargs="+", metavar="photo", help=_PHOTO)
        leaves.append(each)
    return leaves

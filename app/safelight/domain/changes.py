"""What kinds of things a verb changed, so that whoever shows them can look again."""

from __future__ import annotations

from enum import Flag, auto


class Changes(Flag):
    """A set of kinds; ``NONE`` when nothing a list shows is different."""

    NONE = 0
    STUDIO = auto()
    PEOPLE = auto()
    SESSIONS = auto()
    SUBJECTS = auto()
    PHOTOS = auto()
    CONSENTS = auto()
    RECEIPTS = auto()
    RECIPIENTS = auto()
    BUNDLES = auto()
    JOURNAL = auto()
    COPIES = auto()
    """What lies in the second place too."""
    ON_SET = auto()
    """Who is on set, who arrived, and the cameras' clocks."""
    REQUESTS = auto()
    """What people asked for, and what of theirs is restricted."""

"""What one step of the ceremony may show, and what the bottom row offers for it."""

from __future__ import annotations

from dataclasses import dataclass

from safelight.domain.ceremony import Ceremony
from safelight.domain.notice import Notice
from safelight.domain.people import Role
from safelight.domain.sitting import Finished, Person
from safelight.settings.texts import Texts

from .marks import MarkDue


@dataclass(frozen=True, slots=True)
class StepState:
    """All a step may show, at one moment.

    ``turn_name`` is the name of whoever answers now (``role``), empty where it is not known. ``page`` is the PDF to be
    signed (empty until it is made), ``notice`` the full notice once it was asked for, ``mark_due`` the mark whose page
    is open. ``explained`` is True after a question was answered wrong, ``understood`` after it was answered right;
    ``opened`` says whether the digits typed from the receipt were right (None: none were typed). ``busy`` is True while
    the studio works on this step; ``scale`` is the text size in percent.
    """

    person: Person
    ceremony: Ceremony
    texts: Texts
    turn_name: str
    role: Role
    page: bytes = b""
    notice: Notice | None = None
    mark_due: MarkDue | None = None
    finished: Finished | None = None
    explained: bool = False
    understood: bool = False
    opened: bool | None = None
    note: str = ""
    busy: bool = False
    scale: int = 100
    reduced_motion: bool = False


@dataclass(frozen=True, slots=True)
class Footer:
    """What the window's bottom row offers for a step; the row itself belongs to the window and never moves.

    ``forward`` is the key of the word on the main button ("" hides it), ``ready`` whether it can be pressed, ``back``
    whether there is a way back.
    """

    forward: str = "next"
    ready: bool = True
    back: bool = True

"""What the window shows at one moment: which page, in whose words, with which values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from safelight.domain.ceremony import Ceremony, Step
from safelight.domain.ids import Language
from safelight.domain.people import Role
from safelight.settings.texts import Texts

from .view import StepState


class Page(StrEnum):
    """The pages around the ceremony, and the ceremony itself (``STEP``)."""

    WAITING = "waiting"
    WALK_IN = "walk-in"
    HELLO = "hello"
    COMPANY = "company"
    HANDOVER = "handover"
    STEP = "step"
    PRESIGNED = "presigned"
    RESUMED = "resumed"
    HELD = "held"
    STOPPED = "stopped"
    THANKS = "thanks"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Scene:
    """One page with its values.

    ``name`` is whoever is spoken to, ``state`` the ceremony where one is under way (``step`` is the view that shows
    it), ``until`` the day on which held answers erase themselves, ``title`` and ``hint`` the sentences of a trouble,
    ``turned_away`` the key of the sentence for whoever was not let in, ``of_age`` from which age people answer for
    themselves here, ``camera`` whether one looks for cards, ``country`` where this is.
    """

    page: Page
    texts: Texts
    languages: tuple[Language, ...] = ()
    session: str = ""
    name: str = ""
    minor: bool = False
    role: Role = Role.SUBJECT
    minor_first: bool = False
    state: StepState | None = None
    step: Step | None = None
    until: date | None = None
    title: str = ""
    hint: str = ""
    turned_away: str = ""
    of_age: int = 18
    busy: bool = False
    camera: bool = False
    country: str = ""


def steps_of(ceremony: Ceremony) -> tuple[Step, ...]:
    """The steps counted in "step x of y": all that may apply, so that the count never grows under way.

    A no leaves steps out, which only ever makes the way shorter than announced.
    """
    left_out = {Step.DONE}
    if not ceremony.photos:
        left_out.add(Step.PHOTOS)
    if not ceremony.ai:
        left_out.add(Step.QUESTIONS)
    return tuple(step for step in Step if step not in left_out)

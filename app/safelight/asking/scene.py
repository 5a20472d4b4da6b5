"""What the window shows at one moment: which page, in whose words, with which values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from safelight.domain.acts import Signed
from safelight.domain.ceremony import ORDER, Ceremony, Step
from safelight.domain.ids import Language
from safelight.domain.people import Role
from safelight.settings.texts import Texts

from .mind_state import MindState
from .step_state import StepState


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
    MIND_CODE = "mind-code"
    MIND_USES = "mind-uses"
    MIND_FACT = "mind-fact"
    MIND_CHECK = "mind-check"
    MIND_DONE = "mind-done"


READS_CARDS = frozenset({Page.WAITING, Page.MIND_CODE, Page.MIND_FACT})
"""The pages on which a card or a receipt held before the camera is read."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One page with its values.

    ``name`` is whoever is spoken to, ``state`` the ceremony where one is under way (``step`` is the view that shows
    it), ``until`` the day on which held answers erase themselves, ``title`` and ``hint`` the sentences of a trouble,
    ``turned_away`` the key of the sentence for whoever was not let in, ``of_age`` from which age people answer for
    themselves here, ``camera`` whether one looks for cards, ``country`` where this is, ``mind`` where somebody stands
    who takes back what they allowed.
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
    mind: MindState | None = None

    @property
    def refusable(self) -> bool:
        """From the first question to the page that is signed, "no to everything" is one tap away."""
        return self.step is not None and self.step not in (Step.SIGNATURE, Step.RECEIPT, Step.DONE)

    @property
    def signed(self) -> bool:
        """Whether somebody has signed: then starting again or leaving would throw that signature away."""
        return self.state is not None and bool(self.state.ceremony.signatures)


def steps_of(ceremony: Ceremony, now: Step) -> tuple[Step, ...]:
    """The steps counted in "step x of y" while ``now`` is shown: those that came in this turn, and those that may come.

    They are numbered as they come: what was left out on the way is not counted, so no number is jumped. A no leaves
    steps out, which only ever makes the way shorter than announced. Choosing the language is not counted, because it
    may be chosen before the first step; there it is an empty list.
    """
    if now is Step.LANGUAGE:
        return ()
    came = _steps_of_turn(ceremony)
    possible = {
        Step.PHOTOS: bool(ceremony.photos),
        Step.TERM: now in _BEFORE_TERMS or bool(ceremony.yes),
        Step.QUESTIONS: bool(ceremony.ai) if now in _BEFORE_TERMS else ceremony.asks_about_ai,
    }
    at = ORDER.index(now)
    return tuple(
        step
        for number, step in enumerate(ORDER)
        if step not in (Step.LANGUAGE, Step.DONE)
        and (number == at or (step.value in came if number < at else possible.get(step, True)))
    )


def _steps_of_turn(ceremony: Ceremony) -> set[str]:
    """The steps at which whoever answers now, or signed last, did something."""
    signed = [at for at, act in enumerate(ceremony.acts) if isinstance(act.what, Signed)]
    # With the last signature the turn is over, but its receipt is still shown as a step of it.
    ended = signed[:-1] if len(ceremony.signatures) == len(ceremony.parties) else signed
    return {act.step for act in ceremony.acts[ended[-1] + 1 if ended else 0 :]}


_BEFORE_TERMS = (Step.NOTICE, Step.PHOTOS, Step.USES)

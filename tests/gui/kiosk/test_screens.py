"""Pictures of every step as the window shows it, kept in test-output/screens, and measured while they are there.

The ordinary run takes a few sizes and languages; ``./run test --long`` takes all of them, among them a screen of
2736 x 1824 at two pixels a point, in a process of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from safelight.asking.scene import Page, Scene
from safelight.asking.step_state import StepState
from safelight.domain.ceremony import Step
from safelight.domain.people import Role
from safelight.kiosk.view import StepView
from safelight.settings.texts import texts
from support.kiosk import looks
from support.kiosk.desk_double import FIVE, MARKED, SittingDouble, person_double
from support.kiosk.driving import Driven
from support.kiosk.stage import reached, settle
from support.sampling import LONG

FOLDER = Path(__file__).parents[3] / "test-output" / "screens" / "steps"
EVERYTHING = LONG
LANGUAGES = ("en", "de", "ar", "ja", "hi", "zh-Hans")
SIZES = ((1280, 800), (1920, 1200), (1368, 912), (800, 1280), (1200, 1920))
ORDINARY = (("en", (1280, 800)), ("ar", (1368, 912)), ("de", (800, 1280)), ("ja", (1280, 800)), ("en", (1920, 1200)))
CHOSEN = tuple((language, size) for language in LANGUAGES for size in SIZES) if EVERYTHING else ORDINARY
STEPS = tuple(each for each in Step if each is not Step.DONE)


@pytest.fixture
def kiosk(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[Driven]:
    made = Driven(size=request.param)
    yield made
    made.close()
    made.deleteLater()
    settle()


def scene(step: Step, language: str) -> Scene:
    """``step`` with somebody at it, everything before answered with yes."""
    offered = {Step.TERM: (*FIVE[:2], "use.advertising"), Step.USES: (*FIVE, *MARKED[1:3])}.get(step, FIVE)
    person = person_double("Ada Quill", language, offered=offered, photos=2)
    ceremony, words = reached(person, step), texts(language)
    person = replace(person, ceremony=ceremony)
    desk = SittingDouble(person)
    state = StepState(
        person, ceremony, words, person.name, Role.SUBJECT,
        page=desk.page(ceremony)[0] if step is Step.REVIEW else b"",
        finished=desk._receipt() if step is Step.RECEIPT else None,
    )  # fmt: skip
    return Scene(Page.STEP, words, name=person.name, state=state, step=step)


def show(kiosk: Driven, step: Step, language: str) -> StepView:
    kiosk.window.show_scene(scene(step, language))
    settle()
    view = kiosk.window.content
    assert isinstance(view, StepView)
    return view


@pytest.mark.parametrize(
    ("language", "kiosk"), CHOSEN, indirect=["kiosk"], ids=[f"{language}-{w}x{h}" for language, (w, h) in CHOSEN]
)
def test_every_step_is_fit_to_be_shown(kiosk: Driven, language: str) -> None:
    faults = []
    ratio = kiosk.window.devicePixelRatioF()
    size = f"{round(kiosk.window.width() * ratio)}x{round(kiosk.window.height() * ratio)}"
    for number, step in enumerate(STEPS):
        view = show(kiosk, step, language)
        picture = kiosk.window.grab()
        FOLDER.mkdir(parents=True, exist_ok=True)
        assert picture.save(str(FOLDER / f"{language}-{size}-{number}-{step.value}.png"))
        for check in (looks.clipped, looks.overlapping, looks.too_small, looks.nameless, looks.faint):
            faults += [f"{step.value}: {each}" for each in check(view)]
        assert (kiosk.window.layoutDirection().name == "RightToLeft") is texts(language).rtl
    assert faults == []


@pytest.mark.skipif(not EVERYTHING, reason="./run test --long paints it")
def test_a_screen_of_two_pixels_a_point() -> None:
    environment = {**os.environ, "QT_SCALE_FACTOR": "2", "QT_QPA_PLATFORM": "offscreen"}
    names = " or ".join(f"{language}-1368x912" for language in LANGUAGES)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-k", names, __file__]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    assert list(FOLDER.glob("en-2736x1824-*.png"))


@pytest.mark.parametrize("kiosk", [(1280, 800)], indirect=True)
def test_a_step_is_on_the_screen_at_once(kiosk: Driven) -> None:
    """Figures of the signing screen: a step change under 100 ms (measured generously: machines under test are busy)."""
    show(kiosk, Step.NOTICE, "en")  # whatever is loaded only once is loaded
    slow = {}
    for step in STEPS:
        wanted = scene(step, "en")
        began = time.process_time()
        kiosk.window.show_scene(wanted)
        kiosk.window.repaint()
        slow[step.value] = round((time.process_time() - began) * 1000)
        settle()
    assert max(slow.values()) < 300, slow

"""Lays the cover over the window, and takes it off again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safelight.desk.absence import Absence
from safelight.desk.cover.presenter import Covering
from safelight.desk.desk import Desk
from safelight.desk.window import DeskWindow

if TYPE_CHECKING:
    from safelight.desk.cover.view import CoverView


def cover_window(desk: Desk, window: DeskWindow, absence: Absence) -> Covering:
    """What covers ``window`` when nobody is there, when somebody asks for it, and after a sleep."""
    covering = Covering(desk, absence)
    made: list[CoverView] = []

    def view() -> CoverView:
        if made and made[0].words is not desk.words:
            made.pop().deleteLater()
        if not made:
            from safelight.desk.cover.view import CoverView  # a first window is not covered yet

            made.append(CoverView(desk.words, window))
            made[0].pin_given.connect(covering.give_pin)
            made[0].passphrase_given.connect(covering.give_passphrase)
        return made[0]

    def cover(studio: str, passphrase: bool) -> None:
        played = desk.demonstration
        hint = desk.words.get("cover.demo", pin=played.pin) if played is not None else ""
        window.cover(view())
        view().show_cover(studio, passphrase=passphrase, hint=hint)

    def uncover() -> None:
        view().put_away()
        window.uncover()

    def stay(title: str, hint: str) -> None:
        key = "cover.wrong_passphrase" if covering.needs_passphrase else "cover.wrong_pin"
        view().show_error(title or desk.words.get(key), hint)

    covering.covered.connect(cover)
    covering.uncovered.connect(uncover)
    covering.refused.connect(stay)
    window.cover_asked.connect(covering.cover)
    return covering

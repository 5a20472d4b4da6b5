"""A small program that works a part of a day as the desk does, for tests that kill it on the way.

``desk_worker.py STUDIO FOLDER BACKUPS SEED BEGAN SPEED ACTS``: takes in the hot folder FOLDER and copies to the second
place in threads of their own, while by the dice of SEED somebody switches, moves, rates, hides, takes out, marks, and
backs up into BACKUPS. ``ACK id sha256`` for what is durable, ``BEGIN json`` before and ``DONE json`` after each act
(``NOT`` if it was refused), ``LISTED name`` for a file that waits or is left out, ``END`` at its end. Its clock runs
SPEED times as fast, so that a few seconds are a minute of a day.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from safelight.capture.decoder_pool import DecoderPool
from safelight.capture.hot_folder import CALM
from safelight.domain.attendance import Presence
from safelight.domain.changes import Changes
from safelight.domain.culling import Pick
from safelight.domain.errors import SafelightError
from safelight.domain.ids import PersonId, SubjectId
from safelight.domain.photo import Photo
from safelight.domain.session import Session, SessionState
from safelight.studio import culling, sessions, upkeep
from safelight.studio.assignments import Moved, move_back, move_photos, remove_photos, settle
from safelight.studio.attendance import mark_attendance
from safelight.studio.closing import close_with_report
from safelight.studio.founding import open_studio
from safelight.studio.frame_binding import BySwitchLog
from safelight.studio.hot_intake import HotIntake, IntakeListener
from safelight.studio.intake import Intake
from safelight.studio.on_set import How, put_on_set
from safelight.studio.open_studio import OpenStudio
from safelight.studio.second_place import copy_waiting
from support.found_studio import PASSPHRASE

DAY = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
ABSENT = 2
"""So many people at the end of the roster are never put on set; somebody says whether they came."""
_SAYING = threading.Lock()


def day_clock(began: float, speed: float) -> Callable[[], datetime]:
    """The time of the day that began at ``began`` of the machine's clock and goes ``speed`` times as fast."""
    return lambda: DAY + timedelta(seconds=(time.time() - began) * speed)


def say(what: str, told: str = "") -> None:
    """One whole line, whichever thread says it."""
    with _SAYING:
        print(what, told, flush=True)


class Listener(IntakeListener):
    """Lists what is not taken in."""

    def took_in(self, intake: Intake, changes: Changes) -> None:
        for name, _why in intake.left_out:
            say("LISTED", name)

    def waits(self, path: Path, why: str) -> None:
        say("LISTED", path.name)

    def aside(self, path: Path, why: str) -> None:
        say("LISTED", path.name)


class Desk:
    """Whoever works there, one act after the other."""

    def __init__(self, studio: OpenStudio, session: Session, backups: Path, dice: random.Random) -> None:
        self.studio, self.session, self.backups, self.dice = studio, session, backups, dice
        self.by: PersonId = session.photographer
        people = sorted(studio.archive.subjects.ids(session.id))
        self.people, self.expected = people[:-ABSENT], people[-ABSENT:]
        self.moved: Moved | None = None
        self.acted = 0

    def act(self) -> None:
        """One act, by the dice."""
        acts = (
            *(self.switch,) * 5, *(self.move,) * 4, self.back, self.answer, *(self.rate,) * 2, self.mark,
            *(self.hide,) * 2, self.take_out, self.attend, self.back_up,
        )  # fmt: skip
        self.acted += 1
        self.dice.choice(acts)()

    def told(self, told: dict[str, Any], act: Callable[[], dict[str, Any] | None]) -> None:
        """Say what is begun, do it, and say that it is durable."""
        say("BEGIN", json.dumps(told))
        try:
            more = act() or {}
        except SafelightError as error:
            say("NOT", f"{type(error).__name__} {error}".replace("\n", " "))
        else:
            say("DONE", json.dumps(told | more))

    def some(self, wanted: Callable[[Photo], bool] = lambda _: True, most: int = 2) -> list[Photo]:
        photos = [each for each in self.studio.archive.photos.of_session(self.session.id) if wanted(each)]
        return self.dice.sample(photos, min(len(photos), most))

    def switch(self) -> None:
        people = self.dice.sample(self.people, self.dice.choice((1, 1, 1, 2)))

        def done() -> dict[str, Any]:
            return {"at": put_on_set(self.studio, self.session, people, self.by, How.ENTER)[0].at_ms}

        self.told({"act": "switch", "people": people}, done)

    def move(self) -> None:
        if photos := self.some():
            to = self.dice.choice(self.people)

            def done() -> None:
                self.moved = move_photos(self.studio, [each.guid for each in photos], [to], self.by)[0]

            self.told({"act": "move", "owners": {each.guid: [[to], False] for each in photos}}, done)

    def back(self) -> None:
        moved, self.moved = self.moved, None
        if moved is not None:
            owners = {each.guid: [each.subjects, each.flagged] for each in moved.places}
            self.told({"act": "back", "owners": owners}, lambda: move_back(self.studio, moved, self.by) and None)

    def answer(self) -> None:
        if photos := self.some(lambda each: each.flagged):
            guids = [each.guid for each in photos]

            def done() -> dict[str, Any]:
                settled = settle(self.studio, guids, self.by)[0]
                return {"owners": {each.photo.guid: [each.photo.subjects, False] for each in settled.assigned}}

            self.told({"act": "answer", "owners": {each.guid: [each.subjects, False] for each in photos}}, done)

    def rate(self) -> None:
        stars = self.dice.randrange(6)
        self._cull(culling.rate_photos, {"rating": stars}, stars)

    def mark(self) -> None:
        pick = self.dice.choice(list(Pick))
        self._cull(culling.mark_photos, {"mark": pick.value}, pick)

    def hide(self) -> None:
        hidden = self.dice.random() < 0.6
        self._cull(culling.hide_photos if hidden else culling.unhide_photos, {"hidden": hidden})

    def _cull(self, verb: Callable[..., Any], told: dict[str, Any], *more: object) -> None:
        for photo in self.some(most=1):
            act = partial(verb, self.studio, [photo.guid], *more, self.by)
            self.told({"act": "cull", "photo": photo.guid} | told, lambda act=act: act() and None)  # type: ignore[misc]

    def take_out(self) -> None:
        for photo in self.some(most=1) if self.dice.random() < 0.4 else ():
            act = partial(remove_photos, self.studio, [photo.guid], self.by)
            told = {"act": "take out", "photo": photo.guid, "sha256": photo.sha256}
            self.told(told, lambda act=act: act() and None)  # type: ignore[misc]

    def attend(self) -> None:
        person, state = SubjectId(self.dice.choice(self.expected)), self.dice.choice(list(Presence))
        told = {"act": "attend", "person": person, "state": state.value}
        self.told(told, lambda: mark_attendance(self.studio, self.session, person, state, self.by) and None)

    def back_up(self) -> None:
        target = self.backups / f"{time.time_ns()}"

        def done() -> None:
            upkeep.back_up_studio(self.studio, target)
            upkeep.read_back_backup(target)

        self.told({"act": "back up", "folder": str(target)}, done)

    def close(self) -> None:
        """The day ends; whoever opens it next opens the session again."""
        self.told({"act": "close"}, lambda: close_with_report(self.studio, self.session, self.by, True) and None)


def copy(studio: OpenStudio, ended: threading.Event) -> None:
    """What is not in the second place yet, twice a second; a drive that is gone is waited for."""
    while not ended.wait(0.5):
        try:
            copy_waiting(studio)
        except SafelightError as error:
            say("COPIES", error.title)


def main() -> None:
    path, folder, backups, seed, began, speed, acts = sys.argv[1:]
    dice, ended = random.Random(seed), threading.Event()
    acknowledge = lambda id, sha256: say("ACK", f"{id} {sha256}")  # noqa: E731
    clock = day_clock(float(began), float(speed))
    with open_studio(Path(path), PASSPHRASE, clock=clock, acknowledge=acknowledge) as studio, DecoderPool() as decoders:
        (session,) = studio.archive.sessions.list()
        if session.state is SessionState.CLOSED:
            session, _ = sessions.reopen_session(studio, session)
        desk = Desk(studio, session, Path(backups), dice)
        hot = HotIntake(
            studio, session, Path(folder), decoders, BySwitchLog(studio, session, desk.by), Listener(), try_again=0.5
        )
        threads = [threading.Thread(target=hot.run, args=(ended.is_set,), daemon=True),
                   threading.Thread(target=copy, args=(studio, ended), daemon=True)]  # fmt: skip
        for each in threads:
            each.start()
        say("READY")
        for _ in range(int(acts)):
            time.sleep(dice.random() * 0.5)
            desk.act()
        patience, taken = (1, -1) if desk.acted else (60, 0)  # a camera that goes on leaves no rest
        give_up = time.monotonic() + patience
        while not (hot.folder.looks >= 4 and hot.behind == 0 and hot.folder.pause == CALM):
            if taken >= 0 and (now := studio.archive.photos.count()) > taken:  # all that waits comes in, be it much
                taken, give_up = now, time.monotonic() + patience
            if time.monotonic() > give_up:
                break
            time.sleep(0.05)
        ended.set()
        for each in threads:
            each.join()
        if dice.random() < 0.3:
            desk.close()
    say("END")


if __name__ == "__main__":
    main()

"""Whoever opened the door of a screen hears what is changed behind it, so that a list beside it can look again."""

from __future__ import annotations

from functools import reduce
from operator import or_

from safelight.domain.changes import Changes
from safelight.domain.ids import Language
from safelight.studio import hot_intake, intake
from safelight.studio.badges import badge_code
from safelight.studio.frame_binding import ByArrival
from safelight.studio.held import HELD_FOR
from safelight.studio.queries.board import PersonState, session_board
from safelight.studio.signing_point import StudioSigningPoint
from support.guests import Guest
from support.shoot import Shoot


class Desk:
    """A list beside a screen: what it heard since it last looked."""

    def __init__(self, shoot: Shoot) -> None:
        self.shoot, self.heard = shoot, [Changes.NONE]
        self.door = StudioSigningPoint(shoot.studio, shoot.session, changed=self.heard.append)

    def looked(self) -> Changes:
        changes = reduce(or_, self.heard)
        self.heard[:] = [Changes.NONE]
        return changes

    def state(self) -> PersonState:
        return session_board(self.shoot.studio, self.shoot.session).people[0].state


def test_a_signature_refreshes_a_desk(shoot: Shoot) -> None:
    desk, ada = Desk(shoot), shoot.person()
    sitting = desk.door.admit(badge_code(shoot.studio, shoot.session.id, ada.id))
    assert sitting is not None and desk.state() is PersonState.REGISTERED
    assert desk.looked() is Changes.SUBJECTS | Changes.ON_SET  # they came
    guest = Guest(sitting, ["use.portfolio"], typed=True).answer()
    assert desk.looked() is Changes.SUBJECTS and desk.state() is PersonState.ANSWERING
    guest.review().sign()
    desk.looked()
    guest.finish()
    told = desk.looked()
    assert Changes.CONSENTS in told and Changes.RECEIPTS in told and Changes.SUBJECTS in told
    assert desk.state() is PersonState.SIGNED
    sitting.opened(shoot.studio.archive.consents.receipts_of(ada.id)[0].opening_code)
    assert desk.looked() is Changes.JOURNAL


def test_who_walks_in_or_leaves_undecided_refreshes_it_too(shoot: Shoot) -> None:
    desk = Desk(shoot)
    sitting = desk.door.walk_in("Bo Holm", "", Language("en"))
    assert Changes.SUBJECTS in desk.looked()
    Guest(sitting, typed=True).answer()
    desk.looked()
    sitting.left_undecided()
    assert desk.looked() is Changes.SUBJECTS | Changes.JOURNAL and desk.state() is PersonState.REGISTERED
    sitting.left_undecided()
    assert desk.looked() is Changes.NONE


def test_what_erases_itself_at_the_door_is_told(shoot: Shoot) -> None:
    desk, ada = Desk(shoot), shoot.person()
    sitting = desk.door.admit(badge_code(shoot.studio, shoot.session.id, ada.id))
    assert sitting is not None
    Guest(sitting, typed=True).answer()
    desk.looked()
    shoot.clock.at += 2 * HELD_FOR
    desk.door.admit("nobody")
    assert desk.looked() is Changes.SUBJECTS | Changes.JOURNAL


def test_intake_says_what_came_and_when_nothing_came(shoot: Shoot) -> None:
    ada = shoot.person()
    path = shoot.file()
    for told in (Changes.PHOTOS | Changes.JOURNAL, Changes.NONE):
        taken, changes = intake.capture_photos(shoot.studio, shoot.session, [path], ada.id, shoot.decoders)
        assert changes is told and len(taken.added) + len(taken.known) == 1
    heard: list[Changes] = []
    watched = [shoot.file(), shoot.file()]

    class Hearing(hot_intake.IntakeListener):
        def took_in(self, _intake: intake.Intake, changes: Changes) -> None:
            heard.append(changes)

    everything = hot_intake.watch_folder(
        shoot.studio, shoot.session, path.parent, shoot.decoders, ByArrival(shoot.studio, shoot.session, ada.id),
        lambda: len(heard) == len(watched), Hearing(),
    )  # fmt: skip
    assert heard == [Changes.PHOTOS | Changes.JOURNAL] * 2 and everything is Changes.PHOTOS | Changes.JOURNAL

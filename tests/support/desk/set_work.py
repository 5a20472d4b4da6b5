"""On set on a whole day at the desk: everybody comes, answers and is photographed, and what goes wrong is mended."""

from __future__ import annotations

import subprocess

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest

from safelight.domain.changes import Changes
from safelight.domain.people import Role, Subject
from safelight.studio.arrivals import mark_arrived
from safelight.studio.signing_point import StudioSigningPoint
from support.desk.at_desk import until
from support.desk.whole_day import FRAMES, KIM, OWN, USE, WholeDay
from support.guests import Guest
from support.shoot import said_yes


def answers(day: WholeDay, person: Subject, number: int) -> None:
    """A quarter refuses everything, some allow the studio's own portfolio alone, the others the agency's directory."""
    if number % 4 == 1:
        day.sign(person)
    elif number % 7 == 2:
        day.sign(person, said_yes(OWN))
    else:
        day.sign(person, said_yes(USE, *day.session.recipients), said_yes(OWN))


def shoot_everybody(day: WholeDay, people: tuple[Subject, ...], skip: tuple[Subject, ...]) -> None:
    """Each comes, answers, and is photographed; by scanner, by name, or as the next one by Enter."""
    at_the_screen = {people[1].id: (USE, OWN), people[2].id: ()}
    for number, person in enumerate(people):
        if person in skip:
            continue
        if person.id in at_the_screen:
            day.scan(person.id)
            day.is_on_set(person.id)
            day.sign_at_the_screen(person.id, at_the_screen[person.id], KIM)
            # Unless they choose more they allow it in their own country alone, and the agency is in another one.
            day.yes[person.id] -= {USE}
        elif number == 20:
            pass  # answers at the end of the day, and strikes one out
        else:
            answers(day, person, number)
        if number % 3 == 0 and person.id not in at_the_screen:
            day.opening.jobs.tell(mark_arrived(day.studio, day.session, person.id)[1])
            day.rest()
            until(lambda who=person.id: day.shoot.presenter.set.next == who)  # type: ignore[misc]
            day.press(Qt.Key.Key_Return)
        elif number % 3 == 1 and person.id not in at_the_screen:
            day.find(person.id, person.name)
        elif person.id not in at_the_screen:
            day.scan(person.id)
        day.is_on_set(person.id)
        day.photograph([person.id], FRAMES, day.second if number % 2 else day.first)
        until(lambda who=person.id: day.row(who).shots == FRAMES)  # type: ignore[misc]


def walk_in(day: WholeDay) -> None:
    """Three who are on no list: two by name, who answer, and one by number alone, who leaves without."""
    for typed, choices in (("Zoe Walker", (said_yes(OWN),)), ("", None), ("Ben Walker", ())):
        before = day.shoot.presenter.set.on_set
        if typed:
            day.shoot.view.look_for(typed)
            QTest.qWait(80)
        day.press(Qt.Key.Key_F4)
        until(lambda before=before: day.shoot.presenter.set.on_set not in ((), before))  # type: ignore[misc]
        day.rest()
        (walker,) = day.shoot.presenter.set.on_set
        day.photograph([walker], 2, day.first)
        if choices is not None:
            day.sign(day.studio.archive.subjects.get(walker), *choices)


def guardian_comes_late(day: WholeDay, minor: Subject) -> None:
    """A minor is photographed, which is an alarm until the guardian, who comes later, has signed too."""
    day.scan(minor.id)
    day.is_on_set(minor.id)
    until(lambda: any(each.key.startswith("without-guardian") for each in day.shoot.view.alarms.cards))
    day.photograph([minor.id], 2, day.second)
    assert day.row(minor.id).readiness.value == "guardian"
    day.clock.skip(1800)
    point = StudioSigningPoint(day.studio, day.session, "Tablet 2", changed=day.opening.jobs.tell)
    sitting = point.admit(day.code(minor.id))
    assert sitting is not None
    guests = Guest(sitting, [OWN])
    assert guests.now.whose_turn is Role.GUARDIAN
    guests.finish()
    day.opening.jobs.tell(Changes.CONSENTS | Changes.RECEIPTS)
    day.yes[minor.id] = frozenset({OWN})
    until(lambda: day.row(minor.id).readiness.value == "ready")
    day.rest()


def swap(day: WholeDay, first: Subject, second: Subject) -> None:
    """Two sat down in each other's place: their frames are moved, back by Ctrl+Z, and moved again."""
    taken = {}
    panel, view = day.shoot.panel, day.shoot.view
    for shown, sitter in ((first, second), (second, first)):
        day.scan(shown.id)
        day.is_on_set(shown.id)
        taken[shown.id] = day.photograph([sitter.id], 2, day.first)
    for shown, sitter in ((first, second), (second, first)):
        guids = {day.guid_of(each) for each in taken[shown.id]}
        rows = [each for each in day.shots(shown.id) if set(each.guids) & guids]
        day.scan(shown.id)
        day.is_on_set(shown.id)
        wanted = {each.shot for each in rows}
        until(lambda wanted=wanted: wanted <= {each.shot for each in panel.shots.tiles})  # type: ignore[misc]
        panel.shots.setFocus()
        panel.select([each.shot for each in rows], rows[-1].shot)
        QTest.keyClick(panel.shots, Qt.Key.Key_M)
        view.roster.search.setText(sitter.name)
        until(lambda who=sitter.id: day.pointed_at() == who)  # type: ignore[misc]
        day.press(Qt.Key.Key_Return)
        day.rest()
        assert {guid for each in day.shots(sitter.id) for guid in each.guids} >= guids
        day.opening.desk.undo.undo()
        day.rest()
        assert {guid for each in day.shots(shown.id) for guid in each.guids} >= guids
        day.opening.desk.undo.redo()
        day.rest()
        assert not {guid for each in day.shots(shown.id) for guid in each.guids} & guids


def switch_before_the_transfer(day: WholeDay, first: Subject, second: Subject) -> None:
    """The next one is on set before the frames of the one before have come: they are still theirs."""
    for camera in (day.first, day.second):
        day.scan(first.id)
        day.is_on_set(first.id)
        late = day.photograph([first.id], 2, camera, late=True)
        day.scan(second.id)
        day.is_on_set(second.id)
        day.clock.skip(12)
        camera.transfer(*late)
        day.all_in()
        guids = {day.guid_of(each) for each in late}
        bound = [each for each in day.shots(first.id) if set(each.guids) & guids]
        assert len(bound) == 2 and not any(each.check for each in bound)
        day.clock.skip(6)


def answer_a_check(day: WholeDay, first: Subject, second: Subject) -> None:
    """A shutter a second after the switch may be of either: the desk asks, and a digit answers."""
    day.scan(first.id)
    day.is_on_set(first.id)
    day.clock.skip(10)
    day.scan(second.id)
    day.is_on_set(second.id)
    day.clock.skip(1)
    taken = day.first.take([first.id])  # the first one had not got up yet
    day.clock.skip(8)
    day.first.transfer(taken)
    day.all_in()
    (row,) = [each for each in day.shots() if day.guid_of(taken) in each.guids]
    assert row.check
    cards = day.shoot.view.alarms
    until(lambda: any(each.key.startswith("check") for each in cards.cards))
    numbers = [(card.key, choice) for card in cards.cards for choice in card.choices]
    called = first.name.split()[0]
    (number,) = [at for at, (key, told) in enumerate(numbers, 1) if key.startswith("check") and called in told.words]
    day.press(Qt.Key(Qt.Key.Key_0.value + number), Qt.KeyboardModifier.AltModifier)
    until(lambda: not any(each.key.startswith("check") for each in cards.cards))
    day.rest()


def group_of_nine(day: WholeDay, nine: tuple[Subject, ...]) -> None:
    """Nine in one frame; the last of them signs only now, and strikes out one of the group's and one of their own."""
    day.scan(nine[0].id)
    day.is_on_set(nine[0].id)
    day.shoot.panel.shots.setFocus()
    QTest.keyClick(day.shoot.panel.shots, Qt.Key.Key_G)
    there = [nine[0].id]
    for each in nine[1:]:
        QTest.qWait(100)
        day.scan(each.id)
        there.append(each.id)
        day.is_on_set(*there)
    QTest.keyClick(day.shoot.view.roster.search, Qt.Key.Key_Escape)
    frames = day.photograph(there, 2, day.second)
    for each in nine:
        assert {day.guid_of(one) for one in frames} <= {guid for row in day.shots(each.id) for guid in row.guids}
    last = nine[-1]
    own = [each for each in day.film.of(last.id) if each not in frames]
    struck = (own[0], frames[0])
    day.sign(last, said_yes(USE, *day.session.recipients), said_yes(OWN), shown=[*own, *frames], struck=struck)
    gone = {day.guid_of(each) for each in struck}
    assert {guid for row in day.shots() if row.vetoed for guid in row.guids} == gone


def card_beside_the_folder(day: WholeDay, person: Subject) -> None:
    """The tether lost two frames; the card has them, and everything else that is known by now."""
    day.press(Qt.Key.Key_F9)
    day.is_on_set()
    day.scan(person.id)
    day.is_on_set(person.id)
    day.photograph([person.id], 2, day.first, late=True)
    before = day.count()
    told = len(day.said)
    for camera in (day.first, day.second):
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(camera.card))])
        drop = QDropEvent(
            QPointF(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
        day.shoot.view.dropEvent(drop)
    until(lambda: len(day.said) >= told + 2, 120)
    day.rest()
    assert day.count() == before + 2 == len(day.film.taken)
    assert not any(each.check for each in day.shots(person.id))


def rate_in_place(day: WholeDay, exiftool: str) -> None:
    """An editor writes ratings into 100 files of the folder, some in place and some as a new file: no new frame."""
    files = sorted(day.hot.glob("*.jpg"))
    rated = [each for each in files if any(each.name == taken.name for taken in day.film.taken)][:100]
    assert len(rated) == min(100, len(day.film.taken) - 2)
    before = day.count()
    for part, how in ((rated[::2], "-overwrite_original_in_place"), (rated[1::2], "-overwrite_original")):
        subprocess.run([exiftool, "-q", "-Rating=4", "-Subject=chosen", how, *map(str, part)], check=True)
    assert all(each.read_bytes() != day.first.card.joinpath(each.name).read_bytes() for each in rated
               if each.name.startswith("LNA"))  # fmt: skip
    (person,) = day.shoot.presenter.set.on_set
    day.photograph([person], 1, day.first)  # comes after them, so that they were looked at when it is in
    until(lambda: day.count() == before + 1, 120)
    day.rest()
    assert day.count() == before + 1 == len(day.film.taken)

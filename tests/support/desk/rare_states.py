"""States of the desk that a day seldom has, but look.md names: each is brought about as it comes about, and undone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from safelight.desk.export.rows import Done, Outlook
from safelight.desk.pictures.acts import Act
from safelight.desk.shoot.rows import Purpose
from safelight.domain.session import Session
from safelight.studio.queries.sessions import session_rows
from safelight.studio.sessions import NewSession, SessionChange, change_session, new_session

if TYPE_CHECKING:
    from support.desk.tour import Tour

Seen = tuple[str, QWidget]
NOBODY_YET = "Nobody yet"


def on_set(tour: Tour) -> Iterator[Seen]:
    """What is doubtful while somebody is on set, and what lies over the screen."""
    screen, window, person = tour.go("shoot"), tour.window, tour.made.people[0]
    view, panel = screen.view, screen.panel
    tour.put(person)
    plan(tour, 2)
    assert any(each.key.startswith("too-many") for each in view.alarms.cards)
    yield "shoot-too-many", window
    plan(tour, tour.made.session.frames_per_subject or 0)
    view.look_for("", Purpose.MOVE, 3)
    tour.settle()
    yield "shoot-move", window
    view.roster.give_up()
    view.look_for("zzzz")
    tour.settle()
    yield "shoot-nobody-found", window
    view.roster.give_up()
    for look in (Act.CLIPPING, Act.GUIDE, Act.PICTURE_ONLY):
        panel.large.look(look)
    tour.settle()
    yield "shoot-picture-only", window
    for look in (Act.CLIPPING, Act.GUIDE, Act.PICTURE_ONLY):
        panel.large.look(look)
    view.hand_over_asked.emit()
    tour.settle()
    view.take_back_asked.emit()
    tour.settle()
    sheet = tour.above()
    assert sheet is not None
    yield "shoot-pin", window
    sheet.close()
    tour.desk.signing.take_back()
    tour.desk.say(tour.desk.words.get("shoot.deliver-whom"), tour.desk.words.get("shoot.moved-hint"))
    tour.settle()
    yield "shoot-said", window


def folder_gone(tour: Tour) -> Iterator[Seen]:
    """The folder that is watched is not there any more."""
    screen = tour.go("shoot")
    source, folder = screen.presenter.source, tour.settings.parent / "Tether"
    folder.mkdir()
    source.choose(folder)
    tour.until(lambda: source.news is not None and source.news.there and source.news.folder == folder)
    folder.rmdir()
    tour.until(lambda: not source.news.there)
    tour.settle()
    assert any(each.key.startswith("folder-gone") for each in screen.view.alarms.cards)
    yield "shoot-folder-gone", tour.window
    source.choose(tour.made.hot_folder)
    tour.until(lambda: source.news.there)
    tour.settle()


def beside(tour: Tour) -> Iterator[Seen]:
    """The client's window, and the clock card with cameras that are known and some that are not."""
    screen = tour.go("shoot")
    for name, asked in (("client", screen.view.client_asked), ("clock", screen.view.clock_asked)):
        asked.emit()
        tour.settle()
        (window,) = screen.windows.open_windows
        yield name, window
        window.close()
        tour.settle()
    tour.window.activateWindow()


def empty_roster(tour: Tour) -> Iterator[Seen]:
    """A session nobody is in yet."""
    studio, made, before = tour.made.studio, tour.made, tour.desk.session
    assert before is not None
    found = [each.session for each in session_rows(studio) if each.session.name == NOBODY_YET]
    uses = tuple(map(str, made.session.offered))
    session: Session = found[0] if found else new_session(
        studio, NewSession(NOBODY_YET, "", "Berlin", "DE", studio.today(), made.by.id, uses, zone="UTC")
    )[0]  # fmt: skip
    tour.desk.open_session(session)
    tour.go("shoot")
    yield "shoot-empty-roster", tour.window
    tour.desk.open_session(before)
    tour.settle()


def leaving(tour: Tour) -> Iterator[Seen]:
    """Photos that may leave, with what is to be known before, and the bundle that was written."""
    view, tiles = tour.go("export").view, tour.screens["shoot"].panel.last.tiles
    warnings = (tour.desk.words.get("export.choose_first"),) * 2
    names = {each.guid: each.name for each in tiles}
    view.show_outlook(Outlook(tuple(names), names, 3, (), warnings, "42 MB"), tiles, "bundle.age")
    tour.settle()
    assert tiles and view.grid.isVisible()
    yield "export-leaving", tour.window
    view.show_done(Done("12", "/home/kim/" + "bundle-" * 12 + ".age", "amber lantern forest window river seven"))
    tour.settle()
    yield "export-done", tour.window
    view.show_done(None)


def bin_with_frames(tour: Tour) -> Iterator[Seen]:
    """Frames that somebody put into the bin, at the close; the review is unlocked and on screen."""
    view = tour.screens["review"].view
    view.bin.show_tiles(tour.screens["shoot"].panel.last.tiles)
    tour.settle()
    yield "review-bin", tour.window
    view.bin.show_tiles(())


def plan(tour: Tour, frames: int) -> None:
    """So many shots are planned for each person from now on."""
    change = SessionChange(frames_per_subject=frames)
    (session, _), changes = change_session(tour.made.studio, tour.made.session.id, change, tour.made.by.id)
    tour.desk.open_session(session)
    tour.jobs.tell(changes)
    tour.settle()

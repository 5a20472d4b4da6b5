"""The command that opens the signing screen on a session, or on a studio made to play with."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from safelight.cli.demo import demonstration
from safelight.cli.opening import opened
from safelight.cli.output import Output
from safelight.cli.parser import DEMO_GUESTS
from safelight.cli.windows import Windows
from safelight.domain.errors import CannotOpen, WrongUsage
from safelight.domain.session import Session
from safelight.settings.texts import native_names, texts
from safelight.studio.badges import badge_code
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.lookup import find_session
from safelight.studio.screen_pin import has_screen_pin
from safelight.studio.sessions import must_be_open
from safelight.studio.signing_point import SCREEN, StudioSigningPoint
from safelight.studio.sitting import StudioSitting
from safelight.studio.staff import find_staff
from safelight.studio.subjects import find_subject


def run_kiosk(given: argparse.Namespace, output: Output) -> int:
    """``kiosk``."""
    windows: Windows | None = given.windows
    if windows is None:
        raise CannotOpen("The signing screen needs a window.", "Start it with the program 'safelight'.")
    if given.demo:
        return _play(given, output, windows)
    if not given.session:
        raise WrongUsage("Which session?", "Name one, or try 'safelight kiosk --demo'.")
    with opened(given, output) as studio:
        if not has_screen_pin(studio):
            raise WrongUsage(
                "No PIN is set for the signing screen, so nobody could leave it.",
                "Set one first: safelight studio pin --file F, a file with four digits or more.",
            )
        session = find_session(studio, given.session)
        must_be_open(session)
        return _open(given, output, studio, session, windows)


def _open(given: argparse.Namespace, output: Output, studio: OpenStudio, session: Session, windows: Windows) -> int:
    by = find_staff(studio, given.by).id if given.by else None
    desk = StudioSigningPoint(studio, session, given.device or SCREEN, by=by)
    first = None
    if given.subject:
        person = find_subject(studio, given.subject, session)
        first = desk.admit(badge_code(studio, session.id, person.id))
        if first is None:
            raise WrongUsage(f"{person.name} is not in this session.", "'session show' lists who is.")
    return _show(given, output, desk, first, windows)


def _play(given: argparse.Namespace, output: Output, windows: Windows) -> int:
    """A studio in a folder that vanishes afterwards; whoever is named after ``--demo`` sits there already."""
    with tempfile.TemporaryDirectory(prefix="safelight-") as folder:
        made = demonstration(given).found_signing_studio(Path(folder))
        with made.studio:
            output.note("Codes to type, as they stand on people's cards:")
            for card in made.cards:
                output.note(f"  {card.code}  {card.name}, {card.story}")
            output.note(f"The PIN to leave is {made.pin}. Everything made here is deleted when you do.")
            known = dict(zip(DEMO_GUESTS, made.cards, strict=True))
            first = made.desk.admit(known[given.demo].code) if given.demo in known else None
            return _show(given, output, made.desk, first, windows)


def _show(
    given: argparse.Namespace, output: Output, desk: StudioSigningPoint, first: StudioSitting | None, windows: Windows
) -> int:
    # The team hears which wording nobody has checked; the person in front of the screen is not bothered with it.
    if drafts := [name for code, name in native_names().items() if not texts(code).reviewed]:
        output.note(f"Machine-drafted wording that waits for native review: {', '.join(drafts)}.")
    return windows(
        desk, first, screen=given.screen, windowed=given.window, letters=given.letters, camera=given.camera
    )

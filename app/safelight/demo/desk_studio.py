"""A studio to look around in at the desk: a session under way, people of many scripts, and a camera that goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from safelight.capture.decoder_pool import DecoderPool
from safelight.demo.cast import AGENCY_USES, OFFERED, STUDIO_USES, Guest, cast
from safelight.demo.drawn.portrait import drawn_portrait
from safelight.demo.spring_day import (
    FRAME_SIZE,
    add_guest,
    every,
    found_throwaway_studio,
    photograph,
    sign,
    spring_session,
)
from safelight.domain.people import Role, StaffMember, Subject
from safelight.domain.progress import Report, silent
from safelight.domain.session import Session
from safelight.keys.durable import durable_write
from safelight.studio import recipients
from safelight.studio.open_studio import OpenStudio
from safelight.studio.screen_pin import set_screen_pin
from safelight.studio.staff import add_staff

PEOPLE = 24
SIGNED = (0, 1, 4, 6, 7, 9, 11)
"""Who has signed already, by their place on the roster; the minor waits for her guardian."""
PHOTOGRAPHED = (0, 1, 2, 4, 6)
FRAMES, PLANNED = 3, 5
PIN, REVIEWER_PIN, SCREEN_PIN = "2468", "1357", "8642"


@dataclass(frozen=True, slots=True)
class DeskStudio:
    """What was made. Whoever got it closes ``studio``."""

    studio: OpenStudio
    session: Session
    by: StaffMember
    hot_folder: Path
    people: tuple[Subject, ...]
    pin: str = PIN
    seed: int = 1

    def photograph(self, number: int) -> Path:
        """The camera takes frame ``number`` (from 1) of whoever is next, and writes it where it is watched for."""
        place = (len(PHOTOGRAPHED) + (number - 1) // FRAMES) % len(self.people)
        seed, now = self.seed * 1000 + place, self.studio.now()
        picture = drawn_portrait(seed, FRAME_SIZE, camera_time=now, frame=number, camera_model="Lantern Two")
        path = self.hot_folder / f"SLX_{number:04d}.JPG"
        durable_write(path, picture)
        return path


def found_desk_studio(folder: Path, report: Report = silent, people: int = PEOPLE, seed: int = 1) -> DeskStudio:
    """Found a studio in ``folder`` (new or empty), with a session under way and ``people`` on its roster.

    Nothing in it is worth protecting, so its passphrase is thrown away: it opens once.
    """
    studio = found_throwaway_studio(folder / "studio")
    try:
        return _filled(studio, folder, cast(people, seed), seed, report)
    except BaseException:
        studio.archive.close()
        raise


def _filled(studio: OpenStudio, folder: Path, guests: tuple[Guest, ...], seed: int, report: Report) -> DeskStudio:
    signing = [place for place in SIGNED if place < len(guests)]
    shot = [place for place in PHOTOGRAPHED if place < len(guests)]
    steps = 2 + len(shot) + len(signing)
    report(0, steps, "")
    photographer, _ = add_staff(studio, "Kim Sandberg", frozenset({Role.PHOTOGRAPHER}), PIN)
    add_staff(studio, "Robin Voss", frozenset({Role.REVIEWER}), REVIEWER_PIN)
    set_screen_pin(studio, SCREEN_PIN)
    session = spring_session(studio, folder / "agency", photographer, OFFERED, PLANNED)
    report(1, steps, "")
    roster = tuple(add_guest(studio, session, guest) for guest in guests)
    report(2, steps, "")
    began = studio.now() - timedelta(hours=2)
    with DecoderPool(look_for_slates=False) as decoders:
        for number, place in enumerate(shot):
            person, start = roster[place], began + number * timedelta(minutes=2)
            card, times = folder / "card" / person.id, every(start, 15, FRAMES)
            photograph(studio, session, card, person, seed * 1000 + place, times, decoders)
            report(number + 3, steps, "")
    own = (recipients.studio_as_recipient(studio).id,)
    named = dict.fromkeys(AGENCY_USES, session.recipients) | dict.fromkeys(STUDIO_USES, own)
    for number, place in enumerate(signing, 3 + len(shot)):
        sign(studio, session, roster[place], guests[place], seed, named)
        report(number, steps, "")
    hot = folder / "hot-folder"
    hot.mkdir()
    return DeskStudio(studio, session, photographer, hot, roster, seed=seed)

"""A studio to try the signing screen with: an ordinary session, and people with every kind of story at the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from safelight.capture.decoder_pool import DecoderPool
from safelight.demo.cast import Guest
from safelight.demo.spring_day import add_guest, every, found_throwaway_studio, photograph, sign, spring_session
from safelight.domain.errors import WrongUsage
from safelight.domain.people import Role
from safelight.domain.session import Session
from safelight.studio.badges import badge_code
from safelight.studio.open_studio import OpenStudio
from safelight.studio.screen_pin import set_screen_pin
from safelight.studio.signing_point import StudioSigningPoint
from safelight.studio.staff import add_staff

OFFERED = (
    "use.portfolio", "use.social", "use.directory", "use.editorial", "use.advertising", "ai.retouch",
    "ai.train-generative", "ai.replica",
)  # fmt: skip
PIN = "2468"
PHOTOS = 3


@dataclass(frozen=True, slots=True)
class BadgeCard:
    """What one of the people carries: the code to type, and what is to be tried with it."""

    name: str
    code: str
    story: str


@dataclass(frozen=True, slots=True)
class SigningStudio:
    """A signing desk to play with. Close ``studio`` (a ``with`` statement does) when done."""

    studio: OpenStudio
    desk: StudioSigningPoint
    cards: tuple[BadgeCard, ...]
    pin: str = PIN


STORIES = (
    (Guest("Anna Lindqvist", "de", ()), "an adult"),
    (Guest("Mira Novák", "en", (), born=date(2011, 5, 4), guardian="Jana Nováková"), "a minor, with a guardian"),
    (Guest("Jean-Luc Béranger", "fr", ("use.portfolio", "use.editorial"), 6, place="DE"), "signed beforehand"),
    (Guest("Amara Okafor", "en", ()), "an adult with three photos"),
    (Guest("أمينة الحداد", "ar", ()), "an adult who reads from right to left"),
)


def found_signing_studio(folder: Path, people: int = len(STORIES), seed: int = 1) -> SigningStudio:
    """Found a studio in ``folder`` (new or empty) with the first ``people`` of five stories, and open its desk.

    Nothing in it is worth protecting, so its passphrase is thrown away: it opens once.
    """
    if not 1 <= people <= len(STORIES):
        raise WrongUsage(f"The demonstration has between 1 and {len(STORIES)} people.")
    studio = found_throwaway_studio(folder / "studio")
    try:
        photographer, _ = add_staff(studio, "Kim Sandberg", frozenset({Role.PHOTOGRAPHER}))
        session = spring_session(studio, folder / "agency", photographer, OFFERED)
        cards = tuple(_card(studio, session, guest, story, seed) for guest, story in STORIES[:people])
        set_screen_pin(studio, PIN)
        return SigningStudio(studio, StudioSigningPoint(studio, session), cards)
    except BaseException:
        studio.archive.close()
        raise


def _card(studio: OpenStudio, session: Session, guest: Guest, story: str, seed: int) -> BadgeCard:
    person = add_guest(studio, session, guest)
    if "photos" in story:
        card = studio.archive.folder.path.parent / "photos-in"
        times = every(studio.now() - timedelta(hours=1), 20, PHOTOS)
        with DecoderPool() as decoders:
            photograph(studio, session, card, person, seed, times, decoders)
    if guest.yes:
        sign(studio, session, person, guest, seed, {})
    return BadgeCard(guest.name, badge_code(studio, session.id, person.id), story)

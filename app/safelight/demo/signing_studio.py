"""A studio to try the signing screen with: an ordinary session, and people with every kind of story at the door."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from safelight.agency import founding as agencies
from safelight.capture.decoder_pool import DecoderPool
from safelight.capture.ink import inkml
from safelight.demo.cast import Guest
from safelight.demo.drawn.portrait import drawn_portrait
from safelight.demo.drawn.signature import drawn_signature
from safelight.demo.walk import walk_through
from safelight.documents.jcs import sha256_hex
from safelight.documents.plain import dump
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import Language, RecipientId, SubjectId
from safelight.domain.people import Guardian, Role, Subject
from safelight.domain.record import Method, SignatureKind
from safelight.domain.session import Session
from safelight.domain.sitting import Evidence
from safelight.keys.passphrases import FLOOR_COST
from safelight.studio import founding, intake, recipients, sessions, subjects
from safelight.studio.badges import badge_code
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.screen_pin import set_screen_pin
from safelight.studio.signing_point import Present, StudioSigningPoint, finish_ceremony, open_ceremony
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
    wanted = founding.Founding("Studio Nordlicht", "DE", "privacy@nordlicht.example", "Lindenallee 4, 10115 Berlin")
    studio = founding.found_studio(folder / "studio", wanted, secrets.token_urlsafe(18), cost=FLOOR_COST)
    try:
        session = _session(studio, folder)
        cards = tuple(_card(studio, session, guest, story, seed) for guest, story in STORIES[:people])
        set_screen_pin(studio, PIN)
        return SigningStudio(studio, StudioSigningPoint(studio, session), cards)
    except BaseException:
        studio.archive.close()
        raise


def _session(studio: OpenStudio, folder: Path) -> Session:
    photographer, _ = add_staff(studio, "Kim Sandberg", frozenset({Role.PHOTOGRAPHER}))
    there = agencies.Founding("Agence Lumière", "FR", "rights@lumiere.example", "2 rue des Images, 75002 Paris, France")
    with agencies.found_agency(folder / "agency", there, secrets.token_urlsafe(18)) as agency:
        recipients.add_recipient(studio, agencies.agency_card(agency))
    wanted = sessions.NewSession(
        name="Headshots for the spring campaign",
        client="Nordwind Energie",
        place="Berlin",
        country=studio.identity.country,
        day=None,
        photographer=photographer.id,
        offered=OFFERED,
        recipients=(there.name,),
    )
    return sessions.new_session(studio, wanted)[0]


def _card(studio: OpenStudio, session: Session, guest: Guest, story: str, seed: int) -> BadgeCard:
    person = Subject(
        SubjectId(new_id()), guest.name, Language(guest.language), session.country, guest.born,
        "guest@nordwind.example",
        guardians=(Guardian(guest.guardian, "mother", sole=True),) if guest.guardian else (),
    )  # fmt: skip
    subjects.add_subject(studio, session, person)
    if "photos" in story:
        _photograph(studio, session, person, seed)
    if guest.yes:
        _sign_beforehand(studio, session, person, guest, seed)
    return BadgeCard(guest.name, badge_code(studio, session.id, person.id), story)


def _photograph(studio: OpenStudio, session: Session, person: Subject, seed: int) -> None:
    camera = studio.archive.folder.path.parent / "photos-in"
    camera.mkdir(exist_ok=True)
    shot = studio.now() - timedelta(hours=1)
    for frame in range(1, PHOTOS + 1):
        at = shot + timedelta(seconds=20 * frame)
        picture = drawn_portrait(seed, (1600, 2000), camera_time=at, frame=frame)
        (camera / f"SLN_{frame:04d}.JPG").write_bytes(picture)
    with DecoderPool() as decoders:
        intake.capture_photos(studio, session, [camera], person.id, decoders, made="drawn")


def _sign_beforehand(studio: OpenStudio, session: Session, person: Subject, guest: Guest, seed: int) -> None:
    evidence = Evidence(SignatureKind.INK, inkml(drawn_signature(seed, guest.name)))
    nobody: Mapping[str, tuple[RecipientId, ...]] = {}
    ceremony = walk_through(
        open_ceremony(studio, session, person), guest, nobody, studio.rules.catalogue, studio.now(),
        sha256_hex(evidence.data), lambda shown: sha256_hex(dump(replace(shown, acts=()))),
    )  # fmt: skip
    finish_ceremony(
        studio, session, person, ceremony, evidence, Present(modifiers=guest.modifiers),
        method=Method.DEMONSTRATION, taken_by=session.photographer, device="demonstration, no screen",
    )  # fmt: skip

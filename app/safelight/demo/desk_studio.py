"""A studio to look around in at the desk: a session under way, people of many scripts, and a camera that goes on."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from safelight.agency import founding as agencies
from safelight.capture.decoder_pool import DecoderPool
from safelight.capture.ink import inkml
from safelight.demo.cast import AGENCY_USES, OFFERED, STUDIO_USES, Guest, cast
from safelight.demo.drawn.portrait import drawn_portrait
from safelight.demo.drawn.signature import drawn_signature
from safelight.demo.walk import walk_through
from safelight.documents.jcs import sha256_hex
from safelight.documents.plain import dump
from safelight.domain.ids import Language, SubjectId
from safelight.domain.people import Guardian, Role, StaffMember, Subject
from safelight.domain.progress import Report, silent
from safelight.domain.record import Method, SignatureKind
from safelight.domain.session import Session
from safelight.domain.sitting import Evidence
from safelight.keys.durable import durable_write
from safelight.keys.passphrases import FLOOR_COST
from safelight.studio import founding, intake, recipients, sessions, subjects
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.screen_pin import set_screen_pin
from safelight.studio.signing_point import Present, finish_ceremony, open_ceremony
from safelight.studio.staff import add_staff

PEOPLE = 24
SIGNED = (0, 1, 4, 6, 7, 9, 11)
"""Who has signed already, by their place on the roster; the minor waits for her guardian."""
PHOTOGRAPHED = (0, 1, 2, 4, 6)
FRAMES = 3
PIN, REVIEWER_PIN, SCREEN_PIN = "2468", "1357", "8642"
SIZE = (1600, 2000)


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
        picture = drawn_portrait(
            self.seed * 1000 + place, SIZE, camera_time=self.studio.now(), frame=number, camera_model="Lantern Two"
        )
        path = self.hot_folder / f"SLX_{number:04d}.JPG"
        durable_write(path, picture)
        return path


def found_desk_studio(folder: Path, report: Report = silent, people: int = PEOPLE, seed: int = 1) -> DeskStudio:
    """Found a studio in ``folder`` (new or empty), with a session under way and ``people`` on its roster.

    Nothing in it is worth protecting, so its passphrase is thrown away: it opens once.
    """
    wanted = founding.Founding("Studio Nordlicht", "DE", "privacy@nordlicht.example", "Lindenallee 4, 10115 Berlin")
    studio = founding.found_studio(folder / "studio", wanted, secrets.token_urlsafe(18), cost=FLOOR_COST)
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
    session = _session(studio, folder, photographer)
    report(1, steps, "")
    roster = tuple(_person(studio, session, guest) for guest in guests)
    report(2, steps, "")
    began = studio.now() - timedelta(hours=2)
    with DecoderPool(look_for_slates=False) as decoders:
        for number, place in enumerate(shot):
            person, start = roster[place], began + number * timedelta(minutes=2)
            card = folder / "card" / person.id
            _photograph(studio, session, card, person, seed * 1000 + place, start, decoders)
            report(number + 3, steps, "")
    for number, place in enumerate(signing, 3 + len(shot)):
        _sign(studio, session, roster[place], guests[place], seed)
        report(number, steps, "")
    hot = folder / "hot-folder"
    hot.mkdir()
    return DeskStudio(studio, session, photographer, hot, roster, seed=seed)


def _session(studio: OpenStudio, folder: Path, photographer: StaffMember) -> Session:
    there = agencies.Founding("Agence Lumière", "FR", "rights@lumiere.example", "2 rue des Images, 75002 Paris, France")
    with agencies.found_agency(folder / "agency", there, secrets.token_urlsafe(18), cost=FLOOR_COST) as agency:
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
        frames_per_subject=5,
        zone="Europe/Berlin",
    )
    return sessions.new_session(studio, wanted)[0]


def _person(studio: OpenStudio, session: Session, guest: Guest) -> Subject:
    person = Subject(
        SubjectId(new_id()), guest.name, Language(guest.language), session.country, guest.born,
        "guest@nordwind.example",
        guardians=(Guardian(guest.guardian, "mother", sole=True),) if guest.guardian else (),
    )  # fmt: skip
    subjects.add_subject(studio, session, person)
    return person


def _photograph(
    studio: OpenStudio, session: Session, card: Path, person: Subject, seed: int, start: datetime, decoders: DecoderPool
) -> None:
    card.mkdir(parents=True)
    for frame in range(1, FRAMES + 1):
        at = start + timedelta(seconds=15 * frame)
        (card / f"SLN_{frame:04d}.JPG").write_bytes(drawn_portrait(seed, SIZE, camera_time=at, frame=frame))
    intake.capture_photos(studio, session, [card], person.id, decoders, made="drawn")


def _sign(studio: OpenStudio, session: Session, person: Subject, guest: Guest, seed: int) -> None:
    evidence = Evidence(SignatureKind.INK, inkml(drawn_signature(seed, guest.name)))
    own = (recipients.studio_as_recipient(studio).id,)
    named = dict.fromkeys(AGENCY_USES, session.recipients) | dict.fromkeys(STUDIO_USES, own)
    ceremony = walk_through(
        open_ceremony(studio, session, person), guest, named, studio.rules.catalogue, studio.now(),
        sha256_hex(evidence.data), lambda shown: sha256_hex(dump(replace(shown, acts=()))),
    )  # fmt: skip
    finish_ceremony(
        studio, session, person, ceremony, evidence, Present(modifiers=guest.modifiers),
        method=Method.DEMONSTRATION, taken_by=session.photographer, device="demonstration, no screen",
    )  # fmt: skip

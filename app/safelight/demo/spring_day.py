"""What the demonstration studios have in common: the session, its people, their drawn frames and signatures."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
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
from safelight.domain.ids import Language, RecipientId, SubjectId
from safelight.domain.people import Guardian, StaffMember, Subject
from safelight.domain.record import Method, SignatureKind
from safelight.domain.session import Session
from safelight.domain.sitting import Evidence
from safelight.keys.passphrases import FLOOR_COST
from safelight.studio import founding, intake, recipients, sessions, subjects
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.signing_point import Present, finish_ceremony, open_ceremony

FRAME_SIZE = (1600, 2000)


def found_throwaway_studio(folder: Path) -> OpenStudio:
    """A studio in ``folder`` in which nothing is worth protecting: its passphrase is thrown away, so it opens once."""
    wanted = founding.Founding("Studio Nordlicht", "DE", "privacy@nordlicht.example", "Lindenallee 4, 10115 Berlin")
    return founding.found_studio(folder, wanted, secrets.token_urlsafe(18), cost=FLOOR_COST)


def spring_session(
    studio: OpenStudio, agency: Path, photographer: StaffMember, offered: tuple[str, ...], frames: int | None = None
) -> Session:
    """A session with ``frames`` planned for each person, and a recipient whose agency is founded in ``agency``."""
    there = agencies.Founding("Agence Lumière", "FR", "rights@lumiere.example", "2 rue des Images, 75002 Paris, France")
    with agencies.found_agency(agency, there, secrets.token_urlsafe(18), cost=FLOOR_COST) as founded:
        recipients.add_recipient(studio, agencies.agency_card(founded))
    wanted = sessions.NewSession(
        name="Headshots for the spring campaign",
        client="Nordwind Energie",
        place="Berlin",
        country=studio.identity.country,
        day=None,
        photographer=photographer.id,
        offered=offered,
        recipients=(there.name,),
        zone="Europe/Berlin",
    )
    return sessions.new_session(studio, wanted if frames is None else replace(wanted, frames_per_subject=frames))[0]


def add_guest(studio: OpenStudio, session: Session, guest: Guest) -> Subject:
    """``guest`` on the roster of the session."""
    person = Subject(
        SubjectId(new_id()), guest.name, Language(guest.language), session.country, guest.born,
        "guest@nordwind.example",
        guardians=(Guardian(guest.guardian, "mother", sole=True),) if guest.guardian else (),
    )  # fmt: skip
    subjects.add_subject(studio, session, person)
    return person


def photograph(
    studio: OpenStudio,
    session: Session,
    card: Path,
    person: Subject,
    seed: int,
    times: tuple[datetime, ...],
    decoders: DecoderPool,
) -> None:
    """Drawn frames of ``person``, one at each of ``times``, written to ``card`` and taken in from there."""
    card.mkdir(parents=True, exist_ok=True)
    for frame, at in enumerate(times, 1):
        (card / f"SLN_{frame:04d}.JPG").write_bytes(drawn_portrait(seed, FRAME_SIZE, camera_time=at, frame=frame))
    intake.capture_photos(studio, session, [card], person.id, decoders, made="drawn")


def every(first: datetime, seconds: int, frames: int) -> tuple[datetime, ...]:
    """``frames`` times, the first one ``seconds`` after ``first`` and each so long after the one before."""
    return tuple(first + timedelta(seconds=seconds * number) for number in range(1, frames + 1))


def sign(
    studio: OpenStudio,
    session: Session,
    person: Subject,
    guest: Guest,
    seed: int,
    named: Mapping[str, tuple[RecipientId, ...]],
) -> None:
    """``guest`` signs what the cast says; ``named`` are the recipients chosen for uses that ask for one."""
    evidence = Evidence(SignatureKind.INK, inkml(drawn_signature(seed, guest.name)))
    ceremony = walk_through(
        open_ceremony(studio, session, person), guest, named, studio.rules.catalogue, studio.now(),
        sha256_hex(evidence.data), lambda shown: sha256_hex(dump(replace(shown, acts=()))),
    )  # fmt: skip
    finish_ceremony(
        studio, session, person, ceremony, evidence, Present(modifiers=guest.modifiers),
        method=Method.DEMONSTRATION, taken_by=session.photographer, device="demonstration, no screen",
    )  # fmt: skip

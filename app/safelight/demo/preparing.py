"""The studio and the agency of the demonstration: founded, introduced to each other, with a session and its people."""

from __future__ import annotations

import csv
import io
import secrets
from pathlib import Path

from safelight.agency import founding as agencies
from safelight.agency.open_agency import OpenAgency
from safelight.agency.trust import trust_studio
from safelight.demo.cast import OFFERED, Guest
from safelight.domain.people import Role, StaffMember, Subject
from safelight.domain.session import Session
from safelight.keys.durable import durable_write
from safelight.keys.signing import allowed_signers_line
from safelight.studio import founding, recipients, rosters, sessions
from safelight.studio.open_studio import OpenStudio
from safelight.studio.staff import add_staff

NAMESPACES = ("safelight-bundle", "safelight-record", "safelight-status", "safelight-notice", "safelight-feed")


def found(out: Path) -> tuple[OpenStudio, OpenAgency]:
    """Both, open; their passphrases and the agency's age identity lie in ``out``/keys, which is there already."""
    words = {}
    for who in ("studio", "agency"):
        words[who] = secrets.token_urlsafe(18)
        write_secret(out / "keys" / f"{who}-passphrase.txt", words[who])
    wanted = founding.Founding(
        "Studio Nordlicht",
        "DE",
        "privacy@nordlicht.example",
        "Lindenallee 4, 10115 Berlin, Germany",
        "Berliner Beauftragte für Datenschutz und Informationsfreiheit",
    )
    studio = founding.found_studio(out / "studio", wanted, words["studio"])
    agency = agencies.found_agency(
        out / "agency",
        agencies.Founding("Agence Lumière", "FR", "rights@lumiere.example", "2 rue des Images, 75002 Paris, France"),
        words["agency"],
    )
    write_secret(out / "keys" / "agency.txt", agency.secrets.age_identity)
    return studio, agency


def introduce(out: Path, studio: OpenStudio, agency: OpenAgency) -> None:
    """Cards change hands, as they would by e-mail; in life the six words are compared over the phone."""
    agency_card, studio_card = agencies.agency_card(agency), founding.studio_card(studio)
    durable_write(out / "agency-card.json", agency_card)
    durable_write(out / "studio-card.json", studio_card)
    recipients.add_recipient(studio, agency_card)
    trust_studio(agency, studio_card)
    line = allowed_signers_line(studio.identity.id, studio.signer.public_ssh, NAMESPACES)
    durable_write(out / "allowed_signers", f"{line.strip()}\n".encode())


def prepare(
    out: Path, studio: OpenStudio, guests: tuple[Guest, ...]
) -> tuple[Session, StaffMember, tuple[Subject, ...]]:
    """A session with these guests on its roster, and the reviewer who checks; the people as they were entered."""
    photographer, _ = add_staff(studio, "Kim Sandberg", frozenset({Role.PHOTOGRAPHER}))
    pin = f"{secrets.randbelow(1_000_000):06d}"
    write_secret(out / "keys" / "reviewer-pin.txt", pin)
    reviewer, _ = add_staff(studio, "Robin Voss", frozenset({Role.REVIEWER}), pin)
    wanted = sessions.NewSession(
        name="Headshots for the spring campaign",
        client="Nordwind Energie",
        place="Berlin",
        country=studio.identity.country,
        day=None,
        photographer=photographer.id,
        offered=OFFERED,
        recipients=("Agence Lumière",),
    )
    session, _ = sessions.new_session(studio, wanted)
    roster = out / "roster.csv"
    durable_write(roster, _roster(guests))
    rosters.import_roster(studio, session, roster, None, False)
    lines = studio.archive.subjects.names(0, studio.archive.subjects.count(session.id), session.id)
    by_name = {each.name: each.id for each in lines}
    return session, reviewer, tuple(studio.archive.subjects.get(by_name[each.name]) for each in guests)


def _roster(guests: tuple[Guest, ...]) -> bytes:
    """A list as an office would send it: semicolons, German headers, dates as people write them."""
    text = io.StringIO()
    rows = csv.writer(text, delimiter=";", lineterminator="\r\n")
    rows.writerow(["Name", "Geburtsdatum", "Sprache", "Erziehungsberechtigte", "Personalnummer"])
    for number, each in enumerate(guests, 1):
        rows.writerow([each.name, each.born or "", each.language, each.guardian, f"P-{number:03d}"])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def write_secret(path: Path, text: str) -> None:
    """A secret file that only its owner may read."""
    durable_write(path, f"{text}\n".encode())
    path.chmod(0o600)

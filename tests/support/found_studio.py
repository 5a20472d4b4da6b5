"""A small program that founds a studio and an agency that know each other, for tests that then run the real commands.

``found_studio.py DIR``: makes ``studio/`` (Kim takes pictures, Robin checks, the session Spring), ``agency/``,
``passphrase`` (for both), ``reviewer-pin`` (Robin's), ``agency.txt`` (the agency's age identity),
``agency-card.json``, ``studio-card.json`` and ``allowed_signers`` in DIR. The cheapest passphrase protection that is
accepted is what makes it differ from ``studio init``: opening uses what a studio was founded with, so the commands run
as they are.
``found_studio.py DIR studio-only``: only ``studio/``, saying ``ACK`` when it counts.
"""

from __future__ import annotations

import sys
from pathlib import Path

from safelight.agency import founding as agencies
from safelight.agency.trust import trust_studio
from safelight.domain.errors import SafelightError
from safelight.domain.people import Role
from safelight.keys.durable import durable_write
from safelight.keys.passphrases import FLOOR_COST
from safelight.keys.signing import allowed_signers_line
from safelight.studio import founding, recipients, sessions
from safelight.studio.staff import add_staff

PASSPHRASE = "a passphrase for tests alone"
OFFERED = ("use.portfolio", "use.directory", "use.editorial", "use.advertising", "ai.train-generative")
WANTED = founding.Founding("Lampe & Söhne", "DE", "rights@lampe.example", "Lindenallee 4, Berlin")


def main() -> int:
    folder = Path(sys.argv[1])
    try:
        if sys.argv[2:]:
            told = lambda id, sha256: print(f"ACK {id} {sha256}", flush=True)  # noqa: E731
            founding.found_studio(folder / "studio", WANTED, PASSPHRASE, cost=FLOOR_COST, acknowledge=told).__exit__(
                None, None, None
            )
        else:
            found_both(folder)
    except SafelightError as error:
        print(error, file=sys.stderr)
        return int(error.code)
    return 0


def found_both(folder: Path) -> None:
    durable_write(folder / "passphrase", f"{PASSPHRASE}\n".encode())
    wanted = agencies.Founding("Agence Lumière", "FR", "rights@lumiere.example", "2 rue des Images, Paris")
    with (
        founding.found_studio(folder / "studio", WANTED, PASSPHRASE, cost=FLOOR_COST) as studio,
        agencies.found_agency(folder / "agency", wanted, PASSPHRASE, cost=FLOOR_COST) as agency,
    ):
        kim, _ = add_staff(studio, "Kim", frozenset({Role.PHOTOGRAPHER}))
        durable_write(folder / "reviewer-pin", b"2718\n")
        add_staff(studio, "Robin", frozenset({Role.REVIEWER}), "2718")
        recipients.add_recipient(studio, agencies.agency_card(agency))
        trust_studio(agency, founding.studio_card(studio))
        new = sessions.NewSession("Spring", "Nordwind", "Berlin", "DE", studio.today(), kim.id, OFFERED)
        sessions.new_session(studio, new)
        signed_for = ("safelight-bundle", "safelight-record", "safelight-status", "safelight-notice")
        line = allowed_signers_line(studio.identity.id, studio.signer.public_ssh, signed_for)
        durable_write(folder / "allowed_signers", f"{line.strip()}\n".encode())
        durable_write(folder / "studio-card.json", founding.studio_card(studio))
        durable_write(folder / "agency-card.json", agencies.agency_card(agency))
        durable_write(folder / "agency.txt", f"{agency.secrets.age_identity}\n".encode())
        durable_write(folder / "studio-id", studio.identity.id.encode())
        durable_write(folder / "agency-id", agency.recipient.encode())


if __name__ == "__main__":
    sys.exit(main())

"""Says whether a studio that was killed or had a faulty disk still holds what it promised (``crashpoint.py`` asks it).

Reads one JSON line with ``dir`` and ``acks`` (all a command printed) and answers ``OK`` or ``VIOLATED why``:

* whatever was acknowledged is there, and the studio is sound, also after the check has tidied up;
* a command that ended well (``EXIT 0``) has done all of what it was for;
* a receipt or bundle that lies at its place is whole, and the studio knows that it was handed out;
* the studio works: the next person can be added, or, where none was ever promised, a studio can be founded.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from safelight.domain.errors import SafelightError
from safelight.domain.ids import Country, Language, SubjectId
from safelight.domain.people import Subject
from safelight.keys.passphrases import FLOOR_COST
from safelight.studio import founding, subjects, upkeep
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.staff import add_staff
from support import found_studio

PROMISED = {"init": 1, "subject": 1, "capture": 2, "consent": 1, "receipt": 1, "export": 1}
"""How many acknowledgements each command owes when it ends well."""


def faults(folder: Path, said: str) -> Iterator[str]:
    lines = [line.split() for line in said.splitlines()]
    acks = [(line[1], line[2]) for line in lines if line[:1] == ["ACK"] and len(line) == 3]
    ended_well = next((line[2] for line in lines if line[:2] == ["EXIT", "0"]), None)
    if ended_well and len(acks) != PROMISED[ended_well]:
        yield f"{ended_well} ended well after {len(acks)} of {PROMISED[ended_well]} acknowledgements"
    try:
        studio = founding.open_studio(folder / "studio", found_studio.PASSPHRASE)
    except SafelightError as error:
        if acks or ended_well:
            yield f"promised, but {error}"
            return
        studio = founding.found_studio(folder / "studio", found_studio.WANTED, found_studio.PASSPHRASE, cost=FLOOR_COST)
    with studio:
        yield from upkeep.check_studio(studio, acks)[0].problems
        again, _ = upkeep.check_studio(studio, acks)
        yield from again.problems
        yield from (f"still to tidy: {count} {what}" for what, count in again.tidied.items() if count)
        yield from _handed_out(studio, folder, acks, ended_well)
        yield from _works(studio)


def _handed_out(studio: OpenStudio, folder: Path, acks: list[tuple[str, str]], ended_well: str | None) -> Iterator[str]:
    receipt, bundle = folder / "out" / "receipt.pdf", folder / "out" / "bundle.age"
    if ended_well in ("receipt", "export") and not (receipt if ended_well == "receipt" else bundle).exists():
        yield f"{ended_well} ended well and there is no file"
    for path in folder.glob("out/*"):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if path == receipt:
            ids = studio.archive.consents.receipt_ids()
            kept = [studio.archive.consents.receipt(each).pdf for each, _ in ids]
            if path.read_bytes() not in [studio.archive.files.read_bytes(each) for each in kept if each]:
                yield "the receipt that was handed out is not the one in the studio"
        elif path == bundle:
            if digest not in {each.file_sha256 for each in studio.archive.disclosures.list()}:
                yield "there is a bundle the ledger knows nothing of"
            elif ended_well and acks[-1][1] != digest:
                yield "the bundle is not the one that was acknowledged"
        elif not path.name.startswith(".unfinished-"):
            yield f"{path.name} lies about"


def _works(studio: OpenStudio) -> Iterator[str]:
    shoots = studio.archive.sessions.list()
    if not shoots:
        add_staff(studio, "Afterwards", frozenset())
        return
    who = Subject(SubjectId(new_id()), "Afterwards", Language("en"), Country("DE"))
    subjects.add_subject(studio, shoots[0], who)
    if studio.archive.subjects.get(who.id).name != "Afterwards":
        yield "the next person could not be added"


def main() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            found = "; ".join(dict.fromkeys(faults(Path(asked["dir"]), asked["acks"])))
        except SafelightError as error:
            found = f"{type(error).__name__}: {error}"
        print(f"VIOLATED {found}".replace("\n", " ") if found else "OK", flush=True)


if __name__ == "__main__":
    main()

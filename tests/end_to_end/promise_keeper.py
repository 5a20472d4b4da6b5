"""Says whether a studio that was killed or had a faulty disk still holds what it promised (``crashpoint.py`` asks it).

Reads one JSON line with ``dir`` and ``acks`` (all a command printed) and answers ``OK`` or ``VIOLATED why``:

* whatever was acknowledged is there, and the studio is sound, also after the check has tidied up;
* a command that ended well (``EXIT 0``) has done all of what it was for;
* a receipt, a bundle or a folder of somebody's own pictures that lies at its place is whole, and the studio knows that
  it was handed out; a folder that was cut off does not stand in the way of giving it again;
* who took something back took back all of it or nothing, and whoever got pictures by it was told;
* of who was erased nothing is left, everybody was told once, and no key went before that was written down;
* the studio works: the next person can be added, or, where none was ever promised, a studio can be founded.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from safelight.documents.withdrawal_notices import read_notice
from safelight.domain.consent import EventKind
from safelight.domain.errors import SafelightError
from safelight.domain.ids import Country, Language, SubjectId
from safelight.domain.people import Subject
from safelight.domain.withdrawal import Channel
from safelight.images.imagehash import image_data_sha256
from safelight.images.media_type import MediaType
from safelight.keys.durable import TEMPORARY_PREFIX
from safelight.keys.passphrases import FLOOR_COST
from safelight.studio import founding, subjects, upkeep
from safelight.studio.certifying import certify
from safelight.studio.consent_snapshots import standing_of
from safelight.studio.deliveries import deliver
from safelight.studio.journal_kinds import CONSENT_WITHDRAWN
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.queries.ledger import deliveries_to
from safelight.studio.queries.lookup import find_subject
from safelight.studio.staff import add_staff
from support import found_studio
from support.derived_keys import keys_derived_once

PROMISED = {
    "init": 1, "subject": 1, "capture": 2, "consent": 1, "next-list": 1, "upgrade": 0, "receipt": 1, "deliver": 1,
    "export": 1, "erase": 2, "withdraw": 1,
}  # fmt: skip
"""How many acknowledgements each command owes when it ends well."""

ENDING = (EventKind.WITHDRAWN, EventKind.EXPIRED, EventKind.INVALIDATED)


def faults(folder: Path, said: str) -> Iterator[str]:
    # What a decoder writes into its own pipe may stand before a line, where two were started at once under the trace.
    acks = re.findall(r"ACK (\S+) (\S+)\n", said)
    ended_well = next(iter(re.findall(r"EXIT 0 (\S+)", said)), None)
    if ended_well and len(acks) != PROMISED[ended_well]:
        yield f"{ended_well} ended well after {len(acks)} of {PROMISED[ended_well]} acknowledgements: {said!r}"
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
        yield from _withdrawn(studio, ended_well)
        yield from _erased(studio, acks, ended_well)
        yield from _works(studio)


def _handed_out(studio: OpenStudio, folder: Path, acks: list[tuple[str, str]], ended_well: str | None) -> Iterator[str]:
    receipt, bundle, own = (folder / "out" / name for name in ("receipt.pdf", "bundle.age", "own"))
    wanted = {"receipt": receipt, "export": bundle, "deliver": own}.get(ended_well or "")
    if wanted is not None and not wanted.exists():
        yield f"{ended_well} ended well and there is no file"
    for path in tuple(folder.glob("out/*")):
        if path.is_dir():
            yield from _delivered(studio, path, own)
            continue
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


def _delivered(studio: OpenStudio, path: Path, own: Path) -> Iterator[str]:
    person = find_subject(studio, "Grace")
    if path == own:
        given = {one for each in deliveries_to(studio, person.id) for one in each.photos}
        if not given:
            yield "there is a folder of pictures the journal knows nothing of"
    elif path.name == f"{TEMPORARY_PREFIX}{own.name}" and not own.exists():
        done, _ = deliver(studio, person, own)
        given = {each.photo for each in done.photos if each.files}
    else:
        yield f"the folder {path.name} lies about"
        return
    images = {image_data_sha256(each.read_bytes(), MediaType.JPEG).sha256 for each in own.glob("*.jpg")}
    if not given or images != {studio.archive.photos.get(each).image_sha256 for each in given}:
        yield "the pictures that were handed out are not those of the person"
    kept = [each.pdf for each in studio.archive.consents.receipts_of(person.id)]
    pages = [studio.archive.files.read_bytes(each) for each in kept if each]
    if not pages or [each.read_bytes() for each in own.glob("*.pdf")] != pages:
        yield "the receipts that were handed out are not those of the person"


def _withdrawn(studio: OpenStudio, ended_well: str | None) -> Iterator[str]:
    """A withdrawal is there whole, with everybody told, or not at all."""
    archive = studio.archive
    noted = [entry.reference for entry, _ in archive.journal.of_kinds(CONSENT_WITHDRAWN)]
    if ended_well == "withdraw" and not noted:
        yield "withdraw ended well and nothing is noted"
    sent = [(each.recipient, read_notice(each.text.encode())) for each in archive.outgoing_notices.list()]
    told = {(to, item.record) for to, notice in sent for item in notice.items}
    for person in archive.subjects.ids():
        events = archive.consents.events_of(person)
        if any(each.channel is Channel.IN_PERSON for each in events) and person not in noted:
            yield "an event of a withdrawal is there, and it is not noted"
        if person in noted and any(each.given for each in standing_of(studio, person).snapshot.states.values()):
            yield "a yes stands of somebody who took all of it back"
        ended = {each.record for each in events if each.kind in ENDING}
        for left in archive.disclosures.of_records(sorted(ended)) if ended else ():
            for record in ended.intersection(left.records):
                if (left.recipient, record) not in told:
                    yield f"{record} has ended, and a recipient of it was not told"


def _erased(studio: OpenStudio, acks: list[tuple[str, str]], ended_well: str | None) -> Iterator[str]:
    """After the check an erasure that was begun is done, and one that was not changed nothing."""
    archive, rows = studio.archive, studio.archive.erasures.list()
    if ended_well == "erase" and not rows:
        yield "erase ended well and nobody was erased"
    if {*archive.keys.gone()} - {each.person for each in rows}:
        yield "a key was destroyed before it was written down that it was to be"
    sent = archive.outgoing_notices.list()
    for row in rows:
        if row.portrait_at is None or not certify(studio, row).certificate.nothing_left:
            yield "something of who was erased is left"
        if {*row.notices} - {each.id for each in sent} or len(row.notices) != 1:
            yield f"{len(row.notices)} notices tell of the erasure"
        if any(state.given for state in standing_of(studio, row.person).snapshot.states.values()):
            yield "a yes of who was erased stands"
    if not rows and any(kind == "erasure-begun" for kind in (each.kind for each in archive.journal.entries())):
        yield "an erasure is noted and not kept"


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
    with keys_derived_once():  # every state it is asked about has the passphrase of the one before
        main()

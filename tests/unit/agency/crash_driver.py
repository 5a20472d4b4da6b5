"""A small program that applies withdrawal notices, made to be killed: what it acknowledged must be so afterwards.

``setup DIR`` · ``apply DIR`` (pictures are destroyed) · ``serve`` (one JSON line with ``dir`` and ``acks`` in, ``OK``
or ``VIOLATED why`` out).
"""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from pathlib import Path

from safelight.agency.applying import apply_notices
from safelight.agency.founding import Founding, agency_card, found_agency, open_agency
from safelight.agency.imports import import_bundle
from safelight.agency.open_agency import OpenAgency
from safelight.agency.questions import Wanted, decide_all
from safelight.agency.trust import trust_studio
from safelight.agency.upkeep import check_agency
from safelight.documents.identity_cards import read_card
from safelight.domain.errors import SafelightError
from safelight.domain.ids import PhotoGuid
from safelight.keys.passphrases import FLOOR_COST
from support import deliveries
from support.notices import NoticeBook, ended, in_files, said

USE, OTHER = "use.directory", "use.social"
PASSPHRASE = "four unrelated words here"
NOW = deliveries.START + timedelta(hours=1)


def acknowledge(id: str, sha256: str) -> None:
    os.write(1, f"ACK {id} {sha256}\n".encode())


def opened(folder: Path) -> OpenAgency:
    return open_agency(folder / "agency", PASSPHRASE, clock=lambda: NOW, acknowledge=acknowledge)


def setup(folder: Path) -> None:
    """Three photos: the notices delete the first, hold back the second, and end one of two uses of the third."""
    wanted = Founding("Agence Lumière", "FR", "rights@lumiere.example")
    with found_agency(folder / "agency", wanted, PASSPHRASE, clock=lambda: NOW, cost=FLOOR_COST) as agency:
        studio = deliveries.StudioDouble("Atelier", read_card(agency_card(agency)).as_recipient())
        trust_studio(agency, studio.card())
        shots = [deliveries.Shot((deliveries.Person(),), deliveries.small_jpeg(shade)) for shade in range(3)]
        receipts = [studio.receipt([USE, OTHER]) for _ in shots]
        pairs = [(each, [theirs]) for each, theirs in zip(shots, receipts, strict=True)]
        studio.deliver(folder / "b.age", 1, pairs, [USE, OTHER])
        import_bundle(agency, folder / "b.age")
    book = NoticeBook(studio)
    for number, items in enumerate(([ended(receipts[0], USE, shots[0])], [ended(receipts[0], OTHER, shots[0])]), 1):
        made = book.write([*items, *([ended(receipts[2], USE, shots[2])] if number == 1 else [])],
                          [said(shots[1])] if number == 2 else [])  # fmt: skip
        path = in_files(made, folder / "notices")
        path.rename(path.with_name(f"{number}.json"))
        path.with_name("notice.json.sig").rename(path.with_name(f"{number}.json.sig"))
    (folder / "photos.json").write_text(json.dumps([each.guid for each in shots]))


def apply(folder: Path) -> None:
    with opened(folder) as agency:
        apply_notices(agency, folder / "notices", delete=True)


def fault(folder: Path, acknowledged: str) -> str | None:
    """What is not as it should be, None if all is: before or after the whole of it, and after if that was said."""
    photos = [PhotoGuid(each) for each in json.loads((folder / "photos.json").read_text())]
    with opened(folder) as agency:
        for _ in range(2):
            report, _ = check_agency(agency)
            if report.problems or report.quarantined:
                return "; ".join((*report.problems, *report.quarantined))
        found = state(agency, photos)
        if found not in (BEFORE, AFTER):
            return f"neither before nor after: {found}"
        if "ACK" in acknowledged and found != AFTER:
            return "it was acknowledged and is not so"
        apply_notices(agency, folder / "notices", delete=True)
        if state(agency, photos) != AFTER or check_agency(agency)[0].problems:
            return f"applied again it is not as if nothing had happened: {state(agency, photos)}"
    return None


def state(agency: OpenAgency, photos: list[PhotoGuid]) -> list[str]:
    wanted = [Wanted(each, use, "FR") for each in photos for use in (USE, OTHER)]
    told = [each.decision.blocker or "yes" for each in decide_all(agency, wanted, agency.today())]
    kept = agency.catalogue.received.photos(photos)
    keys = agency.catalogue.keys.many("portrait", photos)
    there = [agency.catalogue.files.lies_at(kept[each].file).exists() for each in photos]
    deleted = [kept[each].deleted_at is not None for each in photos]
    return [*map(str, told), *(f"{each in keys} {is_there} {gone}" for each, is_there, gone in
                               zip(photos, there, deleted, strict=True))]  # fmt: skip


HERE, GONE = "True True False", "False False True"
BEFORE = [*["yes"] * 6, HERE, HERE, HERE]
AFTER = ["withdrawn", "withdrawn", "photo-withheld", "photo-withheld", "withdrawn", "yes", GONE, GONE, HERE]


def serve() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        out = os.dup(1)
        os.dup2(2, 1)  # what is acknowledged here is no answer
        try:
            found = fault(Path(asked["dir"]), asked["acks"])
        except SafelightError as error:
            found = f"{error.title} {error.hint}"
        os.dup2(out, 1)
        os.close(out)
        print(f"VIOLATED {found}" if found else "OK", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve()
    else:
        try:
            {"setup": setup, "apply": apply}[sys.argv[1]](Path(sys.argv[2]))
        except SafelightError as error:
            sys.exit(f"{error.title} {error.hint}")

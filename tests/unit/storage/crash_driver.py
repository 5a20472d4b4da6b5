"""A small program that keeps a studio, made to be killed: what it acknowledged must be there afterwards.

``setup DIR`` · ``init DIR`` · ``day DIR`` (work, then an erasure) · ``setup-copies DIR`` · ``copies DIR`` (a backup,
the second place, an erasure, the key copy) · ``check DIR`` (acknowledgements on stdin) · ``serve`` (one JSON line with
``dir`` and ``acks`` in, ``OK`` or ``VIOLATED why`` out).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path

from safelight.domain.errors import CannotOpen, SafelightError
from safelight.domain.ids import PhotoGuid, ReceiptId, StudioId, SubjectId
from safelight.keys.durable import device_failure
from safelight.storage import second_place
from safelight.storage.backup import back_up, restore
from safelight.storage.backup_manifest import MANIFEST
from safelight.storage.folder import read_identity
from safelight.storage.key_copy import put_key_copy
from safelight.storage.key_names import keys_in
from support import studio_maker as maker

STUDIO = "0a1b2c3d-0000-4000-8000-000000000001"
STUDIO_ID = StudioId(STUDIO)
PEOPLE = [f"0a1b2c3d-0000-4000-8000-0000000001{number:02}" for number in range(3)]
RECEIPTS = [f"0a1b2c3d-0000-4000-8000-0000000002{number:02}" for number in range(3)]
PHOTOS = [f"0a1b2c3d-0000-4000-8000-0000000003{number:02}" for number in range(4)]


def ack(id: str, content: bytes) -> None:
    os.write(1, f"ACK {id} {hashlib.sha256(content).hexdigest()}\n".encode())


def init(folder: Path) -> None:
    made = maker.Made(folder / "studio", STUDIO).create()
    ack("studio", STUDIO.encode())
    made.archive.close()


def setup(folder: Path) -> None:
    made = maker.Made(folder / "studio", STUDIO).create()
    shoot = made.session()
    person = made.subject(shoot, "Rosalind Franklin", PEOPLE[0])
    made.photo(shoot, [person], b"first" * 400, PHOTOS[0])
    made.signed(person, shoot, RECEIPTS[0])
    made.archive.close()


def day(folder: Path) -> None:
    made = maker.Made(folder / "studio", STUDIO).open()
    (shoot,) = made.archive.sessions.list()
    person = made.subject(shoot, "Dorothy Hodgkin", PEOPLE[1])
    ack(f"subject:{person.id}", person.name.encode())
    for guid, owners, content in ((PHOTOS[1], [person], b"second" * 400), (PHOTOS[2], [], b"third" * 400)):
        taken = made.photo(shoot, owners, content, guid)
        ack(f"photo:{taken.guid}", content)
    sealed = made.archive.files.reseal(made.archive.photos.original(PhotoGuid(PHOTOS[2])), [person.id])
    with made.archive.transaction(made.now) as t:
        made.archive.photos.rebind(t, PhotoGuid(PHOTOS[2]), [person.id], sealed)
    ack(f"bound:{PHOTOS[2]}", person.id.encode())
    signed = made.signed(person, shoot, RECEIPTS[1])
    ack(f"receipt:{signed.receipt.id}", signed.statement)
    made.archive.close()
    erase(folder)


def erase(folder: Path) -> None:
    made = maker.Made(folder / "studio", STUDIO).open()
    with made.archive.transaction(made.now) as t:
        made.archive.erase(t, SubjectId(PEOPLE[0]), portrait=True, evidence=True)
    ack(f"erased:{PEOPLE[0]}", b"")
    made.archive.close()


def setup_copies(folder: Path) -> None:
    setup(folder)
    made = maker.Made(folder / "studio", STUDIO).open()
    back_up(made.archive, folder / "monday", made.now)
    second_place.prepare_place(folder / "drive", made.archive.studio_id, RECEIPTS[2])
    copy_to(made, folder / "drive")
    (shoot,) = made.archive.sessions.list()
    made.photo(shoot, [made.subject(shoot, "Dorothy Hodgkin", PEOPLE[1])], b"second" * 400, PHOTOS[1])
    with made.archive.transaction(made.now) as t:
        made.archive.photos.remove(t, PhotoGuid(PHOTOS[0]))
    made.archive.close()


def copies(folder: Path) -> None:
    made = maker.Made(folder / "studio", STUDIO).open()
    back_up(made.archive, folder / "tuesday", made.now)
    ack("backup:tuesday", b"")
    copy_to(made, folder / "drive")
    ack("backup:drive", b"")
    with made.archive.transaction(made.now) as t:
        made.archive.erase(t, SubjectId(PEOPLE[1]), portrait=True, evidence=True)
    ack(f"erased:{PEOPLE[1]}", b"")
    put_key_copy(made.archive, folder, RECEIPTS[2], made.now)
    ack("backup:keys", b"")
    made.archive.close()


def copy_to(made: maker.Made, drive: Path) -> None:
    """What ``studio.second_place.copy_waiting`` does, at this floor."""
    try:
        for id, path in made.archive.files.on_disk():
            second_place.put_file(path, drive, id)
            with made.archive.transaction(made.now) as t:
                made.archive.copies.note(t, RECEIPTS[2], [id])
        second_place.put_rows(made.archive, drive, made.now)
    except OSError as error:
        raise device_failure(error, drive) from error


def copy_fault(folder: Path, promises: list[str]) -> str | None:
    """A copy that was there must be whole and open by the keys beside it, one that was acknowledged must be there."""
    for name in ("monday", "tuesday", "drive"):
        if (folder / name / MANIFEST).exists():
            restore(folder / name, folder / "tried")
            found = keys_in(folder / "tried" / "keys" / "subjects.sqlite", folder / "tried" / "copy.sqlite")
            shutil.rmtree(folder / "tried")
            if "backup:keys" in promises and (PEOPLE[1], "portrait") in found:
                return f"the keys beside {name} are of before the erasure"
        elif f"backup:{name}" in promises:
            return f"{name} was acknowledged and is no backup"
    if (folder / "drive").is_dir() and not second_place.is_place(folder / "drive", STUDIO_ID, RECEIPTS[2]):
        return "the second place is none any more"
    return None


def fault(folder: Path, acknowledged: str) -> str | None:
    """The first promise that does not hold, None if all do."""
    words = [line.split() for line in acknowledged.splitlines()]
    promises = [each for each in words if len(each) == 3 and each[0] == "ACK"]
    try:
        studio, _ = read_identity(folder / "studio")
    except CannotOpen as error:
        return f"acknowledged, but: {error}" if promises else None
    made = maker.Made(folder / "studio", studio).open()
    try:
        if found := copy_fault(folder, [what for _, what, _ in promises]):
            return found
        for _, what, digest in promises:
            kind, _, id = what.partition(":")
            if kind == "backup":
                continue
            if hashlib.sha256(content_of(made, kind, id)).hexdigest() != digest:
                return f"{what} is not what was acknowledged"
        for _ in range(2):  # the second time there is nothing left to tidy
            report = made.archive.check(signers=(maker.SIGNER.public_ssh,))
            if report.problems:
                return "; ".join(report.problems)
        return f"still to tidy: {report.tidied}" if any(report.tidied.values()) else None
    finally:
        made.archive.close()


def content_of(made: maker.Made, kind: str, id: str) -> bytes:
    archive = made.archive
    if kind == "studio":
        return archive.studio.get().id.encode()
    if kind == "subject":
        return archive.subjects.get(SubjectId(id)).name.encode()
    if kind == "photo":
        return archive.files.read_bytes(archive.photos.original(PhotoGuid(id)))
    if kind == "bound":
        return archive.photos.get(PhotoGuid(id)).subjects[0].encode()
    if kind == "erased":
        return b"" if not archive.keys.many("evidence", [id]) else b"a key is left"
    return archive.consents.receipt(ReceiptId(id)).statement


def serve() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            found = fault(Path(asked["dir"]), asked["acks"])
        except SafelightError as error:
            found = f"{type(error).__name__}: {error}"
        print("OK" if found is None else f"VIOLATED {found}".replace("\n", " "), flush=True)


def main() -> int:
    if sys.argv[1] == "serve":
        serve()
        return 0
    folder = Path(sys.argv[2])
    try:
        if sys.argv[1] == "check":
            found = fault(folder, sys.stdin.read())
            print(found or "OK")
            return 1 if found else 0
        known = {"init": init, "setup": setup, "day": day, "setup-copies": setup_copies, "copies": copies}
        known[sys.argv[1]](folder)
    except SafelightError as error:
        print(error, file=sys.stderr)
        return int(error.code)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""An archive that was put back to an earlier day fits together; what left it since knows more, and says so."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from safelight.bundle.folder import extract_to_folder
from safelight.documents.jcs import canonical
from safelight.documents.journal_stretch import stretch_bytes
from safelight.domain.ids import Sha256
from safelight.domain.people import Subject
from safelight.receipt.issue import attached_head
from safelight.storage.backup_manifest import MANIFEST, read_backup
from safelight.studio.against import Compared, Outcome, compare_with
from safelight.studio.closing import close_with_report
from safelight.studio.exports import export_bundle
from safelight.studio.journal_stretch import journal_stretch
from safelight.studio.receipts import issue_receipt
from safelight.studio.upkeep import back_up_studio, check_studio
from support import another_program
from support.another_program import whole_folder
from support.one_yes import TO, USE, ready
from support.shoot import Shoot


def put_back(shoot: Shoot, copy: Path) -> None:
    another_program.put_back(shoot, copy)
    assert check_studio(shoot.studio)[0].sound, "nothing inside tells it"


def told(shoot: Shoot, path: Path) -> Outcome:
    said = compare_with(shoot.studio, path)
    assert said.says.endswith(".") and said.file == str(path)
    return said.outcome


def bundle(shoot: Shoot) -> tuple[Path, Path]:
    """A bundle, and the manifest that its recipient takes out of it."""
    sealed = shoot.scratch / "out.age"
    export_bundle(shoot.studio, shoot.session, shoot.wish(TO, USE), sealed)
    extract_to_folder(sealed, [shoot.agencies[TO].identity], shoot.scratch / "taken-out", None)
    return sealed, shoot.scratch / "taken-out" / "manifest.json"


def receipt(shoot: Shoot, person: Subject) -> Path:
    path = shoot.scratch / "receipt.pdf"
    path.write_bytes(issue_receipt(shoot.studio, person.id)[0])
    return path


def backup(shoot: Shoot) -> Path:
    back_up_studio(shoot.studio, shoot.scratch / "backup")
    return shoot.scratch / "backup"


def test_whatever_left_since_tells_that_the_folder_was_put_back(shoot: Shoot) -> None:
    earlier = whole_folder(shoot)
    person, _ = ready(shoot)
    left = [receipt(shoot, person), *bundle(shoot), backup(shoot)]
    for path in left:
        assert told(shoot, path) is Outcome.FINE, path
    newest = shoot.scratch.parent / "newest"
    shoot.studio.archive.close()
    shutil.copytree(shoot.folder, newest)
    shoot.reopen()
    put_back(shoot, earlier)
    for path in left:
        expected = Outcome.UNREADABLE if path.suffix == ".age" else Outcome.OLDER
        assert told(shoot, path) is expected, compare_with(shoot.studio, path)
    assert "or this archive is older" in compare_with(shoot.studio, left[1]).says
    put_back(shoot, newest)
    assert {told(shoot, path) for path in left} == {Outcome.FINE}


def test_each_of_them_holds_number_and_hash_of_the_end(shoot: Shoot) -> None:
    person, _ = ready(shoot)
    journal = shoot.studio.archive.journal
    signed = shoot.studio.archive.consents.receipts_of(person.id)[-1].journal_head
    head = attached_head(receipt(shoot, person).read_bytes())
    assert head is not None and head == (journal.number_of(Sha256(signed)), signed) and head[0] > 0
    end = journal.end()
    manifest = json.loads(bundle(shoot)[1].read_bytes())
    assert (manifest["journal_entries"], manifest["journal_head"]) == (end.number, end.hash)
    end = journal.end()
    assert read_backup(backup(shoot)).head == end


def test_a_journal_that_went_on_otherwise_is_told_from_one_that_is_older(shoot: Shoot) -> None:
    earlier = whole_folder(shoot)
    ready(shoot)
    left = [bundle(shoot)[1], backup(shoot)]
    put_back(shoot, earlier)
    for _ in range(40):  # as many entries as there were, and other ones
        shoot.person("Bo Lind")
    for path in left:
        said = compare_with(shoot.studio, path)
        assert said.outcome is Outcome.OLDER and "The journal is another one" in said.says, said


def test_a_receipt_whose_entry_was_taken_out_with_all_after_it(shoot: Shoot) -> None:
    """The end of the journal that the receipt names is of before it was signed: its own entry is looked for as well."""
    person, _ = ready(shoot)
    earlier = whole_folder(shoot)
    shoot.clock.on(hours=1)
    shoot.ask(person)
    path = receipt(shoot, person)
    head = attached_head(path.read_bytes())
    put_back(shoot, earlier)
    assert head is not None and shoot.studio.archive.journal.number_of(Sha256(head[1])) == head[0]
    said = compare_with(shoot.studio, path)
    assert said.outcome is Outcome.OLDER and "does not name it" in said.says


def test_a_closing_and_a_stretch(shoot: Shoot) -> None:
    earlier = whole_folder(shoot)
    ready(shoot)
    report, _ = close_with_report(shoot.studio, shoot.session, shoot.staff["Kim"].id, anyway=True)
    statement = shoot.scratch / "closing.json"
    statement.write_bytes(report.statement)
    stretch = shoot.scratch / "stretch.json"
    stretch.write_bytes(stretch_bytes(journal_stretch(shoot.studio, 0, None, frozenset())))
    assert {told(shoot, each) for each in (statement, stretch)} == {Outcome.FINE}
    lying = shoot.scratch / "lying.json"
    said = json.loads(report.statement)
    said["journal"]["number"] += 1
    lying.write_bytes(canonical(said))
    assert told(shoot, lying) is Outcome.UNREADABLE and "never was entry" in compare_with(shoot.studio, lying).says
    put_back(shoot, earlier)
    assert {told(shoot, each) for each in (statement, stretch)} == {Outcome.OLDER}


def test_what_is_of_another_studio_or_says_nothing(shoot: Shoot) -> None:
    person, _ = ready(shoot)
    mine, (sealed, manifest) = backup(shoot), bundle(shoot)
    listed = json.loads((mine / MANIFEST).read_bytes())
    (mine / MANIFEST).write_bytes(canonical(listed | {"studio": "0a1b2c3d-0000-4000-8000-00000000000a"}) + b"\n")
    assert told(shoot, mine) is Outcome.FOREIGN
    del listed["journal"]
    (mine / MANIFEST).write_bytes(canonical(listed) + b"\n")
    assert read_backup(mine).head is None
    said = compare_with(shoot.studio, mine)
    assert said.outcome is Outcome.UNREADABLE and "before backups said" in said.says
    foreign = shoot.scratch / "other.json"
    foreign.write_bytes(canonical(json.loads(manifest.read_bytes()) | {"journal_head": "x"}))
    pdf = receipt(shoot, person)
    pdf.write_bytes(pdf.read_bytes()[:-9])
    noise, empty, nested = (shoot.scratch / name for name in ("noise.txt", "empty", "nested.json"))
    noise.write_bytes(b"\x00\xff" * 99)
    empty.write_bytes(b"")
    nested.write_bytes(b"[" * 100_000)
    with sealed.open("ab") as file:
        file.write(b"\0")
    for path in (foreign, pdf, noise, empty, nested, sealed, shoot.scratch, shoot.scratch / "nowhere"):
        assert told(shoot, path) is Outcome.UNREADABLE, compare_with(shoot.studio, path)


@pytest.mark.parametrize("told_head", [{"number": -1}, {"hash": "x"}, {"number": True}, {"number": "1"}])
def test_a_backup_whose_head_is_none(told_head: dict[str, object], shoot: Shoot) -> None:
    mine = backup(shoot)
    listed = json.loads((mine / MANIFEST).read_bytes())
    listed["journal"] |= told_head
    (mine / MANIFEST).write_bytes(canonical(listed) + b"\n")
    assert told(shoot, mine) is Outcome.UNREADABLE


def test_the_newest_rows_of_a_bundle_are_found_by_its_hash_alone(shoot: Shoot) -> None:
    ready(shoot)
    sealed, _ = bundle(shoot)
    moved = sealed.rename(shoot.scratch / "renamed")
    assert compare_with(shoot.studio, moved) == Compared(
        str(moved), Outcome.FINE, "The archive is not older than this bundle."
    )
    with closing(sqlite3.connect(shoot.folder / "archive.sqlite")) as connection:
        assert connection.execute("SELECT count(*) FROM disclosure").fetchone() == (1,)

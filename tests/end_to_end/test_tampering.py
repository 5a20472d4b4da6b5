"""One bit anywhere, one field anywhere: the commands say no, in a sentence, and name what is wrong."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest


def told(*arguments: str | Path) -> tuple[int, str]:
    """The exit code of a command and all it said, run inside this process."""
    from safelight.cli.main import main

    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = main([str(each) for each in arguments])
    return code, out.getvalue()


class Parts:
    """A decrypted bundle that can be put together again, altered."""

    def __init__(self, day: Any, name: str, age: str, folder: Path) -> None:
        self.day, self.age, self.folder = day, age, folder
        argv = [age, "-d", "-i", day.folder / "agency.txt", day.bundle(name)]
        self.clear = subprocess.run(argv, capture_output=True, check=True).stdout
        with tarfile.open(fileobj=io.BytesIO(self.clear), mode="r:") as archive:
            self.members = {each.name: each for each in archive}

    def data(self, name: str) -> bytes:
        member = self.members[name]
        return self.clear[member.offset_data : member.offset_data + member.size]

    def sealed(self, clear: bytes) -> Path:
        path = self.folder / "altered.age"
        path.unlink(missing_ok=True)
        subprocess.run([self.age, "-r", self.day.agency_id, "-o", path], input=clear, check=True)
        return path

    def verify(self, path: Path) -> tuple[int, str]:
        key, card = self.day.folder / "agency.txt", self.day.folder / "studio-card.json"
        return told("bundle", "verify", path, "--identity", key, "--card", card)


@pytest.fixture(scope="session")
def parts(day: Any, stock_tool: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Parts:
    return Parts(day, "editorial", stock_tool("age"), tmp_path_factory.mktemp("altered"))


def test_one_flipped_bit_in_any_member(parts: Parts) -> None:
    assert parts.verify(parts.sealed(parts.clear))[0] == 0
    for name, member in parts.members.items():
        for at in {0, member.size // 2, member.size - 1}:
            altered = bytearray(parts.clear)
            altered[member.offset_data + at] ^= 1
            code, said = parts.verify(parts.sealed(bytes(altered)))
            assert code in (1, 4), (name, at, said)
            assert one_sentence(said), said
            # A bit in the manifest breaks its signature, and a bit in the signature is about the manifest.
            assert name in said or name.split(".")[0] in said or "manifest" in name, (name, at, said)


def one_sentence(said: str) -> bool:
    return said.startswith("safelight: ") and "Traceback" not in said and len(said.splitlines()) <= 21


def test_one_flipped_bit_outside_the_members(parts: Parts) -> None:
    """Headers and padding of the tar, and the sealed file itself."""
    member = parts.members["README.txt"]
    end = member.offset_data + member.size
    places = [*range(0, 512, 37), member.offset + 100, member.offset + 156, end + 1, len(parts.clear) - 1]
    for at in places:
        altered = bytearray(parts.clear)
        altered[at] ^= 1
        code, said = parts.verify(parts.sealed(bytes(altered)))
        assert code in (1, 4) and one_sentence(said), (at, said)
    sealed = parts.day.bundle("editorial").read_bytes()
    for at in (3, 60, 120, 200, len(sealed) // 2, len(sealed) - 1):
        path = parts.folder / "flipped.age"
        path.write_bytes(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :])
        code, said = parts.verify(path)
        assert code in (1, 3, 4) and one_sentence(said), (at, said)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every scalar in a JSON document, and to every empty list."""
    if isinstance(value, dict) and value:
        for key, each in value.items():
            yield from leaves(each, (*path, key))
    elif isinstance(value, list) and value:
        for index, each in enumerate(value):
            yield from leaves(each, (*path, index))
    else:
        yield path


def changed(document: Any, path: tuple[Any, ...]) -> Any:
    """A copy with one scalar replaced by another of its type and, where it can be told, of its form."""
    copy = json.loads(json.dumps(document))
    place = copy
    for step in path[:-1]:
        place = place[step]
    old = place[path[-1]]
    if isinstance(old, bool) or old is None:
        place[path[-1]] = not old
    elif isinstance(old, int):
        place[path[-1]] = old + 1
    elif isinstance(old, str):
        swap = {"0": "1", "1": "0", "a": "b", "e": "f"}
        at = next((i for i, each in enumerate(old) if i >= len(old) // 2 and each in swap), None)
        place[path[-1]] = old + "x" if at is None else old[:at] + swap[old[at]] + old[at + 1 :]
    else:
        place[path[-1]] = ["x"]
    return copy


def jcs(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def test_every_field_of_the_manifest(parts: Parts) -> None:
    """Altered and written anew in canonical form; only the signature can tell, so it must."""
    manifest = json.loads(parts.data("manifest.json"))
    assert jcs(manifest) == parts.data("manifest.json")
    paths = list(leaves(manifest))
    assert len(paths) > 100
    front = parts.clear[parts.members["manifest.json.sig"].offset :]
    for path in paths[:: max(1, len(paths) // 40)]:
        altered = jcs(changed(manifest, path))
        member = parts.members["manifest.json"]
        raw = bytearray(parts.clear[member.offset : member.offset + 512])
        raw[124:136] = b"%011o\0" % len(altered)
        raw[148:156] = b" " * 8
        raw[148:156] = b"%06o\0 " % sum(raw)
        code, said = parts.verify(parts.sealed(bytes(raw) + altered + b"\0" * (-len(altered) % 512) + front))
        assert code in (1, 4) and one_sentence(said), (path, said)
        assert "manifest" in said or "sign" in said, (path, said)


def test_every_field_of_a_record_and_its_statement(parts: Parts, day: Any) -> None:
    """Altered as if by somebody who holds the studio's key for bundles, yet cannot sign what the person signed."""
    from safelight.documents.reading import parse_json
    from safelight.documents.record import read_document
    from safelight.domain.errors import Malformed, SafelightError
    from safelight.keys.signing import verify_sshsig

    public = json.loads(parts.data("manifest.json"))["studio"]["ssh_public_key"]
    for name in [each for each in parts.members if each.endswith(".jsonld") and each.startswith("records/")]:
        document = json.loads(parts.data(name))
        signature = parts.data(f"{name}.sig").decode()

        def read(raw: Any, signature: str = signature) -> None:
            statement = raw["@graph"][0]["slc:statement"]
            read_document(parse_json(jcs(raw), "record"))
            verify_sshsig(public, jcs(statement), signature, "safelight-record")

        read(document)
        paths = list(leaves(document))
        assert len(paths) > 150
        for path in paths:
            with pytest.raises((SafelightError, Malformed)) as caught:
                read(changed(document, path))
            assert caught.value.title.endswith("."), (path, caught.value)


TABLES = ("journal_entry", "receipt", "consent_event", "subject", "photo", "validation", "disclosure", "status", "file")


def test_every_column_of_the_archive(day: Any, tmp_path: Path) -> None:
    """One cell after the other, in the rows that promise something: ``studio check`` says no and says where."""
    from safelight.domain.errors import SafelightError
    from safelight.studio.founding import open_studio
    from safelight.studio.upkeep import check_studio

    words = (day.folder / "passphrase").read_text().strip()
    studio = tmp_path / "studio"
    shutil.copytree(day.folder / "studio", studio)
    database = studio / "archive.sqlite"
    clean = database.read_bytes()
    missed = []
    for table, column, row in cells(database):
        database.write_bytes(clean)
        with contextlib.closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA ignore_check_constraints = ON")
            cell = connection.execute(f'SELECT "{column}" FROM "{table}" WHERE rowid = ?', (row,)).fetchone()[0]
            triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            try:
                connection.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', (other(cell), row))
            except sqlite3.IntegrityError:
                continue  # the database itself does not take it
            for _, text in triggers:
                connection.execute(text)
            connection.commit()
        try:
            with open_studio(studio, words) as opened:
                found = check_studio(opened)[0].problems
        except SafelightError as error:
            found = (error.title,)
        if not found or not any(each.endswith((".", f"(table {table})")) for each in found):
            missed.append((table, column, cell, found))
    assert not missed, "\n".join(map(str, missed))


def cells(database: Path) -> list[tuple[str, str, int]]:
    """Table, column and row: of each column the first cell that says something and the first that says nothing."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return [
            (table, name, row)
            for table in TABLES
            for _, name, *_ in connection.execute(f"PRAGMA table_info('{table}')").fetchall()
            # Which number a row has says nothing as long as the rows keep their order.
            if name != "ordinal"
            for (row,) in connection.execute(f'SELECT min(rowid) FROM "{table}" GROUP BY "{name}" IS NULL')
        ]


def other(cell: Any) -> Any:
    if isinstance(cell, bytes):
        return cell[:-1] + bytes([cell[-1] ^ 1]) if cell else b"\1"
    if isinstance(cell, int):
        return cell + 1
    if isinstance(cell, str) and cell:
        return cell[:-1] + ("0" if cell[-1] != "0" else "1")
    return "1" if cell is None else cell


def test_the_command_names_what_is_wrong_in_the_archive(day: Any, tmp_path: Path) -> None:
    studio = tmp_path / "studio"
    shutil.copytree(day.folder / "studio", studio)
    place = ("--studio", studio, "--passphrase-file", day.folder / "passphrase")
    assert told(*place, "studio", "check")[0] == 0
    sealed = max((studio / "files").rglob("*"), key=lambda path: path.stat().st_size if path.is_file() else 0)
    data = bytearray(sealed.read_bytes())
    data[len(data) // 2] ^= 1
    sealed.write_bytes(data)
    code, said = told(*place, "studio", "check")
    assert code == 1 and "Something is wrong." in said
    assert "file" in said.lower() or "photo" in said.lower()

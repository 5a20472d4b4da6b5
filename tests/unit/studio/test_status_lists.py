"""The status lists: what they say, who signed them, and how one follows the other when it is full."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from safelight.documents.record import read_document
from safelight.documents.status import MOST_LISTS, read_status_list
from safelight.documents.status_file import read_status_file
from safelight.keys.signing import allowed_signers_line, verify_sshsig
from safelight.storage.repositories.statuses import CAPACITY, number_of
from safelight.storage.rows import ListFill
from safelight.storage.tables import status
from safelight.studio import status_lists, upkeep
from support.shoot import Shoot, said_yes


def test_it_says_which_records_have_ended_and_the_studio_signed_it(shoot: Any) -> None:
    studio = shoot.studio
    with studio.archive.transaction(studio.now()) as writing:
        first, second = studio.archive.statuses.allocate(writing, 2)
        studio.archive.statuses.revoke(writing, first, studio.now())
    written, _ = status_lists.write_status(studio)
    (file,) = read_status_file(written.file)
    verify_sshsig(studio.signer.public_ssh, file.list, file.signature, "safelight-status")
    read = read_status_list(file.list)
    assert first.list == second.list == read.number == 1
    assert read.studio == studio.identity.id and read.ended(first.index) and not read.ended(second.index)
    assert read.valid_until == written.valid_until == studio.now() + timedelta(days=30) and written.ended == 1
    assert studio.archive.journal.has("status-written", studio.identity.id)


def test_stock_tools_check_it(shoot: Any, tmp_path: Path) -> None:
    studio = shoot.studio
    written, _ = status_lists.write_status(studio)
    raw = json.loads(written.file)
    (tmp_path / "list.json.sig").write_text(raw["signature"])
    (tmp_path / "signers").write_text(
        allowed_signers_line(studio.identity.id, studio.signer.public_ssh, ("safelight-status",))
    )
    subprocess.run(
        ["ssh-keygen", "-Y", "verify", "-f", tmp_path / "signers", "-I", studio.identity.id, "-n", "safelight-status",
         "-s", tmp_path / "list.json.sig"],
        input=read_status_file(written.file)[0].list, check=True, capture_output=True,
    )  # fmt: skip


def nearly_full(shoot: Shoot, left: int) -> None:
    """Lists of ten places from now on, of which ``left`` are free."""
    statuses = shoot.studio.archive.statuses
    statuses.capacity = 10
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        statuses.allocate(writing, 10 - left)


def kinds(shoot: Shoot, kind: str) -> list[bytes]:
    journal = shoot.studio.archive.journal
    return [journal.payload(each.number) for each in journal.entries() if each.kind == kind]


def test_a_signing_that_finds_the_list_full_goes_on_in_the_next(shoot: Shoot) -> None:
    nearly_full(shoot, left=2)
    ada, studio = shoot.person(), shoot.studio
    recorded = shoot.ask(ada, said_yes("use.portfolio", shoot.agencies["Prenzel"]))
    records = recorded.receipt.records
    numbers = Counter(each.status_position.list for each in records)
    assert numbers[1] == 2 and numbers[2] == 10 and len(records) == sum(numbers.values())
    assert {each.status_list for each in records if each.status_position.list == 1} == {None}
    (file,) = studio.archive.consents.receipts_of(ada.id)
    assert file.receipt.records == read_document(file.document).receipt.records == records
    assert kinds(shoot, "status-list-begun") == [b"%d" % each for each in range(2, max(numbers) + 1)]
    report = upkeep.check_studio(studio)[0]
    assert report.problems == ()
    shoot.reopen()
    assert upkeep.check_studio(shoot.studio)[0].problems == ()


def test_what_ended_is_said_by_the_list_it_is_in_and_all_lists_leave_together(shoot: Shoot) -> None:
    nearly_full(shoot, left=3)
    ada, lumiere = shoot.person(), shoot.agencies["Lumiere"]
    yeses = [said_yes(scope, lumiere) for scope in ("use.portfolio", "use.social", "use.editorial", "use.directory")]
    first = shoot.ask(ada, *yeses).receipt
    shoot.clock.on(days=1)
    shoot.ask(ada)
    ended = {each.status_position for each in first.records if each.grant is not None}
    studio = shoot.studio
    assert studio.archive.statuses.revoked().keys() == ended
    written, _ = status_lists.write_status(studio)
    lists = [read_status_list(each.list) for each in read_status_file(written.file)]
    assert [each.number for each in lists] == list(range(1, studio.archive.statuses.newest().number + 1))
    assert written.ended == len(ended) and len(lists) > 2
    for record in first.records:
        position = record.status_position
        assert lists[position.list - 1].ended(position.index) is (record.grant is not None)
    assert sum(each.ended(index) for each in lists for index in range(131_072)) == len(ended)


def test_the_studio_hears_in_time_that_a_list_fills_up(shoot: Shoot) -> None:
    statuses = shoot.studio.archive.statuses
    statuses.capacity = 20
    draws = [shoot.studio.archive.statuses.newest()]

    def draw(count: int) -> None:
        with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
            status_lists.draw_positions(shoot.studio, writing, count)
        draws.append(statuses.newest())

    for count in (15, 1, 1, 3, 1):
        draw(count)
    assert [each.nearly_full for each in draws] == [False, False, True, True, True, False]
    assert kinds(shoot, "status-list-nearly-full") == [b"1"]
    assert kinds(shoot, "status-list-begun") == [b"2"]
    draw(60)
    assert kinds(shoot, "status-list-begun") == [b"2", b"3", b"4", b"5"]
    assert kinds(shoot, "status-list-nearly-full") == [b"1"]
    assert upkeep.check_studio(shoot.studio)[0].nearly_full is None
    draw(16)
    newest = statuses.newest()
    assert upkeep.check_studio(shoot.studio)[0].nearly_full == newest and newest.number == 5
    assert upkeep.check_studio(shoot.studio)[0].sound


def test_a_studio_of_before_warns_at_four_fifths() -> None:
    assert not ListFill(1, CAPACITY * 4 // 5 - 1, CAPACITY).nearly_full
    assert ListFill(1, CAPACITY * 4 // 5 + 1, CAPACITY).nearly_full
    assert ListFill(1, 131_072, CAPACITY).room == 0


@pytest.mark.parametrize("number", [1, 2])
def test_the_check_looks_at_every_list(shoot: Shoot, number: int) -> None:
    nearly_full(shoot, left=3)
    ada, archive = shoot.person(), shoot.studio.archive
    first = shoot.ask(ada, *(said_yes(each) for each in ("use.portfolio", "use.social", "use.editorial"))).receipt
    shoot.clock.on(days=1)
    shoot.ask(ada, said_yes("use.portfolio"))

    def found(change: Any) -> str:
        with archive.transaction(shoot.studio.now()) as writing:
            before = writing.connection.execute(select(status)).all()
            writing.connection.execute(change)
        told = " ".join(upkeep.check_studio(shoot.studio)[0].problems)
        with archive.transaction(shoot.studio.now()) as writing:
            writing.connection.execute(delete(status))
            writing.connection.execute(insert(status), [each._asdict() for each in before])
        assert upkeep.check_studio(shoot.studio)[0].problems == ()
        return told

    mine = [each for each in first.records if each.status_position.list == number]
    over = [each for each in mine if each.status_position in archive.statuses.revoked()]
    record = (over or mine)[0]
    place = status.c.position == number_of(record.status_position)
    if over:
        told = found(update(status).where(place).values(revoked_at=None))
        assert f"Record {record.id} has ended, but the status list would not say so" in told
    else:
        told = found(update(status).where(place).values(revoked_at="2026-05-05T09:00:00Z"))
        assert f"Record {record.id} has not ended, but the status list would say so" in told
    assert f"Record {record.id} of receipt {first.id} has no status position" in found(delete(status).where(place))
    for stray in (-1, MOST_LISTS * 131_072):
        assert "outside of all lists" in found(insert(status).values(position=stray))

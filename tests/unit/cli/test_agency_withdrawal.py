"""The commands with which an agency follows withdrawals: exit codes, JSON, and what people read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from safelight.agency.founding import Founding, agency_card, found_agency
from safelight.agency.imports import import_bundle
from safelight.agency.trust import trust_studio
from safelight.documents.acknowledgements import read_ack
from safelight.documents.identity_cards import read_card
from safelight.keys.passphrases import FLOOR_COST
from support import deliveries
from support.derived_keys import keys_derived_once
from support.notices import NoticeBook, ended, in_files

USE, OTHER = "use.directory", "use.social"


class Side:
    """An agency with one photo, the studio's notices, and a way to give it commands."""

    def __init__(self, desk: Any, work: Path) -> None:
        self.work, self._desk = work, desk
        secret = desk.file("secret", "four unrelated words here\n")
        secret.chmod(0o600)
        self.at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
        wanted = Founding("Agence Lumière", "FR", "rights@lumiere.example")
        with found_agency(work / "agency", wanted, "four unrelated words here", cost=FLOOR_COST) as agency:
            studio = deliveries.StudioDouble("Atelier", read_card(agency_card(agency)).as_recipient())
            trust_studio(agency, studio.card(at=self.at))
            self.shot = deliveries.Shot((deliveries.Person(),), deliveries.small_jpeg(9))
            self.receipt = studio.receipt([USE, OTHER], at=self.at)
            studio.deliver(work / "b.age", 1, [(self.shot, [self.receipt])], [USE, OTHER], at=self.at)
            import_bundle(agency, work / "b.age")
        self.book = NoticeBook(studio)
        self._given = ("--passphrase-file", secret)

    def __call__(self, *words: object, json: bool = False) -> Any:
        opening = (*self._given, *(["--json"] if json else []), "agency", "--agency", self.work / "agency")
        return self._desk.bare(*opening, *words)


@pytest.fixture
def side(desk: Any, tmp_path: Path) -> Any:
    with keys_derived_once():
        yield Side(desk, tmp_path)


def test_a_withdrawal_from_the_notice_to_the_answer(side: Any) -> None:
    guid = side.shot.guid
    said = side("used", guid, "--in", "Spring page", "--kind", "web", "--use", USE)
    assert said.code == 0 and "is registered as used in Spring page (web)" in said.out and said.err == ""
    first = in_files(side.book.write([ended(side.receipt, USE, side.shot)], at=side.at), side.work / "1")
    said = side("apply", first, json=True)
    assert said.code == 0 and said.document["applied"] == [1] and said.document["in_use"] == [guid]
    assert side("may", "--photo", guid, "--use", USE, "--territory", "FR").code == 1
    second = in_files(side.book.write([ended(side.receipt, OTHER, side.shot)], at=side.at), side.work / "2")
    said = side("apply", second, "--delete")
    assert said.code == 0 and "1 picture destroyed; rows, records and proof stay." in said.out
    said = side("used", guid, "--in", "Old print", "--kind", "print")
    assert said.code == 0 and "although the answer was no" in said.err
    said = side("used", guid, "--in", "Spring page", "--kind", "web", "--ended")
    assert said.code == 0 and "noted as taken down" in said.out
    listed = side("used", "--list", json=True).document
    assert [(each["in"], each["allowed"], bool(each["ended_at"])) for each in listed] == [
        ("Spring page", True, True), ("Old print", False, False),
    ]  # fmt: skip
    said = side("ack", "-o", side.work / "a.json", "--use-kept", "Old print=printed and sold", json=True)
    assert (said.code, said.document["removed"], said.document["kept"]) == (0, 3, 1)
    ack = read_ack((side.work / "a.json").read_bytes())
    assert [each.why for each in ack.uses] == ["", "printed and sold"]
    assert (side.work / "a.json.sig").read_text().startswith("-----BEGIN SSH SIGNATURE-----")
    assert side("ack", "-o", side.work / "a.json").code == 2  # nothing is written over
    assert "number" in side("ack", "-o", side.work / "b.json", json=True).document
    assert "  deleted" in side("list").out
    assert side("check").code == 0


def test_what_makes_no_sense_is_told_in_one_sentence(side: Any) -> None:
    guid = side.shot.guid
    for words, code in (
        (("used",), 2),
        (("used", guid, "--in", "x"), 2),
        (("used", guid, "--in", "x", "--kind", "web", "--ended"), 2),
        (("apply", side.work), 3),  # the bundle in it is no notice: it is not even for notices
        (("apply", side.work / "nothing"), 2),
        (("ack", "-o", side.work / "a.json"), 2),
        (("ack", "-o", side.work / "a.json", "--kept", "nonsense"), 2),
        (("refresh", "http://studio.example/"), 2),
        (("refresh", side.work / "b.age", "--delete"), 2),
    ):
        said = side(*words)
        assert said.code in (code, 4) and said.err.startswith("safelight: "), (words, said)
        assert not (side.work / "a.json.sig").exists()


def test_a_published_folder_is_taken_in(side: Any) -> None:
    side.book.write([ended(side.receipt, USE, side.shot)], at=side.at)
    folder = side.work / "published"
    side.book.publish(folder, side.at)
    said = side("refresh", folder, json=True)
    assert said.code == 0 and said.document["vouches"] and said.document["notices"]["applied"] == [1]
    said = side("refresh", folder)
    assert said.code == 0 and "There are no new notices for you." in said.out
    (folder / "list.json").unlink()
    said = side("refresh", folder)
    assert said.code == 1 and "list.json or its signature is missing." in said.err and "vouches for nothing" in said.out

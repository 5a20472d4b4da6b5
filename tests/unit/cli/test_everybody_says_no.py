"""When everybody said no: no bundle leaves any more, and agencies learn it all the same, by folder or by file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safelight.agency.founding import Founding, found_agency
from safelight.keys.passphrases import FLOOR_COST
from support.derived_keys import keys_derived_once

USE, WORDS = "use.portfolio", "four unrelated words here"
POINTS = "identity,answers-match-receipt,recipients-named,age-and-guardian,signature-present"


@pytest.fixture
def agencies(desk: Any) -> dict[str, Callable[..., Any]]:
    """Ways to give commands to the two agencies whose cards the studio has."""
    words = desk.file("words", WORDS + "\n")
    words.chmod(0o600)

    def side(name: str) -> Callable[..., Any]:
        own = desk.agencies[name]
        folder, wanted = desk.work / f"agency {name}", Founding(name, own.country, own.recipient.contact)
        found_agency(folder, wanted, WORDS, cost=FLOOR_COST, identity=own.identity).catalogue.close()
        given = ("--passphrase-file", words, "--json", "agency", "--agency", folder)
        return lambda *command: desk.bare(*given, *command)

    return {name: side(name) for name in ("Prenzel", "Gotham")}


def test_no_bundle_leaves_and_agencies_learn_it(
    desk: Any, ada: str, picture: Callable[[str], Path], agencies: dict[str, Callable[..., Any]]
) -> None:
    def do(*command: object, code: int = 0) -> Any:
        said = desk("--json", *command)
        assert said.code == code, (command, said)
        return said.document

    with keys_derived_once():
        photos = do("capture", "add", "Spring", picture("a.jpg"), "--subject", ada, "--made", "camera")
        yes = {"answer": "yes", "recipients": ["Prenzel", "Gotham"], "territory": "worldwide", "term": "P1Y"}
        how = ("--typed", "Ada Falk", "--method", "paper")
        do("consent", "record", ada, "--choices", desk.answers(use_portfolio=yes), *how)
        do("consent", "validate", ada, "--by", "Robin", "--pin-file", desk.pin("Robin"), "--points", POINTS)
        (guid,) = (each["guid"] for each in do("photo", "list", "Spring"))
        assert guid in str(photos)
        do("recipient", "add", desk.file("gotham.json", desk.agencies["Gotham"].card()), "--cover", "SCC")
        card = desk.work / "studio.json"
        do("studio", "card", "-o", card)
        for name, agency in agencies.items():
            bundle, place = desk.work / f"{name}.age", ("--territory", "DE")
            do("export", "Spring", "--to", name, "--use", USE, *place, "-o", bundle)
            assert agency("trust", card).code == 0 and agency("import", bundle).code == 0
            assert agency("may", "--photo", guid, "--use", USE, *place).code == 0
        refused = desk.file("no.json", {
            "format": "safelight-answers/1", "choices": {USE: "no"}, "no_to_everything": True, "taught_back": True,
        })  # fmt: skip
        do("consent", "record", ada, "--choices", refused, *how)
        kept = desk.work / "refused.age"
        said = desk("export", "Spring", "--to", "Prenzel", "--use", USE, "-o", kept)
        assert said.code == 1 and not kept.exists()
        www, file = desk.work / "www", desk.work / "notice.json"
        do("publish", www)
        do("notice", "export", "Gotham", "-o", file)
    shutil.copytree(www, desk.work / "fetched")
    learned = agencies["Prenzel"]("refresh", desk.work / "fetched")
    assert learned.code == 0 and learned.document["notices"]["held_back"] == [guid]
    learned = agencies["Gotham"]("apply", file, "--delete")
    assert learned.code == 0 and learned.document["deleted"] == [guid]
    for agency in agencies.values():
        said = agency("may", "--photo", guid, "--use", USE, "--territory", "DE")
        assert said.code == 1 and said.document["blocker"] == "withdrawn", said

"""The certificate of an erasure and the list of pictures a trainer leaves out: what they find, and what they miss."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from safelight.domain.errors import Refused
from safelight.domain.holds import HoldClass
from safelight.keys.signing import verify_sshsig
from safelight.rights.erasure import ErasureCertificate, LookedFor, Remains
from safelight.studio import erasing, holds, upkeep
from safelight.studio.certifying import Certified, certificate_pdf, certify
from safelight.studio.exports import export_bundle
from safelight.studio.second_place import copy_waiting, set_second_place
from safelight.studio.suppressing import suppression_list
from support.derived_keys import keys_derived_once
from support.shoot import said_yes

TO, USE, AI = "Prenzel", "use.portfolio", "ai.train-generative"


@pytest.fixture(autouse=True)
def _cheap() -> Iterator[None]:
    with keys_derived_once():
        yield


def came(shoot: Any, name: str = "Ada Falk", *uses: str) -> Any:
    person = shoot.person(name)
    shoot.ask(person, *(said_yes(use, shoot.agencies[TO]) for use in uses or (USE,)))
    shoot.check(person)
    shoot.photo(person)
    return person


def sent(shoot: Any, number: int, *uses: str) -> None:
    export_bundle(shoot.studio, shoot.session, shoot.wish(TO, *uses), shoot.scratch / f"out-{number}.age")


def certified(shoot: Any, person: Any) -> Certified:
    row = shoot.studio.archive.erasures.of(person.id)
    assert row is not None
    return certify(shoot.studio, row)


def found(made: ErasureCertificate) -> dict[LookedFor, tuple[int, int]]:
    return {each.what: (each.looked_for, each.left) for each in made.found}


def test_it_says_what_is_gone_what_stays_and_who_was_told(shoot: Any, tmp_path: Path) -> None:
    ada = came(shoot)
    sent(shoot, 1, USE)
    set_second_place(shoot.studio, tmp_path / "second")
    copy_waiting(shoot.studio)
    upkeep.back_up_studio(shoot.studio, tmp_path / "place" / "monday")
    erasing.erase(shoot.studio, [ada.id])
    made = certified(shoot, ada)
    told = made.certificate
    assert told.nothing_left and [each.name for each in told.told] == [TO] and told.places == ()
    # The key in the studio, in the place of the backups and in the second place; files in the studio and there.
    assert found(told)[LookedFor.KEYS] == (3, 0) and found(told)[LookedFor.FILES] == (2, 0)
    assert [what for what, _ in told.remains] == [Remains.PROOF, Remains.JOURNAL, Remains.LOG]
    page = "\n".join(made.lines())
    assert "Ada" not in page and ada.id in page and certificate_pdf(shoot.studio, made).startswith(b"%PDF")


def test_it_is_written_from_what_is_really_there(shoot: Any, tmp_path: Path) -> None:
    ada = came(shoot)
    upkeep.back_up_studio(shoot.studio, tmp_path / "place" / "monday")
    store = shoot.folder / "keys" / "subjects.sqlite"
    (file,) = [each.id for each in shoot.studio.archive.files.owned_by(ada.id) if each.purpose == "portrait"]
    kept, sealed = shoot.studio.archive.files.lies_at(file), None
    sealed = kept.read_bytes()
    older = tmp_path / "older.sqlite"
    with closing(sqlite3.connect(store)) as here, closing(sqlite3.connect(older)) as there:
        here.backup(there)
    (tmp_path / "place").rename(tmp_path / "pulled")
    erasing.erase(shoot.studio, [ada.id])
    kept.write_bytes(sealed)
    with closing(sqlite3.connect(store)) as here:
        here.execute("ATTACH ? AS older", (str(older),))
        here.execute("REPLACE INTO main.subject_key SELECT * FROM older.subject_key WHERE owner = ?", (ada.id,))
        here.commit()
    told = certified(shoot, ada).certificate
    assert not told.nothing_left and told.places == (str((tmp_path / "place").resolve()),)
    assert found(told)[LookedFor.KEYS] == (1, 1) and found(told)[LookedFor.FILES] == (1, 1)


def test_a_hold_on_the_proof_is_on_it_and_without_an_erasure_there_is_none(shoot: Any) -> None:
    ada, ben = came(shoot), came(shoot, "Ben Ode")
    kim, day = shoot.staff["Kim"].id, shoot.studio.today() + timedelta(days=9)
    for person, what in ((ada, HoldClass.PROOF), (ben, HoldClass.ALL)):
        holds.add_hold(shoot.studio, holds.NewHold(person.id, what, "a claim", day, kim))
        erasing.erase(shoot.studio, [person.id])
    assert [each.what for each in certified(shoot, ada).certificate.holds] == [HoldClass.PROOF]
    with pytest.raises(Refused, match="erased yet"):
        certified(shoot, ben)


def test_who_is_gone_whole_still_has_one(shoot: Any) -> None:
    ada = shoot.person()
    shoot.photo(ada)
    erasing.erase(shoot.studio, [ada.id])
    told = certified(shoot, ada).certificate
    assert told.nothing_left and [what for what, _ in told.remains] == [Remains.JOURNAL, Remains.LOG]


def test_a_trainer_leaves_out_what_was_erased_or_taken_back_and_nothing_else(shoot: Any) -> None:
    ada, ben, eve = (came(shoot, name, USE, AI) for name in ("Ada Falk", "Ben Ode", "Eve Holm"))
    sent(shoot, 1, AI)
    assert suppression_list(shoot.studio, shoot.agencies[TO].id).pictures == 0
    (bundle,) = shoot.studio.archive.disclosures.list()
    photo = {who.id: shoot.studio.archive.photos.of_subject(who.id)[0].guid for who in (ada, ben, eve)}
    hashes = {each.guid: (each.image_hash_kind, each.image_sha256) for each in bundle.photos}
    erasing.erase(shoot.studio, [ada.id])
    shoot.clock.on(minutes=1)
    shoot.ask(ben)  # everything is a no now
    made = suppression_list(shoot.studio, shoot.agencies[TO].id)
    verify_sshsig(shoot.studio.signer.public_ssh, made.content, made.signature, "safelight-suppression")
    content = json.loads(made.content)

    def entry(guid: str) -> str:
        kind, digest = hashes[guid]
        salted = bytes.fromhex(content["salt"]) + kind.encode() + b"\0" + bytes.fromhex(digest)
        return hashlib.sha256(salted).hexdigest()

    assert content["entries"] == sorted(entry(photo[each.id]) for each in (ada, ben))
    assert suppression_list(shoot.studio, shoot.agencies[TO].id).content == made.content
    other = json.loads(suppression_list(shoot.studio, shoot.agencies["Lumiere"].id).content)
    assert other["entries"] == [] and other["salt"] != content["salt"]
    shoot.clock.on(minutes=1)
    shoot.ask(ben, said_yes(AI, shoot.agencies[TO]))  # said yes again: only who was erased stays out
    again = json.loads(suppression_list(shoot.studio, shoot.agencies[TO].id).content)
    assert again["entries"] == [entry(photo[ada.id])]

"""Everything that is held about somebody is given to them, whole, and to nobody else: handed over, or sent locked."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import rdflib

from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import Language
from safelight.domain.reads import Door, Looked, Reader
from safelight.domain.requests import RequestKind, RequestState
from safelight.studio import access, requests, upkeep
from safelight.studio.access_content import access_content
from safelight.studio.exports import export_bundle
from safelight.studio.identifying import show_in_person
from safelight.studio.originals import original_of
from safelight.studio.read_audit import count_read, reads_of
from safelight.studio.subject_changes import SubjectChange, change_subject, link_subjects
from support.shoot import Shoot, said_yes

HER = "Zoë <b>Falk</b>"


def lived(shoot: Shoot) -> tuple[Any, Any]:
    """Two people on three photos; one was exported, looked at, put right and asked for her data."""
    studio, to, kim = shoot.studio, shoot.agencies["Prenzel"], shoot.staff["Kim"].id
    zoe, ben = shoot.person("Zoe"), shoot.person("Ben Okri")
    for each in (zoe, ben):
        shoot.ask(each, said_yes("use.portfolio", to))
    change_subject(studio, zoe.id, SubjectChange(name=HER, phone="040 123456"), kim, "misheard")
    shoot.photo(zoe), shoot.photo(zoe, ben), shoot.photo(ben)
    export_bundle(studio, shoot.session, shoot.wish("Prenzel", "use.portfolio"), shoot.scratch / "out.age")
    count_read(studio, [zoe.id], Looked.PAGE, Reader("somebody", Door.DESK))
    shoot.reopen()
    again = shoot.person("Zoe again", session=shoot.new_session())
    link_subjects(shoot.studio, zoe.id, again.id, kim)
    return shoot.studio.archive.subjects.get(zoe.id), ben


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        assert made.testzip() is None
        return {each: made.read(each) for each in made.namelist()}


def test_everything_is_in_the_file_that_is_handed_over(shoot: Shoot) -> None:
    zoe, ben = lived(shoot)
    studio, kim = shoot.studio, shoot.staff["Kim"].id
    asked, _ = requests.new_request(studio, requests.NewRequest(zoe.id, RequestKind.ACCESS))
    done, _ = access.give_access(studio, zoe, shoot.scratch / "zoe.zip", kim)
    assert done.answered == (asked.id,) and studio.archive.requests.get(asked.id).state is RequestState.ANSWERED
    if unzip := shutil.which("unzip"):
        subprocess.run([unzip, "-tq", str(done.path)], check=True, capture_output=True)
    members = opened(done.path.read_bytes())
    alone, group = studio.archive.photos.of_subject(zoe.id)
    own, shared = (each for each in members if each.startswith("photos/"))
    assert members[own] == original_of(studio, alone) and members[shared] != original_of(studio, group)
    (receipt,) = studio.archive.consents.receipts_of(zoe.id)
    assert members[f"receipts/{receipt.receipt.id}.jsonld"] == receipt.document
    assert members[f"receipts/{receipt.receipt.id}.pdf"].startswith(b"%PDF")
    notice = receipt.receipt.notice.sha256
    assert hashlib.sha256(members[f"notices/{notice}.txt"]).hexdigest() == notice
    page = members["index.html"].decode()
    for told in ("Zoë &lt;b&gt;Falk&lt;/b&gt;", "040 123456", "misheard", "Prenzel", "somebody", "Zoe again", "Access",
                 "Other people on it: ", studio.rules.catalogue.scope("use.portfolio").text["en"][:40]):  # fmt: skip
        assert told in page, told
    assert "Ben" not in page and ben.id not in members["access.jsonld"].decode(), "who else is on it is not hers"
    assert {*re.findall(r'href="([^"]+)"', page)} == {*members} - {"index.html"}
    held = json.loads(members["access.jsonld"])["slc:held"]
    assert len(held["photos"]) == 2 and held["requests"][0]["id"] == asked.id
    assert [each.counts for each in reads_of(studio, zoe.id)][-1] == {Looked.ACCESS: 1}
    (given,) = studio.archive.journal.told_about("access-given", zoe.id)
    assert json.loads(given[1])["by"] == kim
    assert upkeep.check_studio(studio)[0].problems == ()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's own, where it reads JSON-LD
def test_programs_read_it_without_a_network(shoot: Shoot) -> None:
    zoe, _ = lived(shoot)
    done, _ = access.give_access(shoot.studio, zoe, shoot.scratch / "zoe.zip", shoot.staff["Kim"].id)
    graph = rdflib.Graph().parse(data=opened(done.path.read_bytes())["access.jsonld"], format="json-ld")
    dpv = rdflib.Namespace("https://w3id.org/dpv#")
    known = rdflib.Graph().parse(Path(__file__).parents[2] / "assets" / "vocabulary" / "dpv-2.3-subset.ttl")
    used = {each for triple in graph for each in triple if str(each).startswith(str(dpv))}
    defined = {*known.subjects()}
    assert {str(each) for each in used if each not in defined} == set()
    values = {str(graph.value(each, rdflib.DCTERMS.title)): str(graph.value(each, rdflib.RDF.value))
              for each in graph.subjects(rdflib.RDF.type, dpv.PersonalData)}  # fmt: skip
    assert values["phone"] == "040 123456" and {HER, "Zoe again"} >= {values["name"]}
    assert (None, dpv.hasConsentStatus, dpv.ConsentGiven) in graph
    assert len({*graph.subjects(rdflib.RDF.type, dpv.Process)}) == len(shoot.session.offered)


def test_what_is_sent_is_locked_by_words_told_apart(shoot: Shoot) -> None:
    zoe, _ = lived(shoot)
    studio, kim = shoot.studio, shoot.staff["Kim"].id
    asked, _ = requests.new_request(studio, requests.NewRequest(zoe.id, RequestKind.PORTABILITY))
    path = shoot.scratch / "zoe.pdf"
    with pytest.raises(Refused, match="Nobody has shown yet"):
        access.give_access(studio, zoe, path, kim)
    assert not path.exists()
    show_in_person(studio, asked.id, kim)
    done, _ = access.give_access(studio, zoe, path, kim)
    assert len(done.words) == 6 and done.answered == (asked.id,)
    content = path.read_bytes()
    clear = (b"Falk", b"index.html", b"pdfaid", zoe.id.encode())
    assert b"/AESV3" in content and not any(each in content for each in clear)
    for wrong in ("", " ".join(done.words[:5])):
        with pytest.raises(pikepdf.PasswordError):
            pikepdf.open(path, password=wrong)
    with pikepdf.open(path, password=" ".join(done.words)) as pdf:
        assert pdf.encryption.R == 6 and pdf.encryption.bits == 256
        members = opened(pdf.attachments["zoe.zip"].get_file().read_bytes())
    assert "index.html" in members and len(members) > 5


@pytest.mark.parametrize("language", ["ar", "de"])
def test_it_is_in_the_persons_language(shoot: Shoot, language: str) -> None:
    person = shoot.person("Zoe")
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.subjects.put(writing, replace(person, language=Language(language)))
    zoe = shoot.studio.archive.subjects.get(person.id)
    done, _ = access.give_access(shoot.studio, zoe, shoot.scratch / "zoe.zip", shoot.staff["Kim"].id)
    page = opened(done.path.read_bytes())["index.html"].decode()
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in page and "<script" not in page and "http" not in re.sub(
        r"http-equiv", "", page
    )
    assert "What is held" not in page


def test_what_others_struck_out_or_nobody_settled_is_named_and_not_given(shoot: Shoot) -> None:
    studio, kim = shoot.studio, shoot.staff["Kim"].id
    zoe, ben = shoot.person("Zoe"), shoot.person("Ben")
    struck, unsettled, hers = shoot.photo(zoe, ben), shoot.photo(zoe), shoot.photo(zoe)
    with studio.archive.transaction(studio.now()) as writing:
        for photo, changed in ((struck, {"vetoed_by": (ben.id,)}), (unsettled, {"flagged": True}),
                               (hers, {"vetoed_by": (zoe.id,)})):  # fmt: skip
            studio.archive.photos.put(writing, replace(studio.archive.photos.get(photo.guid), **changed))
    done, _ = access.give_access(studio, zoe, shoot.scratch / "zoe.zip", kim)
    told = {each.guid: (each.why, bool(each.files), each.struck_out) for each in done.content.photos}
    assert told == {struck.guid: ("withheld", False, False), unsettled.guid: ("unsettled", False, False),
                    hers.guid: ("", True, True)}  # fmt: skip


def test_nothing_is_left_of_a_file_that_cannot_be_written(shoot: Shoot, monkeypatch: pytest.MonkeyPatch) -> None:
    studio, kim, zoe = shoot.studio, shoot.staff["Kim"].id, shoot.person("Zoe")
    there = {*shoot.scratch.iterdir()}
    for name in ("zoe.txt", "nowhere/zoe.zip"):
        with pytest.raises(WrongUsage):
            access.give_access(studio, zoe, shoot.scratch / name, kim)
    real: Callable[..., Any] = access_content

    def changed_meanwhile(*given: Any) -> Any:
        change_subject(studio, zoe.id, SubjectChange(phone=f"040 {shoot.studio.archive.changes()}"), kim)
        return real(*given)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("safelight.studio.access.access_content", changed_meanwhile)
        with pytest.raises(Refused, match="changed each time"):
            access.give_access(studio, zoe, shoot.scratch / "zoe.zip", kim)
    assert {*shoot.scratch.iterdir()} == there and not studio.archive.journal.told_about("access-given", zoe.id)
    access.give_access(studio, zoe, shoot.scratch / "zoe.zip", kim)
    with pytest.raises(WrongUsage, match="exists already"):
        access.give_access(studio, zoe, shoot.scratch / "zoe.zip", kim)

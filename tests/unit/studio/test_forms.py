"""The paper form asks what the signing screen asks, in the same words, with nothing ticked."""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from safelight.domain.errors import WrongUsage
from safelight.domain.ids import Language, ScopeId
from safelight.domain.notice import FOR_FACE_DATA
from safelight.domain.scope import in_language
from safelight.receipt.blocks import Box
from safelight.receipt.form import FormContent, render_form
from safelight.settings.resources import read_json
from safelight.settings.texts import LANGUAGES, texts
from safelight.studio import forms
from safelight.studio.badges import badge_code
from safelight.studio.forms import paper_form, whose_form
from safelight.studio.notices import make_notice, printed_notice
from safelight.studio.seating import ordinary_yeses
from safelight.studio.stating import known_recipients
from support.shoot import GUARDIAN, Shoot

DPV = {each["id"]: each["dpv"] for each in read_json("rules/scopes.json")["scopes"] if each["kind"] != "notice"}


def told(pdf: bytes, folder: Path) -> str:
    """What a person reads, pages one after the other."""
    path = folder / "form.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_prints_the_cards_and_the_text_whose_hash_it_names(
    shoot: Shoot, language: str, tmp_path: Path
) -> None:
    (pdf, text), _ = paper_form(shoot.studio, shoot.session, None, language)
    kept = shoot.studio.archive.notices.get(text)
    spoken = Language(language)
    anybody = shoot.person()
    screen = make_notice(
        shoot.studio, shoot.session, ordinary_yeses(shoot.studio, shoot.session), known_recipients(shoot.studio),
        spoken, anybody,
    )  # fmt: skip
    assert kept.sha256 == text == screen.sha256, "the signing screen shows this very text"
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) >= 3 and str(opened.Root.Lang) == texts(language).language
    if language in ("en", "de", "fr", "es", "it", "nl"):
        said = told(pdf, tmp_path)
        assert said.count(text[:12]) >= 3, "on every page"
        for heading, _ in texts(language).cards:
            assert " ".join(heading.split()) in said
        for use in shoot.session.offered:
            title = in_language(shoot.studio.rules.catalogue.scope(use).title, spoken)
            assert title.split()[0] in said


@pytest.mark.parametrize("use", DPV)
def test_a_use_that_measures_faces_brings_its_law_into_the_notice(shoot: Shoot, use: str) -> None:
    session = replace(shoot.session, offered=(ScopeId(use),))
    notice = make_notice(shoot.studio, session, (), known_recipients(shoot.studio), Language("en"), shoot.person())
    measured = "https://w3id.org/dpv/pd#FacialPrint" in DPV[use]
    assert {each.id for each in notice.items} & set(FOR_FACE_DATA) == (set(FOR_FACE_DATA) if measured else set())
    assert measured == (use in {"bio.template", "ai.train-recognition"}), "a new use that measures faces is looked at"


def test_nothing_is_ticked_and_yes_and_no_are_alike(shoot: Shoot, monkeypatch: pytest.MonkeyPatch) -> None:
    contents: list[FormContent] = []
    real = render_form
    monkeypatch.setattr(forms, "render_form", lambda content: contents.append(content) or real(content))
    boxes: list[str] = []
    draw = Box.draw

    def seen(self: Box, *given: object) -> None:
        boxes.append(self.word.text)
        draw(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Box, "draw", seen)
    paper_form(shoot.studio, shoot.session, None)
    words = texts("en").words
    assert boxes.count(words["yes"]) == boxes.count(words["no"]) == len(contents[0].uses) == len(shoot.session.offered)


def test_a_form_for_one_person_has_the_name_the_code_and_no_use_closed_to_minors(
    shoot: Shoot, tmp_path: Path
) -> None:
    mia = shoot.person("Mia Falk", GUARDIAN, born=shoot.studio.today().replace(year=shoot.studio.today().year - 12))
    (pdf, _), _ = paper_form(shoot.studio, shoot.session, mia)
    said = told(pdf, tmp_path)
    assert "Mia Falk" in said and badge_code(shoot.studio, shoot.session.id, mia.id) in said
    assert texts("en").receipt["guardian"] in said
    closed = in_language(shoot.studio.rules.catalogue.scope("use.stock").title, "en")
    assert closed not in said


def test_a_form_is_found_by_the_digits_printed_on_it(shoot: Shoot) -> None:
    (_, text), _ = paper_form(shoot.studio, shoot.session, None)
    assert printed_notice(shoot.studio, text[:12]).sha256 == printed_notice(shoot.studio, f" {text.upper()} ").sha256
    for wrong in (text[:7], "0" * 12, "", "Spring"):
        with pytest.raises(WrongUsage, match="No form"):
            printed_notice(shoot.studio, wrong)


def test_a_session_or_a_person_by_name(shoot: Shoot) -> None:
    ada = shoot.person("Ada Falk")
    assert whose_form(shoot.studio, shoot.session.name) == (shoot.session, None)
    assert whose_form(shoot.studio, "Ada") == (shoot.session, ada)
    with pytest.raises(WrongUsage):
        whose_form(shoot.studio, "Nobody")

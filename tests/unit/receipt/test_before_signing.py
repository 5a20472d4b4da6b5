"""The page somebody is about to sign, several signatures on one receipt, and the code that proves it was opened."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pikepdf
import pytest

from safelight.domain.acts import act_of
from safelight.receipt.events import told as told_steps
from safelight.receipt.issue import render_receipt
from safelight.receipt.page import Hand, ReceiptContent
from safelight.receipt.wording import Wording
from safelight.settings.texts import texts

Make = Callable[..., ReceiptContent]
Told = Callable[[bytes], str]
AI = {"use.portfolio": True, "ai.retouch": True, "use.social": False}
DOCUMENT = b"{}"


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
@pytest.mark.parametrize("minor", [False, True])
def test_a_draft_tells_every_answer_and_claims_no_signature(
    language: str, minor: bool, make_content: Make, told: Told
) -> None:
    content = make_content(AI, language=language, minor=minor, draft=True, acts=(), withdrawal_code="····")
    text = flat(told(render_receipt(content, None)))
    words = texts(language).receipt
    assert words["not_signed"] in text and words["draft_title"] in text
    assert words["title"] not in text and words["strip_cut"] not in text
    for scope in ("use.portfolio", "ai.retouch", "use.social"):
        assert texts(language).words["yes"] in text
        assert flat(content.catalogue.scope(scope).title[language]) in text
    for hidden in (content.receipt.id[:8], content.record_sha256, content.journal_head, content.withdrawal_uri):
        assert hidden not in text.replace(" ", "")
    assert content.notice_sha256 in text.replace(" ", "")


def test_a_draft_has_no_record_attached_and_is_the_same_every_time(make_content: Make) -> None:
    content = make_content(AI, draft=True, acts=())
    drawn = render_receipt(content, None)
    assert drawn == render_receipt(content, None)
    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        assert not dict(pdf.attachments)
    changed = make_content(AI | {"use.social": True}, draft=True, acts=())
    assert drawn != render_receipt(changed, None)


def test_everybody_who_signed_is_shown_with_their_own_hand(make_content: Make, told: Told) -> None:
    content = make_content(minor=True)
    plain = render_receipt(content, DOCUMENT)
    both = replace(content, earlier=(Hand("Karin Müller", content.signature_png),))
    text = flat(told(render_receipt(both, DOCUMENT)))
    assert "Karin Müller" in text and "Anneliese Müller-Öztürk" in text
    alternative = texts("en").receipt["signature_alt"]
    assert figures(render_receipt(both, DOCUMENT), alternative) == figures(plain, alternative) + 1
    typed = replace(content, earlier=(Hand("Karin Müller", None, "Karin M."),))
    assert "Karin M." in flat(told(render_receipt(typed, DOCUMENT)))


def figures(drawn: bytes, alternative: str) -> int:
    """How many pictures are read aloud with these words."""
    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        told = [str(each.get("/Alt", "")) for each in pdf.objects if isinstance(each, pikepdf.Dictionary)]
    return told.count(alternative)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ar"])
def test_the_opening_code_stands_on_the_last_page_alone(language: str, make_content: Make, told: Told) -> None:
    content = make_content(language=language, opening_code="8305")
    drawn = render_receipt(content, DOCUMENT)
    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        count = len(pdf.pages)
        while len(pdf.pages) > 1:
            del pdf.pages[0]
        last = io.BytesIO()
        pdf.save(last)
    assert "8305" in told(last.getvalue()) and told(drawn).count("8305") == 1
    with pikepdf.open(io.BytesIO(render_receipt(replace(content, opening_code=""), DOCUMENT))) as without:
        assert len(without.pages) == count


def worded(wording: Wording, texts: list[str]) -> str:
    return told_steps(wording, [act_of(each) for each in texts])


def test_new_acts_are_told_in_words(make_content: Make) -> None:
    content = make_content()
    wording = Wording(content, texts("en"))
    guid = "3f2a9c44-6d1b-4e0a-8a55-1f6b0c9d7e21"
    assert worded(wording, [f"photo {guid} veto", f"photo {guid[::-1]} veto"]).startswith("photo struck out")
    assert guid[:8] not in worded(wording, [f"photo {guid} keep"])
    assert worded(wording, ["page " + "a" * 64]) == "saw the page to sign"
    assert worded(wording, ["evidence " + "a" * 64]) == "handwriting sealed"
    title: Any = content.catalogue.scope("use.advertising").title["en"]
    assert worded(wording, ["use.advertising initials (ink)"]) == f"{title}: marked by hand"

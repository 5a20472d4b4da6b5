"""Every act has one text, in which it is signed, and nothing else is an act."""

from __future__ import annotations

from typing import get_args

import pytest

from safelight.domain.acts import (
    ACT_CONTENTS,
    ActContent,
    CardRead,
    HandwritingKept,
    LanguageChosen,
    NamedAct,
    PageShown,
    PhotoJudged,
    ScanKept,
    Signed,
    UseAnswered,
    UseMarked,
    act_of,
    act_text,
)
from safelight.domain.errors import Malformed
from safelight.domain.ids import Language, PhotoGuid, ScopeId, Sha256
from safelight.domain.record import SignatureKind
from safelight.domain.scope import Mark

GUID = PhotoGuid("3f2a9c44-6d1b-4e0a-8a55-1f6b0c9d7e21")
SHA = Sha256("0a" * 32)
USE = ScopeId("use.social")
SIGNED_SO_FAR: dict[str, ActContent] = {
    "more uses": NamedAct.MORE_USES,
    "no to everything": NamedAct.NO_TO_EVERYTHING,
    "next": NamedAct.NEXT,
    "back": NamedAct.BACK,
    "question": NamedAct.QUESTION,
    "receipt": NamedAct.RECEIPT,
    "stop": NamedAct.STOP,
    "resume": NamedAct.RESUME,
    "language zh-Hans": LanguageChosen(Language("zh-Hans")),
    "card 5": CardRead(5),
    f"photo {GUID} keep": PhotoJudged(GUID, True),
    f"photo {GUID} veto": PhotoJudged(GUID, False),
    "use.social yes": UseAnswered(USE, True),
    "use.social no": UseAnswered(USE, False),
    "use.social initials (ink)": UseMarked(USE, Mark.INITIALS, SignatureKind.INK),
    "use.social own (typed)": UseMarked(USE, Mark.OWN, SignatureKind.TYPED),
    "use.social page (ink)": UseMarked(USE, Mark.PAGE, SignatureKind.INK),
    f"page {SHA}": PageShown(SHA),
    "signed": Signed(None),
    "signed (ink)": Signed(SignatureKind.INK),
    "signed (typed)": Signed(SignatureKind.TYPED),
    f"evidence {SHA}": HandwritingKept(SHA),
    f"scan {SHA}": ScanKept(SHA),
}
"""Texts that stand in signed lists of acts: none of them may ever change or be read as another act."""


@pytest.mark.parametrize("text", SIGNED_SO_FAR)
def test_what_was_signed_reads_and_writes_the_same(text: str) -> None:
    assert act_of(text) == SIGNED_SO_FAR[text]
    assert act_text(SIGNED_SO_FAR[text]) == text


def test_no_act_is_left_out_above() -> None:
    assert {type(each) for each in SIGNED_SO_FAR.values()} == set(ACT_CONTENTS) == set(get_args(ActContent))
    assert {each for each in SIGNED_SO_FAR.values() if isinstance(each, NamedAct)} == set(NamedAct)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "waved", "Next", "next ", " next", "language", "language ", "language {use}", "card", "card 01",
        "card -1", "card 1 2", "card 99999", "card ٣", f"photo {GUID}", f"photo {GUID} maybe", "photo  keep", " yes",
        "use.social", "use.social maybe", "use.social  yes", "use.social none (ink)", "use.social initials ink",
        "use.social initials", f"page {SHA[:-1]}", f"page {SHA.upper()}", "page", "signed ", "signed ink",
        "signed (blood)", "evidence", "scan x", "next\n",
    ],
)  # fmt: skip
def test_nothing_else_is_an_act(text: str) -> None:
    with pytest.raises(Malformed):
        act_of(text)

"""The table of wishes is closed: each name leads to one method, and what does not fit its types changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from safelight.asking import wishes
from safelight.asking.asking import Asking
from safelight.asking.flow import Flow
from safelight.asking.mind import Mind
from safelight.asking.scene import Page
from safelight.asking.wishes import WISHES, ask
from safelight.domain.ceremony import Step
from safelight.domain.choice import ReplicaTerms
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import Country, ScopeId
from safelight.domain.term import TerritoryKind, offered_months
from support.kiosk.desk_double import FIVE, MARKED
from support.kiosk.taking_back import RECEIPT
from support.kiosk.wishing import CODE, OneThread, Wished, ink

NOT_WISHED = {
    Flow: {"seat", "hello", "thank", "forget"},
    Asking: {"speak", "refuse_all", "stop", "go_on", "begin_anew", "confirm", "leave_undecided", "forget"}
    | {"turn_name", "state"},
    Mind: {"state", "read", "forget"},
}
"""What the program does of itself, or what a wish of the flow stands for."""


@pytest.fixture
def kiosk() -> Iterator[Wished]:
    work = OneThread()
    made = Wished(work, {"offered": FIVE})
    yield made
    made.flow.forget()
    made.settle()
    work.close()


@pytest.mark.parametrize("room", [Flow, Asking, Mind])
def test_every_verb_is_a_wish_or_known_not_to_be_one(room: type) -> None:
    verbs = {name for name, value in vars(room).items() if callable(value) and not name.startswith("_")}
    told = {wish.name for wish in WISHES.values()}
    assert verbs - NOT_WISHED[room] <= told
    assert NOT_WISHED[room] <= verbs
    assert not NOT_WISHED[Flow] & told


def test_each_constant_stands_in_the_table_under_the_name_of_its_method() -> None:
    constants = {name: value for name, value in vars(wishes).items() if isinstance(value, wishes.Wish)}
    assert {name.lower() for name in constants} == set(WISHES)
    assert all(WISHES[name.lower()] is value for name, value in constants.items())


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("forget", ()), ("_take", ()), ("__init__", ()), ("begin_anew", ()), ("", ()),
        ("next", (1,)), ("answer", ("use.social",)), ("answer", ("use.social", 1)), ("answer", ("use.social", None)),
        ("answer", (b"use.social", True)), ("speak", ("xx",)), ("speak", (["en"],)), ("put", (True, 0)),
        ("put", ("0", 0)), ("sign", (b"ink",)), ("mark", ("use.social", None)), ("agree", ("ai.replica", {})),
        ("name_uses", (["use.social"],)), ("act_as_guardian", ("yes",)), ("find", ()), ("take_back", ("use.social",)),
        ("limit_countries", ("use.social", ["DE"])), ("limit_countries", ("use.social", frozenset({1}))),
    ],
)  # fmt: skip
def test_what_is_no_wish_is_refused_and_changes_nothing(
    kiosk: Wished, name: str, arguments: tuple[object, ...]
) -> None:
    kiosk.to_uses()
    before, scenes = kiosk.asking.ceremony, len(kiosk.scenes)
    with pytest.raises(WrongUsage):
        ask(kiosk.flow, name, arguments)
    assert kiosk.asking.ceremony == before
    assert len(kiosk.scenes) == scenes


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("answer", ("use.unheard-of", True)), ("answer", ("use.unheard-of", False)), ("mark", ("use.social", ink())),
        ("mark", ("use.unheard-of", ink())), ("judge", ("no-photo", False)), ("limit_term", ("use.social", "999")),
        ("limit_term", ("use.unheard-of", "12")), ("limit_term", ("use.social", "withdrawn")),
        ("limit_place", ("use.social", "moon")), ("limit_place", ("use.unheard-of", "eea")),
        ("limit_countries", ("use.social", frozenset())), ("limit_countries", ("use.social", frozenset({"KP"}))),
        ("put", (0, 0)), ("sign", (ink(),)),
    ],
)  # fmt: skip
def test_a_wish_for_what_is_not_offered_here_changes_nothing(
    kiosk: Wished, name: str, arguments: tuple[object, ...]
) -> None:
    kiosk.to_uses()
    kiosk.wish("answer", "use.social", True)
    before = kiosk.asking.ceremony
    kiosk.wish(name, *arguments)
    assert kiosk.asking.ceremony == before
    assert kiosk.sitting.marks == [] and kiosk.page is Page.STEP


def test_what_is_meant_for_somebody_reaches_nobody_after_they_left(kiosk: Wished) -> None:
    kiosk.to_uses()
    kiosk.wish("wait")
    for name, arguments in (
        ("next", ()), ("answer", ("use.social", True)), ("sign", (ink(),)), ("finish", ()), ("take_back", ()),
        ("find", (RECEIPT,)), ("prove", (CODE,)), ("take_all", ()), ("name_uses", (frozenset({"use.social"}),)),
    ):  # fmt: skip
        kiosk.wish(name, *arguments)
        assert (kiosk.page, kiosk.flow.asking) == (Page.WAITING, None)


def test_a_yes_carries_its_ordinary_limits_until_others_are_chosen(kiosk: Wished) -> None:
    use = ScopeId("use.social")
    kiosk.to_uses()
    kiosk.wish("answer", use, True)
    kiosk.wish("next")
    assert kiosk.step is Step.TERM
    assert kiosk.asking.ceremony.choice(use).grant == kiosk.asking.person.grants[use]
    shorter = offered_months(kiosk.asking.person.longest[use])[0]
    kiosk.wish("limit_term", use, str(shorter))
    kiosk.wish("limit_place", use, TerritoryKind.EEA.value)
    grant = kiosk.asking.ceremony.choice(use).grant
    assert grant is not None
    assert (grant.term.months, grant.territory.kind) == (shorter, TerritoryKind.EEA)
    kiosk.wish("limit_place", use, TerritoryKind.LISTED.value)
    kiosk.wish("limit_countries", use, frozenset({Country("FR"), Country("US")}))
    grant = kiosk.asking.ceremony.choice(use).grant
    assert grant is not None and grant.territory.countries == {"FR", "US"}
    assert grant.term.months == shorter


def test_marks_are_walked_through_in_order_and_back_leads_to_the_limits_of_all() -> None:
    work = OneThread()
    kiosk = Wished(work, {"offered": MARKED, "main": 4})
    kiosk.to_uses()
    for use in MARKED:
        kiosk.wish("answer", use, True)
    kiosk.wish("next")

    def due() -> tuple[str, bool] | None:
        mark = kiosk.asking.state(100, True).mark_due
        return None if mark is None else (mark.scope, mark.contract)

    assert (kiosk.step, due()) == (Step.TERM, None)
    kiosk.wish("next")
    assert due() == (MARKED[1], False)
    kiosk.wish("back")
    assert (kiosk.step, due()) == (Step.TERM, None)
    kiosk.wish("next")
    kiosk.wish("mark", MARKED[1], ink())
    assert due() == (MARKED[2], False)
    kiosk.wish("answer", MARKED[2], False)
    assert due() == (MARKED[3], True), "a no needs no mark"
    lines = ReplicaTerms(uses="a game", pay="", represented_by="nobody", label="Ada")
    kiosk.wish("agree", MARKED[3], lines)
    assert due() == (MARKED[3], True), "a contract has no gaps"
    kiosk.wish("agree", MARKED[3], ReplicaTerms(uses="a" * 301, pay="1", represented_by="nobody", label="Ada"))
    assert due() == (MARKED[3], True), "nor more than there is room for"
    kiosk.wish("agree", MARKED[3], ReplicaTerms(uses="a game", pay="100", represented_by="nobody", label="Ada"))
    assert due() == (MARKED[3], False), "filled in, it is signed"
    kiosk.wish("stop")
    kiosk.wish("go_on")
    assert (kiosk.step, due()) == (Step.TERM, None)
    kiosk.wish("next")
    kiosk.wish("mark", MARKED[3], ink())
    assert (kiosk.step, due()) == (Step.QUESTIONS, None)
    assert CODE in kiosk.desk.asked
    kiosk.flow.forget()
    kiosk.settle()
    work.close()

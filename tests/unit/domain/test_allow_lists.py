"""What nobody has decided about is a no: a state, a kind or a use that the program does not know allows nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from safelight.documents.rules import shipped_rules
from safelight.domain.consent import STATUS_AFTER, EventKind
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import Country, PersonId, PhotoGuid, ScopeId, SessionId
from safelight.domain.scope import Catalogue, Scope, read_catalogue
from safelight.domain.session import Session, SessionState
from safelight.domain.usage import Blocker, ConsentSnapshot, Question, may
from safelight.settings.resources import read_json
from safelight.studio.sessions import WORKING, must_be_open

STAYS_INSIDE = {"session.archive", "bio.template", "data.demographics"}
AT_REST = {SessionState.CLOSED}
"""The states in which a session takes nobody and no photo in; people can still sign, withdraw and be sent theirs."""
RULES = shipped_rules()


class Unknown(str):
    """A word of a later version."""

    @property
    def value(self) -> str:
        return str(self)


def other(use: str, **fields: Any) -> Catalogue:
    """The catalogue as shipped, in which one use is different."""
    changed = tuple(replace(each, **fields) if each.id == use else each for each in RULES.catalogue.scopes)
    return replace(RULES.catalogue, scopes=changed)


def test_a_session_in_a_state_nobody_knows_takes_nothing_in() -> None:
    shoot = Session(
        SessionId("s"), "Spring", "", "", Country("DE"), date(2026, 5, 4), PersonId("p"), (), (), SessionState.OPEN
    )
    assert must_be_open(shoot) is shoot
    for state in (SessionState.CLOSED, Unknown("archived")):
        with pytest.raises(WrongUsage, match=state.value):
            must_be_open(replace(shoot, state=state))  # type: ignore[arg-type]


def test_somebody_has_decided_about_every_state_of_a_session() -> None:
    assert set(SessionState) - WORKING == AT_REST and not WORKING & AT_REST


def test_a_use_of_a_kind_nobody_knows_is_neither_asked_nor_allowed() -> None:
    catalogue = other("use.editorial", kind=Unknown("sold"))
    assert "use.editorial" not in catalogue.asked_ids()
    question = Question(PhotoGuid("g"), ScopeId("use.editorial"), Country("DE"), date(2026, 5, 4))
    assert may(question, [ConsentSnapshot({})], catalogue, frozenset()).blocker is Blocker.NOT_A_USE


def test_a_rule_for_minors_that_nobody_knows_keeps_them_out() -> None:
    def scope(**fields: Any) -> Scope:
        return other("use.editorial", **fields).scope("use.editorial")

    assert scope().open_to_minors and not scope(minors=Unknown("school+assent")).open_to_minors


def test_a_new_use_stays_in_the_studio_until_somebody_says_otherwise() -> None:
    raw = read_json("rules/scopes.json")
    assert [each["id"] for each in raw["scopes"] if not isinstance(each.get("handed_on"), bool)] == []
    exportable = {each.id for each in RULES.catalogue.exportable()}
    assert set(RULES.catalogue.asked_ids()) - exportable == STAYS_INSIDE
    model = next(each for each in raw["scopes"] if each["id"] == "use.editorial")
    for said in ({}, {"handed_on": "true"}, {"handed_on": 1}):
        new = {key: value for key, value in model.items() if key != "handed_on"} | {"id": "use.hologram"} | said
        catalogue = read_catalogue(raw | {"scopes": [*raw["scopes"], new]})
        assert "use.hologram" in catalogue.asked_ids()
        assert {each.id for each in catalogue.exportable()} == exportable


def test_every_event_has_a_status() -> None:
    assert set(STATUS_AFTER) == set(EventKind)

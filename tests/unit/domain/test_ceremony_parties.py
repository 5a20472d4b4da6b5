"""What a yes needs besides the signature, photos struck out, and several parties of whom each one's no counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from safelight.domain import ceremony as c
from safelight.domain.acts import NamedAct, PhotoJudged, act_text
from safelight.domain.choice import Answer, Choice
from safelight.domain.errors import Refused
from safelight.domain.ids import Country, Language, PhotoGuid, ScopeId
from safelight.domain.people import Role
from safelight.domain.record import SignatureKind
from safelight.domain.scope import Mark
from safelight.domain.term import UNTIL_WITHDRAWN, Territory, TerritoryKind
from support.ceremonies import (
    AI,
    GRANT,
    INITIALED,
    INK,
    MARKED,
    NEEDS,
    OFFERED,
    OWN,
    PHOTOS,
    REPLICA,
    G,
    S,
    along,
    moment,
    reached,
    to_uses,
    whole,
)

# Marks -------------------------------------------------------------------------------------------------------------


def test_a_yes_that_needs_a_mark_is_not_passed_without_it() -> None:
    now = next(each for each in whole() if each.step is c.Step.TERM)
    assert c.unmarked(now) == (INITIALED, OWN, REPLICA)
    for missing in (3, 2, 1):
        assert len(c.unmarked(now)) == missing
        with pytest.raises(Refused, match="lacks its own mark"):
            c.go_on(now, moment())
        now = c.give_mark(now, c.unmarked(now)[0], SignatureKind.TYPED, INK, moment())
    assert c.go_on(now, moment()).step is c.Step.QUESTIONS
    assert [(each.scope, each.by, each.kind, each.evidence_sha256) for each in now.marks] == [
        (scope, S, SignatureKind.TYPED, INK) for scope in (INITIALED, OWN, REPLICA)
    ]
    assert act_text(now.acts[-1].what) == "ai.replica page (typed)"
    with pytest.raises(Refused, match="lacks"):
        c.sign(replace(reached(c.Step.SIGNATURE), marks=()), SignatureKind.INK, INK, moment())


def test_a_yes_says_which_mark_it_carries() -> None:
    marks = {each.scope: each.grant.mark for each in reached(c.Step.REVIEW).choices if each.grant}
    assert marks == {MARKED[0]: Mark.NONE, **NEEDS}


def test_a_no_drops_the_mark_and_a_new_yes_needs_it_again() -> None:
    now = c.go_back(reached(c.Step.REVIEW), moment())
    no = c.answer(now, OWN, None, moment())
    assert {each.scope for each in no.marks} == {INITIALED, REPLICA}
    assert c.unmarked(c.answer(no, OWN, GRANT, moment())) == (OWN,)


def test_other_limits_want_a_new_signature_of_its_own_but_no_new_initials() -> None:
    now = c.go_back(reached(c.Step.REVIEW), moment())
    wider = replace(GRANT, term=UNTIL_WITHDRAWN)
    for scope in MARKED:
        assert c.unmarked(c.answer(now, scope, GRANT, moment())) == ()
        assert c.unmarked(c.answer(now, scope, wider, moment())) == tuple({scope} & {OWN, REPLICA})


def test_a_marked_use_allowed_at_the_review_still_meets_its_mark_and_the_questions() -> None:
    begun = c.choose_language(c.begin(MARKED, frozenset({OWN}), 0, (), NEEDS), Language("en"), moment())
    now = c.answer(c.refuse_all(begun, moment()), OWN, GRANT, moment())
    assert now.step is c.Step.TERM
    now = c.go_on(c.give_mark(now, OWN, SignatureKind.INK, INK, moment()), moment())
    assert now.step is c.Step.QUESTIONS


def test_no_mark_is_given_where_none_is_needed() -> None:
    now = reached(c.Step.USES)
    for scope in (MARKED[0], ScopeId("use.social")):
        with pytest.raises(Refused):
            c.give_mark(now, scope, SignatureKind.INK, INK, moment())
    with pytest.raises(Refused, match="no mark"):
        c.give_mark(c.answer(now, OWN, None, moment()), OWN, SignatureKind.INK, INK, moment())


def test_each_of_two_guardians_and_the_minor_marks_for_themselves() -> None:
    done = whole(2)[-1]
    assert [(each.by, each.turn) for each in done.marks if each.scope == OWN] == [(G, 0), (G, 1), (S, 2)]


# Photos ------------------------------------------------------------------------------------------------------------


def test_each_photo_can_be_struck_out_and_let_stand_again() -> None:
    now = reached(c.Step.PHOTOS)
    now = c.judge_photo(now, PHOTOS[1], False, moment())
    assert (now.vetoed, now.acts[-1].what) == ({PHOTOS[1]}, PhotoJudged(PHOTOS[1], keep=False))
    assert c.judge_photo(now, PHOTOS[1], True, moment()).vetoed == frozenset()
    with pytest.raises(Refused, match="not part"):
        c.judge_photo(now, PhotoGuid("p9"), False, moment())
    assert c.refuse_all(now, moment()).vetoed == {PHOTOS[1]}


def test_the_photos_are_reached_again_from_the_uses_and_from_the_page() -> None:
    review = reached(c.Step.REVIEW)
    assert c.go_back(c.go_back(review, moment()), moment()).step is c.Step.PHOTOS
    assert c.go_back(review, moment(), c.Step.PHOTOS).step is c.Step.PHOTOS
    for goal in (c.Step.NOTICE, c.Step.REVIEW, c.Step.SIGNATURE, c.Step.DONE):
        with pytest.raises(Refused, match="no way back"):
            c.go_back(review, moment(), goal)
    with pytest.raises(Refused, match="no way back"):
        c.go_back(to_uses(c.begin(OFFERED, AI, 0)), moment())


def test_what_somebody_before_struck_out_stays_out() -> None:
    now = c.judge_photo(reached(c.Step.PHOTOS, 1), PHOTOS[0], False, moment(G))
    now = next(each for each in along(now) if each.turn == 1 and each.step is c.Step.PHOTOS)
    with pytest.raises(Refused, match="stays out"):
        c.judge_photo(now, PHOTOS[0], True, moment())
    assert c.judge_photo(now, PHOTOS[1], False, moment()).vetoed == set(PHOTOS)


def test_a_later_ceremony_starts_with_the_answers_and_vetoes_of_an_earlier_one() -> None:
    earlier = reached(c.Step.RECEIPT)
    again = c.begin(
        (*MARKED[:3], OFFERED[1]), frozenset(), 0, PHOTOS[:1], NEEDS, choices=earlier.choices, vetoed=frozenset(PHOTOS)
    )
    assert again.yes == () and {each.scope for each in again.choices if each.grant} == set(MARKED[:3])
    again = c.go_on(to_uses(again), moment())
    assert again.yes == MARKED[:3], "answered before, and on the screen now"
    assert (again.vetoed, again.marks, again.step) == ({PHOTOS[0]}, (), c.Step.USES)
    assert c.unmarked(again) == (INITIALED, OWN)
    assert c.begin(MARKED, frozenset(), 0, choices=[Choice(OFFERED[1], Answer.YES, GRANT)]).yes == ()


# Guardians ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("guardians", "minor_first", "parties"),
    [
        (0, False, [S]),
        (1, False, [G, S]),
        (2, False, [G, G, S]),
        (1, True, [S, G]),
        (2, True, [S, G, G]),
        (0, True, [S]),
    ],
)
def test_everybody_signs_in_turn(guardians: int, minor_first: bool, parties: list[Role]) -> None:
    states = whole(guardians, minor_first=minor_first)
    assert [each.by for each in states[-1].signatures] == parties
    assert states[-1].yes == MARKED
    for now in states:
        other = G if now.whose_turn is S else S
        with pytest.raises(Refused, match="who answers here"):
            c.stop(now, moment(other))


def test_the_questions_are_put_to_each_party() -> None:
    asked = [(each.by, each.step) for each in whole(2)[-1].acts if each.what is NamedAct.QUESTION]
    assert [by for by, step in asked if step == "questions"] == [G, G, G, G, S, S]


def test_a_minor_alone_waits_for_the_guardian_with_nothing_recorded_as_over() -> None:
    states = whole(1, minor_first=True)
    waiting = next(each for each in states if each.signatures)
    assert (waiting.step, waiting.whose_turn, waiting.page) == (c.Step.LANGUAGE, G, None)


@pytest.mark.parametrize("minor_first", [False, True])
def test_either_no_wins_in_either_order(minor_first: bool) -> None:
    now = next(each for each in whole(1, minor_first=minor_first) if each.turn == 1 and each.step is c.Step.USES)
    at = moment(now.whose_turn)
    now = c.answer(now, OWN, None, at)
    assert [(each.scope, each.turn) for each in now.marks] == [(INITIALED, 0), (REPLICA, 0)]
    again = c.answer(now, OWN, GRANT, at)
    assert c.unmarked(again) == (INITIALED, OWN, REPLICA), "their own no can be changed back until they sign"
    assert (OWN, 0) in {(each.scope, each.turn) for each in again.marks}
    assert list(along(now))[-1].yes == (MARKED[0], INITIALED, REPLICA)
    assert list(along(c.refuse_all(now, at)))[-1].yes == ()


def test_a_later_yes_takes_over_what_was_agreed_and_never_goes_beyond() -> None:
    now = next(each for each in whole(1) if each.turn == 1 and each.step is c.Step.USES)
    wider = replace(GRANT, term=UNTIL_WITHDRAWN)
    narrower = replace(GRANT, territory=Territory(TerritoryKind.COUNTRY, frozenset({Country("DE")})))
    assert c.answer(now, MARKED[0], wider, moment()).choice(MARKED[0]).grant == GRANT
    term = c.go_on(now, moment())
    with pytest.raises(Refused, match="goes beyond"):
        c.answer(term, MARKED[0], wider, moment())
    with pytest.raises(Refused, match="goes beyond"):
        c.answer(term, MARKED[0], narrower, moment())  # nobody said which countries the EEA has
    known = replace(term, eea=frozenset({Country("DE")}))
    assert c.answer(known, MARKED[0], narrower, moment()).choice(MARKED[0]).grant == narrower

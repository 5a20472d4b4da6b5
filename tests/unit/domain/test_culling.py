"""What counts for a shot of what was said of its photos: the stricter word, in whatever order it is read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from safelight.domain.culling import UNCULLED, Culling, Pick, culled, of_shot
from safelight.domain.ids import PhotoGuid
from support.sampling import examples

START = datetime(2026, 5, 4, 9, tzinfo=UTC)
cullings = st.builds(
    Culling,
    st.integers(0, 5),
    st.sampled_from(Pick),
    st.booleans(),
    st.one_of(st.none(), st.integers(0, 99).map(lambda each: START + timedelta(seconds=each))),
)


@settings(max_examples=examples(60, 500))
@given(st.lists(cullings, min_size=1, max_size=4))
def test_a_shot_is_out_when_one_of_its_photos_is(known: list[Culling]) -> None:
    told = of_shot(known)
    assert told.may_leave is all(each.may_leave for each in known)
    assert told.hidden is any(each.hidden for each in known)
    assert all(of_shot(each) == told for each in permutations(known))
    assert of_shot([told, told]) == told and of_shot([*known, UNCULLED]) == told


@settings(max_examples=examples(60, 500))
@given(cullings)
def test_hiding_and_rejecting_are_taken_back_whole(known: Culling) -> None:
    hidden = known.put_in_bin(START)
    assert hidden.hidden and not hidden.may_leave and hidden.put_in_bin(START + timedelta(days=1)) == hidden
    assert hidden.taken_out_of_bin() == known.taken_out_of_bin()
    assert known.marked(Pick.REJECT).marked(known.mark) == known and not known.marked(Pick.REJECT).may_leave


def test_what_stayed_the_same_is_not_in_the_difference() -> None:
    one, other = PhotoGuid("one"), PhotoGuid("other")
    done = culled({one: UNCULLED, other: UNCULLED}, {one: UNCULLED.rated(2), other: UNCULLED})
    assert done.photos == (one,) and dict(done.before) == {one: UNCULLED}

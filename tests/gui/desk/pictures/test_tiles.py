"""One list of shots becomes another: each step does what it says, and shots that stay are never taken out."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from safelight.desk.pictures.tiles import Changed, Inserted, Removed, Reordered, ShotTile, nearest_left, steps_between
from support.sampling import examples

from .conftest import tile, tiles

lists = st.lists(st.integers(0, 12), unique=True, max_size=10)


def applied(old: list[ShotTile], new: list[ShotTile]) -> tuple[list[ShotTile], set[str]]:
    """``old`` after every step, and the shots that were taken out on the way."""
    rows, out = list(old), set()
    for step in steps_between(old, new):
        if isinstance(step, Removed):
            out |= {each.shot for each in rows[step.first : step.last + 1]}
            del rows[step.first : step.last + 1]
        elif isinstance(step, Reordered):
            assert sorted(step.order) == list(range(len(rows)))
            rows = [rows[place] for place in step.order]
        elif isinstance(step, Inserted):
            rows[step.first : step.first] = step.tiles
        else:
            assert [each.shot for each in rows[step.first :]][: len(step.tiles)] == [each.shot for each in step.tiles]
            rows[step.first : step.first + len(step.tiles)] = step.tiles
    return rows, out


@given(old=lists, new=lists, rated=st.sets(st.integers(0, 12)))
@settings(max_examples=examples(150, 5000), deadline=None)
def test_the_steps_lead_from_one_list_to_the_other_and_touch_nothing_that_stays(old, new, rated):
    wanted = [replace(tile(each), rating=3) if each in rated else tile(each) for each in new]
    rows, out = applied(tiles(*old), wanted)
    assert rows == wanted
    assert out == {f"s{each}" for each in set(old) - set(new)}


def test_one_new_frame_is_one_step_and_the_same_list_none():
    assert list(steps_between(tiles(1, 2), tiles(1, 2, 3))) == [Inserted(2, (tile(3),))]
    assert list(steps_between(tiles(1, 2), tiles(1, 2))) == []
    assert list(steps_between(tiles(1, 2, 3), [tile(1), tile(2, rating=5), tile(3)])) == [
        Changed(1, (tile(2, rating=5),))
    ]
    assert list(steps_between(tiles(1, 2, 3, 4), tiles(1, 4))) == [Removed(1, 2)]


@given(old=lists.filter(bool), new=lists, row=st.integers(0, 9))
@settings(max_examples=examples(80, 2000), deadline=None)
def test_the_next_one_takes_over_else_the_one_before(old, new, row):
    row = min(row, len(old) - 1)
    heir = nearest_left(tiles(*old), row, frozenset(f"s{each}" for each in new))
    after = [each for each in old[row:] if each in new]
    before = [each for each in old[:row] if each in new]
    expected = after[0] if after else before[-1] if before else None
    assert heir == (None if expected is None else f"s{expected}")

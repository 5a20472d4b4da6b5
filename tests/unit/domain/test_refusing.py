"""No to everything never takes more acts than yes to everything, whatever is offered and whoever is asked."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from safelight.domain import ceremony as c
from safelight.domain.ids import Language, PhotoGuid, ScopeId
from safelight.domain.scope import Mark
from support.ceremonies import GRANT, PHOTOS, along, moment

RULES = Path(__file__).parents[3] / "resources" / "rules"
ASKED = [each for each in json.loads((RULES / "scopes.json").read_text())["scopes"] if each["kind"] != "notice"]


def alike(scope: dict[str, Any]) -> tuple[str, bool]:
    """Uses with the same mark and of the same sort are asked alike, so that only their number matters."""
    return scope["signature"], scope["ai"]


def offers() -> Iterator[tuple[dict[str, Any], ...]]:
    """One offered set out of every sort of set there is: so many uses of each kind; every other set is like one."""
    kinds = [list(found) for _, found in itertools.groupby(sorted(ASKED, key=alike), key=alike)]
    for numbers in itertools.product(*(range(len(kind) + 1) for kind in kinds)):
        if any(numbers):
            yield tuple(itertools.chain(*(kind[:number] for kind, number in zip(kinds, numbers, strict=True))))


def begun(offered: Sequence[dict[str, Any]], guardians: int, photos: tuple[PhotoGuid, ...], first: bool) -> c.Ceremony:
    return c.begin(
        tuple(ScopeId(each["id"]) for each in offered),
        frozenset(ScopeId(each["id"]) for each in offered if each["ai"]),
        guardians,
        photos,
        {ScopeId(each["id"]): Mark(each["signature"]) for each in offered},
        first,
    )


def refused(now: c.Ceremony) -> c.Ceremony:
    """Everybody says no to everything as soon as they can."""
    while now.step is not c.Step.DONE:
        now = c.refuse_all(c.choose_language(now, Language("en"), moment(now.whose_turn)), moment(now.whose_turn))
        turn = now.turn
        now = next(each for each in along(now) if each.step is c.Step.DONE or each.turn != turn)
    return now


def test_every_sort_of_offer_is_tried() -> None:
    kinds = [len(list(found)) for _, found in itertools.groupby(sorted(ASKED, key=alike), key=alike)]
    assert sum(kinds) == len(ASKED)
    assert {alike(each) for offer in offers() for each in offer} == {alike(each) for each in ASKED}


@pytest.mark.parametrize(("guardians", "first"), [(0, False), (1, False), (1, True), (2, False)])
def test_refusing_everything_never_takes_more_acts(guardians: int, first: bool) -> None:
    # Every offer for one person; with more people each turn is such a walk again, so every seventh will do.
    for offered in itertools.islice(offers(), 0, None, 7 if guardians else 1):
        for photos in ((), PHOTOS):
            now = begun(offered, guardians, photos, first)
            no, yes = refused(now), list(along(now, GRANT))[-1]
            assert (len(no.yes), len(yes.yes)) == (0, len(offered))
            assert len(no.signatures) == len(yes.signatures) == guardians + 1
            assert len(no.acts) < len(yes.acts)
            # The way out does not grow with what is offered: language, no, page, next, signature; then the receipt.
            assert len(no.acts) == 5 * (guardians + 1) + 1

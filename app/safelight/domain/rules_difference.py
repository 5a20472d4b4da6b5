"""What is different between two versions of the rules, in plain words: for whoever decides whether to work by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields

from .jurisdiction import Adequacy, Jurisdictions
from .plurals import counted
from .scope import Catalogue, Mark, Scope

_MARKS = {Mark.NONE: "no mark of its own", Mark.INITIALS: "initials", Mark.OWN: "a signature of its own",
          Mark.PAGE: "its own contract page"}  # fmt: skip
_KEPT = "; what was signed keeps its days"


def differing_uses(before: Catalogue, after: Catalogue) -> tuple[str, ...]:
    """A sentence for each difference between the uses of two versions, in the order they are asked."""
    old, new = ({each.id: each for each in catalogue.scopes} for catalogue in (before, after))
    found = [f"{each}: nobody is asked any more; what was signed about it stays as it is." for each in old.keys() - new]
    found.sort()
    for scope in after.scopes:
        if scope.id not in old:
            found.append(f"{scope.id}: is new; {'people can be asked' if scope.asked else 'people are told'}.")
        else:
            found += _of_scope(old[scope.id], scope)
    for what, one, other in (("modifier", before.modifiers, after.modifiers),
                             ("statement", before.statements, after.statements)):  # fmt: skip
        found += _of_texts(what, one, other)
    if before.groups != after.groups:
        found.append("The headings under which uses are shown are different.")
    return tuple(found)


def _of_scope(old: Scope, new: Scope) -> Iterator[str]:
    said = {
        "kind": f"is {new.kind.value} now ({old.kind.value} before)",
        "basis": f"stands on {new.basis.value} now ({old.basis.value} before)",
        "text": _languages("is asked in other words", old.text, new.text),
        "title": _languages("has another short name", old.title, new.title),
        "dpv": "is described by other public terms",
        "legal_basis": "names another legal basis",
        "mark": f"a yes needs {_MARKS[new.mark]} ({_MARKS[old.mark]} before)",
        "needs_recipient": _yes_no(new.needs_recipient, "whoever relies on a yes must be named"),
        "for_others": _yes_no(new.for_others, "others than the studio rely on a yes"),
        "handed_on": _yes_no(new.handed_on, "pictures can be handed on for it"),
        "needs_validation": _yes_no(new.needs_validation, "a second person has to check a yes before pictures leave"),
        "minors": f"of minors: {new.minors.value} ({old.minors.value} before)",
        "ai": _yes_no(new.ai, "a new yes is put to the person again every year") + _KEPT,
        "max_term_months": f"a new yes lasts {_term(new.max_term_months)} at most ({_term(old.max_term_months)} before)"
        + _KEPT,
        "hard_cap_months": f"a contract page reaches {_term(new.hard_cap_months)} ({_term(old.hard_cap_months)} before)"
        + _KEPT,
        "retention_months": f"pictures are kept {_term(new.retention_months)} ({_term(old.retention_months)} before)",
        "group": "stands under another heading",
        "withdrawal_can": _languages("what taking it back does is told in other words", old.withdrawal_can,
                                     new.withdrawal_can),
        "withdrawal_cannot": _languages("what taking it back cannot do is told in other words",
                                        old.withdrawal_cannot, new.withdrawal_cannot),
    }  # fmt: skip
    for each in fields(Scope):
        if getattr(old, each.name) != getattr(new, each.name):
            yield f"{new.id}: {said.get(each.name, f'{each.name} is different')}."


def _of_texts(what: str, old: Mapping[str, Mapping[str, str]], new: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for each in sorted(old.keys() | new.keys()):
        if each not in new:
            yield f"The {what} '{each}' is gone."
        elif each not in old:
            yield f"The {what} '{each}' is new."
        elif old[each] != new[each]:
            yield _languages(f"The {what} '{each}' is told in other words", old[each], new[each]) + "."


def differing_places(before: Jurisdictions, after: Jurisdictions) -> tuple[str, ...]:
    """A sentence for each place whose law is another one."""
    found = []
    for place in sorted(before.places.keys() | after.places.keys()):
        one, other = before.places.get(place), after.places.get(place)
        if other is None or one is None:
            found.append(f"{place}: is {'new' if one is None else 'no longer listed, so the strictest default holds'}.")
            continue
        for field, words in (("majority", "people come of age at"), ("guardian_under", "a guardian signs below"),
                             ("access_days", "days to answer who asks for their data:")):  # fmt: skip
            was, is_now = getattr(one, field), getattr(other, field)
            if was != is_now:
                found.append(f"{place}: {words} {is_now} ({was} before).")
        if one.all_guardians != other.all_guardians:
            who = "everybody with parental authority" if other.all_guardians else "one guardian"
            found.append(f"{place}: {who} must agree.")
        if one.authority != other.authority:
            found.append(f"{place}: the authority people can complain to is another one, or called otherwise.")
    if before.regions != after.regions:
        found.append("Authorities of regions are different.")
    return tuple(found)


def differing_transfers(before: Adequacy, after: Adequacy) -> tuple[str, ...]:
    """A sentence for each difference in where data may go."""
    found = [f"{each} is a member of the EEA now: a yes for the EEA holds there too." for each in
             sorted(after.eea - before.eea)]  # fmt: skip
    found += [f"{each} is no member of the EEA any more: a yes for the EEA does not hold there." for each in
              sorted(before.eea - after.eea)]  # fmt: skip
    for view in sorted(before.views.keys() | after.views.keys()):
        one, other = (set(each.views.get(view, ())) for each in (before, after))
        for gone in sorted({each.to for each in one - other} | {each.to for each in other - one}):
            found.append(f"Transfers from {view} to {gone}: what covers them is different.")
    return tuple(found)


def _term(months: int | None) -> str:
    return "without end" if months is None else counted(months, "month")


def _yes_no(now: bool, sentence: str) -> str:
    return sentence if now else f"no longer: {sentence}"


def _languages(sentence: str, old: Mapping[str, str], new: Mapping[str, str]) -> str:
    differing = sorted(each for each in old.keys() | new.keys() if old.get(each) != new.get(each))
    return f"{sentence} ({', '.join(differing)})"

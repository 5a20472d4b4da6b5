"""Reads rules that somebody hands in: three files of closed form, and whether what they say can be worked by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import Sha256
from safelight.domain.scope import Scope
from safelight.domain.term import OFFERED_MONTHS

from .countries import is_listed
from .jcs import sha256_hex
from .reading import parse_json, validate
from .rules import LISTS, Rules, lists_bytes, rules_of, shipped_rules
from .vocabulary import compact, is_term_of_rules

_MOST_TOLD = 12


def read_rules(untrusted: Mapping[str, bytes], today: date) -> tuple[Rules, dict[str, Any]]:
    """The rules in the bytes of the three files, by the names of :data:`LISTS`, and the lists as plain values.

    Raises :class:`Malformed` for a file that is not of its schema's form, :class:`Refused` with every reason why nobody
    could work by what they say.
    """
    lists = {}
    for each in LISTS:
        lists[each] = parse_json(untrusted[each], f"{each}.json")
        validate(f"rules-{each}", lists[each], f"{each}.json")
    _refuse(list(_of_ids(lists)))
    rules = rules_of(lists, Sha256(sha256_hex(lists_bytes(lists))))
    _refuse([*_of_uses(rules), *_of_places(rules), *_of_months(rules, today)])
    return rules, lists


def _refuse(faults: list[str]) -> None:
    if faults:
        more = f" And {len(faults) - _MOST_TOLD} more." if len(faults) > _MOST_TOLD else ""
        raise Refused("Nobody can work by these rules: " + " ".join(faults[:_MOST_TOLD]) + more, "Nothing was changed.")


def _of_uses(rules: Rules) -> Iterator[str]:
    for scope in rules.catalogue.scopes:
        for term in scope.dpv:
            if not _is_term(term):
                yield f"{scope.id}: the term {term[:80]} has no place in a record."
        if scope.asked:
            yield from _of_asked(scope)
    if not rules.catalogue.asked():
        yield "Nothing is asked."
    told = [each for each in rules.catalogue.scopes if not each.asked and each.retention_months is not None]
    if len(told) != 1:
        yield "One notice, and no other, says how long pictures are kept after delivery ('retention_default_months')."
    for notice in told:
        if notice.retention_months not in OFFERED_MONTHS:
            yield f"{notice.id}: 'retention_default_months' is what people are told; it is one of {_months()}."


def _of_asked(scope: Scope) -> Iterator[str]:
    if scope.max_term_months is None:
        yield f"{scope.id}: a yes needs a longest term ('max_term_months')."
    elif scope.hard_cap_months is not None and scope.hard_cap_months < scope.max_term_months:
        yield f"{scope.id}: 'hard_cap_months' is below 'max_term_months'."
    elif (scope.cap_months or 0) not in OFFERED_MONTHS or scope.max_term_months not in OFFERED_MONTHS:
        # People choose a term by its name, and there are names in every language for these alone.
        yield f"{scope.id}: the longest term is one of {_months()} months."
    if scope.needs_recipient and not scope.for_others:
        return
    if scope.for_others and not scope.handed_on:
        yield f"{scope.id}: others rely on it, but pictures are never handed on for it."


def _of_ids(lists: Mapping[str, Any]) -> Iterator[str]:
    named = {
        "uses": [each["id"] for each in lists["scopes"]["scopes"]],
        "groups": [each["id"] for each in lists["scopes"]["groups"]],
        "places": [each["id"] for each in lists["jurisdictions"]["jurisdictions"]],
    }
    for what, ids in named.items():
        for id, times in Counter(ids).items():
            if times > 1:
                yield f"Among the {what}, {id} is there {times} times."
    for each in lists["scopes"]["scopes"]:
        if each["group"] not in named["groups"]:
            yield f"{each['id']}: there is no group '{each['group']}'."


def _of_places(rules: Rules) -> Iterator[str]:
    for place in rules.jurisdictions.places:
        if not is_listed(place.partition("-")[0]):
            yield f"{place} is no country."
    # A yes for the EEA would hold in whatever is added here: that is for a program that knows the new member.
    for country in sorted(rules.adequacy.eea - shipped_rules().adequacy.eea):
        yield f"{country} is no member of the EEA that this program knows."


def _of_months(rules: Rules, today: date) -> Iterator[str]:
    for name, month in rules.looked_up().items():
        if date.fromisoformat(f"{month}-01") > today:
            yield f"{name}.json says it was looked up in {month}, which has not come yet."


def _is_term(iri: str) -> bool:
    try:
        return is_term_of_rules(compact(iri))
    except WrongUsage:
        return False


def _months() -> str:
    return ", ".join(map(str, OFFERED_MONTHS))

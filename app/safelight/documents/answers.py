"""Answers written down by somebody else (paper, a form, a script): JSON read to choices, all faults at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from safelight.documents.countries import TERRITORIES, countries_of, read_territory
from safelight.documents.reading import Faults, parse_json, validate
from safelight.domain.choice import (
    Alteration,
    Answer,
    Choice,
    Compensation,
    Exclusion,
    Grant,
    Modifiers,
    ReplicaTerms,
)
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import Country, Language, RecipientId, ScopeId
from safelight.domain.people import Guardian
from safelight.domain.scope import Mark
from safelight.domain.term import ONE_YEAR, UNTIL_WITHDRAWN, Term, TermKind, Territory, TerritoryKind

_MONTHS = re.compile(r"P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?")
_WHAT = "file of answers"


@dataclass(frozen=True, slots=True)
class Answers:
    """What one person answered. A use that ``choices`` does not name was not asked; the names are of people present."""

    language: Language
    choices: tuple[Choice, ...]
    modifiers: Modifiers
    taught_back: bool
    explained_again: int
    guardians: tuple[Guardian, ...]
    witness: str
    interpreter: str
    refused_all: bool = False
    """No to everything: ends earlier yeses also of uses that ``choices`` does not name."""


def read_answers(untrusted: bytes, home: Country, named: Callable[[str], RecipientId | None]) -> Answers:
    """The answers in ``untrusted`` (``safelight-answers/1``, see ``schemas/answers.schema.json``).

    ``home`` is the country a yes holds in unless it says otherwise; ``named`` finds a recipient by id or by name.
    Raises :class:`Malformed` with every fault and its path. Whether the answers may be signed is decided later.
    """
    raw = parse_json(untrusted, _WHAT)
    validate("answers", raw, _WHAT)
    faults = Faults(_WHAT)
    choices = []
    for scope, answer in raw["choices"].items():
        path = f"/choices/{scope}"
        if answer in ("yes", "no"):
            answer = {"answer": answer}
        if answer["answer"] == "no":
            choices.append(Choice(ScopeId(scope)))
            continue
        grant = _grant(answer, home, named, path, faults)
        if grant is not None:
            choices.append(Choice(ScopeId(scope), Answer.YES, grant))
    refused_all = raw.get("no_to_everything", False)
    if refused_all:
        for each in choices:
            if each.answer is Answer.YES:
                faults.add(f"/choices/{each.scope}", "is a yes beside 'no_to_everything'")
    modifiers = _modifiers(raw.get("modifiers", {}), faults)
    faults.raise_any()
    return Answers(
        language=Language(raw.get("language", "en")),
        choices=tuple(choices),
        modifiers=modifiers,
        taught_back=raw.get("taught_back", False),
        explained_again=raw.get("explained_again", 0),
        guardians=tuple(
            Guardian(each["name"], each["relationship"], each.get("contact", ""), each.get("sole", False))
            for each in raw.get("guardians", ())
        ),
        witness=raw.get("witness", ""),
        interpreter=raw.get("interpreter", ""),
        refused_all=refused_all,
    )


def read_term(text: str) -> Term:
    """``P1Y``, ``P18M``, ``2027-05-01`` or ``until-withdrawn``; raises :class:`WrongUsage` otherwise."""
    if text == UNTIL_WITHDRAWN.kind.value:
        return UNTIL_WITHDRAWN
    match = _MONTHS.fullmatch(text)
    if match and any(match.groups()):
        return Term(TermKind.MONTHS, months=12 * int(match[1] or 0) + int(match[2] or 0))
    try:
        return Term(TermKind.UNTIL, until=date.fromisoformat(text))
    except ValueError:
        hint = "Write P1Y, P18M, 2027-05-01 or until-withdrawn."
        raise WrongUsage(f"'{text[:40]}' is not a duration.", hint) from None


def _grant(
    raw: Mapping[str, Any], home: Country, named: Callable[[str], RecipientId | None], path: str, faults: Faults
) -> Grant | None:
    before = faults.count
    term, territory = ONE_YEAR, Territory(TerritoryKind.COUNTRY, frozenset({home}))
    try:
        term = read_term(raw["term"]) if "term" in raw else term
    except WrongUsage as error:
        faults.add(f"{path}/term", error.title)
    try:
        territory = read_territory(raw["territory"]) if "territory" in raw else territory
    except WrongUsage as error:
        faults.add(f"{path}/territory", f"{error.title} {TERRITORIES}")
    recipients = []
    for index, each in enumerate(raw.get("recipients", ())):
        found = named(each)
        if found is None:
            faults.add(f"{path}/recipients/{index}", f"'{each[:60]}' is not among the studio's recipients")
        else:
            recipients.append(found)
    page = raw.get("replica")
    replica = ReplicaTerms(page["uses"], page["pay"], page["represented_by"], page["label"]) if page else None
    if faults.count != before:
        return None
    return Grant(
        term, territory, tuple(recipients), frozenset(raw.get("media", ())), Mark(raw.get("mark", "none")), replica
    )


def _modifiers(raw: Mapping[str, Any], faults: Faults) -> Modifiers:
    abroad: set[Country] = set()
    for index, each in enumerate(raw.get("cross_border", ())):
        try:
            abroad |= countries_of(each)
        except WrongUsage as error:
            faults.add(f"/modifiers/cross_border/{index}", error.title.removesuffix("."))
    # Every context is excluded unless it is allowed by name: "exclusions" can only confirm what holds anyway.
    confirmed = frozenset(Exclusion(each) for each in raw.get("exclusions", ()))
    allowed = frozenset(Exclusion(each) for each in raw.get("allowed_contexts", ()))
    for each in sorted(confirmed & allowed):
        faults.add("/modifiers/allowed_contexts", f"'{each}' is among the exclusions as well")
    paid = raw.get("compensation", {})
    default = Modifiers()
    return Modifiers(
        credit_name=raw.get("credit_name", False),
        cross_border=frozenset(abroad),
        exclusions=default.exclusions - allowed,
        alteration=Alteration(raw.get("alteration", default.alteration.value)),
        compensation=Compensation(paid.get("kind", "none"), paid.get("amount", ""), paid.get("currency", "")),
    )

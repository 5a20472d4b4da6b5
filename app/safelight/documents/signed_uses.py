"""The uses as signed documents tell them: what somebody answered can be read when today's rules no longer know it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from safelight.domain.ids import RecordId, ScopeId
from safelight.domain.scope import Catalogue, Mark, Scope, use_as_signed

from .record_nodes import terms_in
from .vocabulary import expanded, is_term_of_rules

_CONTRACT = "eu-gdpr:A6-1-b-contract-performance"


def uses_as_signed(document: Mapping[str, Any]) -> dict[RecordId, Scope]:
    """Each use answered in a consent document, by its record: the wording, the public terms and the mark."""
    return {
        node["slc:answer"]["id"]: _use(node) for node in document["@graph"] if node["@type"] == "dpv:ConsentRecord"
    }


def worded_as_signed(catalogue: Catalogue, signed: Iterable[Scope]) -> Catalogue:
    """``catalogue`` with the wording and the public terms of ``signed``; a use it does not know becomes a retired one.

    Whoever draws a receipt or writes a policy later says what was said then, not what today's rules would say. Of a use
    that several people signed only the terms hold that all of them were told.
    """
    told: dict[ScopeId, Scope] = {}
    for each in signed:
        first = told.setdefault(each.id, each)
        told[each.id] = replace(first, dpv=tuple(term for term in first.dpv if term in each.dpv))
    known = catalogue.with_retired(told.values())
    return replace(
        known,
        scopes=tuple(_reworded(each, told.get(each.id)) for each in known.scopes),
        retired=tuple(_reworded(each, told.get(each.id)) for each in known.retired),
    )


def _reworded(today: Scope, signed: Scope | None) -> Scope:
    if signed is None:
        return today
    return replace(today, text={**today.text, **{k: v for k, v in signed.text.items() if v != signed.id}},
                   dpv=signed.dpv)  # fmt: skip


def _use(node: Mapping[str, Any]) -> Scope:
    terms, answer = terms_in(node), node["slc:answer"]
    every = (*terms.broader, *terms.processing, *terms.capabilities, *terms.data, *terms.sensitive,
             *terms.legal_basis, *terms.measures)  # fmt: skip
    return use_as_signed(
        ScopeId(answer["scope"]),
        {node["dct:language"]: terms.wording},
        # What every record says of a picture (that it is stored, or shown) is no term of the use.
        tuple(expanded(each) for each in every if is_term_of_rules(each)),
        Mark(answer["grant"]["mark"]) if answer["grant"] else Mark.NONE,
        _CONTRACT in terms.legal_basis,
    )

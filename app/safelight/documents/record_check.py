"""Whether a consent document is of one piece: every node follows from the statement, every digest holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from safelight.domain.days import local_day
from safelight.domain.errors import Refused
from safelight.domain.people import Recipient
from safelight.domain.record import Record

from .plain import from_plain
from .reading import fail, pointer, printable
from .record_nodes import Node, digest, frame, recipient_in, recipient_node, record_in, record_node, terms_in
from .statement import FORMAT, Statement
from .vocabulary import YES, context_sha256, party

_MOST_TOLD = 20


def checked(graph: Sequence[Node], what: str) -> tuple[Statement, list[Record], list[Recipient]]:
    """The statement, records and recipients of a graph that already has the schema's form.

    Raises :class:`Refused` with every field that does not follow from the statement.
    """
    start = "/@graph/0/slc:statement"
    statement = from_plain(Statement, graph[0]["slc:statement"], start, what)
    if statement.format != FORMAT or statement.context != context_sha256("consent"):
        fail(what, start, f"is not {FORMAT} with the context of this document")
    differences: list[str] = []
    expected = {node["@id"]: node for node in frame(statement)}
    records: list[Record] = []
    recipients: list[Recipient] = []
    digests = {each.id: each.sha256 for each in statement.records}
    seen: set[str] = set()
    for index, node in enumerate(graph):
        path = f"/@graph/{index}"
        if node["@id"] in seen:
            differences.append(f"{path} ({node['@id']}) is there twice")
            continue
        seen.add(node["@id"])
        if node["@type"] == "dpv:ConsentRecord":
            record = record_in(node, path, what)
            records.append(record)
            _compare(node, record_node(record, terms_in(node), statement), path, differences)
            if digests.get(record.id) != digest(node):
                differences.append(f"{path} (the record of {record.scope}) is not the one that was signed")
            _sensible(record, statement, path, differences)
        elif node["@id"].startswith("party:"):
            recipient = recipient_in(node)
            recipients.append(recipient)
            _compare(node, recipient_node(recipient, node["slc:salt"]), path, differences)
            if digest(node) not in statement.recipients:
                differences.append(f"{path} (the recipient {printable(recipient.name, 60)}) was not signed like this")
        elif node["@id"] in expected:
            _compare(node, expected[node["@id"]], path, differences)
        else:
            differences.append(f"{path} ({printable(node['@id'], 80)}) does not belong to this receipt")
    differences.extend(f"{identifier} is missing" for identifier in expected if identifier not in seen)
    _check_parties(records, recipients, differences)
    if differences:
        told = "; ".join(differences[1:_MOST_TOLD])
        raise Refused(
            f"The {what} was changed after it was signed: {differences[0]}.",
            "Nothing was taken from it." + (f" Also: {told}." if told else ""),
        )
    return statement, records, recipients


def _sensible(record: Record, statement: Statement, path: str, differences: list[str]) -> None:
    """A yes has its limits and nothing else has any; its day is that of the place: no reader has to guess."""
    ahead = statement.signing.utc_offset_minutes
    there = None if ahead is None else local_day(record.at, ahead)
    on_paper = statement.signing.signed_on
    if on_paper is not None and (there is None or on_paper > there):
        differences.append(f"{path}/slc:answer/day is after the day on which it was entered")
    if record.day != (on_paper or there):
        differences.append(f"{path}/slc:answer/day is not the day at the place of signing")
    if (record.kind in YES) != (record.grant is not None):
        differences.append(f"{path}/slc:answer/grant does not fit '{record.kind.value}'")
    if record.kind not in YES and (record.last_day, record.review_due, record.sleeps_after) != (None, None, None):
        differences.append(f"{path}/slc:answer has an end although it is no yes")


def _check_parties(records: list[Record], recipients: list[Recipient], differences: list[str]) -> None:
    counted = Counter(each.scope for each in records)
    doubled = sorted(scope for scope, times in counted.items() if times > 1)
    differences.extend(f"{scope} is answered twice" for scope in doubled)
    named = {party(each) for record in records if record.grant is not None for each in record.grant.recipients}
    present = {party(each.id) for each in recipients}
    differences.extend(f"{each} is named by a record and not described" for each in sorted(named - present))
    differences.extend(f"{each} is described and named by no record" for each in sorted(present - named))


def _compare(found: Any, expected: Any, path: str, differences: list[str]) -> None:
    """Notes every place where ``found`` is not ``expected``."""
    if found == expected:  # True is 1 and 1.0 to Python, but the schema and the codec have told these apart already
        return
    if isinstance(found, dict) and isinstance(expected, dict):
        for key in sorted(found.keys() | expected.keys()):
            inner = pointer(path, key)
            if key not in expected:
                differences.append(f"{inner} does not belong there")
            elif key not in found:
                differences.append(f"{inner} is missing")
            else:
                _compare(found[key], expected[key], inner, differences)
    elif isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        for index, (one, other) in enumerate(zip(found, expected, strict=True)):
            _compare(one, other, f"{path}/{index}", differences)
    else:
        differences.append(f"{path} is not what was signed")

"""The consent document: nothing is lost, nothing can be changed, nothing undisclosed shows."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safelight.documents.jcs import canonical, sha256_hex
from safelight.documents.record import (
    disclose,
    document_bytes,
    read_document,
    receipt_document,
    statement_of,
)
from safelight.documents.vocabulary import YES, purpose, scope_of_purpose, terms_of
from safelight.domain.choice import Alteration, Compensation, Exclusion, Grant, Modifiers, ReplicaTerms
from safelight.domain.consent import EventKind
from safelight.domain.days import local_day
from safelight.domain.errors import Malformed, Refused, WrongUsage
from safelight.domain.ids import Country, RecipientId, RecordId, ScopeId, SessionId, SubjectId
from safelight.domain.people import Recipient, Role, Studio
from safelight.domain.photo import PhotoMark
from safelight.domain.record import ConsentReceipt, Method, NoticeMark, Record, SignatureKind, Signing
from safelight.domain.scope import Catalogue, Mark
from safelight.domain.term import Term, TermKind, Territory, TerritoryKind

GOLDEN = Path(__file__).with_name("golden") / "record.jsonld"
"""Made with ``golden/scopes.json``, which stands still while the texts a person is asked get better."""


@pytest.fixture(scope="module")
def document(receipt: ConsentReceipt, catalogue: Catalogue) -> dict[str, Any]:
    return receipt_document(receipt, catalogue)


# Nothing is lost --------------------------------------------------------------------------------------------------


def test_the_bytes_are_those_of_version_1(receipt: ConsentReceipt, frozen_catalogue: Catalogue) -> None:
    assert document_bytes(receipt_document(receipt, frozen_catalogue)) == GOLDEN.read_bytes()
    assert read_document(GOLDEN.read_bytes()).receipt == receipt


def test_a_record_in_a_later_status_list_names_it(receipt: ConsentReceipt, catalogue: Catalogue) -> None:
    first, second, *rest = receipt.records
    receipt = replace(receipt, records=(first, replace(second, status_list=12), *rest))
    whole = receipt_document(receipt, catalogue)
    assert read_document(document_bytes(whole)).receipt == receipt
    nodes = [each for each in whole["@graph"] if each["@type"] == "dpv:ConsentRecord"]
    lists = [each["credentialStatus"]["statusListCredential"] for each in nodes]
    assert lists[:2] == [f"urn:uuid:{receipt.studio.id}#status", f"urn:uuid:{receipt.studio.id}#status-12"]
    assert "status_list" not in nodes[0]["slc:answer"] and nodes[1]["slc:answer"]["status_list"] == 12
    for change in (
        lambda node: node["slc:answer"].pop("status_list"),
        lambda node: node["slc:answer"].update(status_list=2),
        lambda node: node["credentialStatus"].update(statusListCredential=lists[0]),
    ):
        altered = copy.deepcopy(whole)
        change(next(each for each in altered["@graph"] if each["@id"] == nodes[1]["@id"]))
        with pytest.raises(Refused):
            read_document(altered)
    for number in (1, 0, 100, -1):
        with pytest.raises(Malformed):
            receipt_document(replace(receipt, records=(replace(first, status_list=number), *rest)), catalogue)


def test_reading_gives_back_the_receipt(receipt: ConsentReceipt, minor: ConsentReceipt, catalogue: Catalogue) -> None:
    for each in (receipt, minor):
        whole = receipt_document(each, catalogue)
        read = read_document(document_bytes(whole))
        assert read.receipt == each
        assert read.statement == statement_of(whole)
        assert set(read.digests) == {record.id for record in each.records}


UUIDS = st.integers(0, 16**12 - 1).map(lambda number: f"00000000-0000-4000-8000-{number:012x}")
HEX = st.integers(0, 16**64 - 1).map(lambda number: f"{number:064x}")
DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
NAME = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
COUNTRY = st.sampled_from(["DE", "FR", "GB", "US", "JP", "XK"])
LANGUAGE = st.sampled_from(["de", "en", "zh-Hans", "ar"])
TERMS = st.one_of(
    st.builds(Term, st.just(TermKind.MONTHS), st.integers(1, 1200)),
    st.builds(Term, st.just(TermKind.UNTIL), st.none(), DAYS),
    st.just(Term(TermKind.WITHDRAWN)),
)
TERRITORIES = st.one_of(
    st.builds(Territory, st.just(TerritoryKind.COUNTRY), st.frozensets(COUNTRY, min_size=1, max_size=1)),
    st.builds(Territory, st.just(TerritoryKind.LISTED), st.frozensets(COUNTRY, min_size=1)),
    st.sampled_from([Territory(TerritoryKind.EEA), Territory(TerritoryKind.WORLDWIDE)]),
)
RECIPIENTS = st.lists(
    st.builds(Recipient, st.text("023456789acdefghjklmnpqrstuvwxyz", min_size=58, max_size=58).map("age1".__add__),
              NAME, COUNTRY, TEXT, NAME),
    max_size=3, unique_by=lambda each: each.id,
)  # fmt: skip
SIGNINGS = st.builds(
    Signing, st.sampled_from(Method), st.sampled_from(SignatureKind), TIMES, TIMES, TEXT, LANGUAGE, HEX, HEX,
    st.sampled_from([(Role.SUBJECT,), (Role.GUARDIAN, Role.SUBJECT), (Role.GUARDIAN, Role.GUARDIAN, Role.SUBJECT)]),
    st.booleans(), st.booleans(), st.booleans(), st.integers(0, 9),
)  # fmt: skip
MODIFIERS = st.builds(
    Modifiers, st.booleans(), st.frozensets(COUNTRY), st.frozensets(st.sampled_from(Exclusion)),
    st.sampled_from(Alteration), st.builds(Compensation, TEXT, TEXT, TEXT),
)  # fmt: skip


@st.composite
def receipts(draw: Callable[[Any], Any], scopes: tuple[str, ...]) -> ConsentReceipt:
    recipients = draw(RECIPIENTS)
    records = []
    for scope in draw(st.lists(st.sampled_from(scopes), min_size=1, max_size=5, unique=True)):
        yes = draw(st.booleans())
        kind = draw(st.sampled_from(sorted(YES if yes else set(EventKind) - YES)))
        relied = tuple(draw(st.permutations([each.id for each in recipients])))[: draw(st.integers(0, 3))]
        page = draw(st.none() | st.builds(ReplicaTerms, TEXT, TEXT, TEXT, TEXT))
        media = draw(st.frozensets(NAME, max_size=2))
        grant = Grant(draw(TERMS), draw(TERRITORIES), relied, media, draw(st.sampled_from(Mark)), page)
        ends: list[Any] = [draw(st.none() | DAYS) if yes else None for _ in range(3)]
        records.append(Record(draw(UUIDS), scope, kind, draw(TIMES), grant if yes else None, ends[0], ends[1], ends[2],
                              draw(st.integers(0, 131071)), draw(HEX)[:32]))  # fmt: skip
    named = {each for record in records if record.grant for each in record.grant.recipients}
    marks = st.builds(PhotoMark, UUIDS, st.sampled_from(["jpeg-scans", "file"]), HEX, st.just("image/x-canon-cr2"))
    made = ConsentReceipt(
        draw(UUIDS), draw(TIMES), draw(st.builds(Studio, UUIDS, NAME, COUNTRY, TEXT, TEXT)), draw(UUIDS), draw(UUIDS),
        draw(COUNTRY), draw(LANGUAGE), draw(st.builds(NoticeMark, UUIDS, NAME, LANGUAGE, HEX)),
        tuple(each for each in recipients if each.id in named), tuple(records), draw(MODIFIERS), draw(SIGNINGS),
        draw(st.lists(marks, max_size=3).map(tuple)), draw(TEXT), draw(TEXT), draw(NAME), draw(st.booleans()),
        draw(st.none() | DAYS), draw(st.none() | UUIDS),
    )  # fmt: skip
    ids = [made.id, made.studio.id, made.subject, *(each.id for each in records), *(each.guid for each in made.photos)]
    return made if len(set(ids)) == len(ids) else draw(st.nothing())


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.data())
def test_any_receipt_is_read_back_and_any_part_of_it_verifies(catalogue: Catalogue, data: st.DataObject) -> None:
    receipt = data.draw(receipts(catalogue.asked_ids()))
    whole = receipt_document(receipt, catalogue)
    assert read_document(document_bytes(whole)).receipt == receipt
    kept = data.draw(st.sets(st.sampled_from([each.scope for each in receipt.records])))
    part = read_document(document_bytes(disclose(whole, kept)))
    records = tuple(each for each in receipt.records if each.scope in kept)
    named = {each for record in records if record.grant for each in record.grant.recipients}
    recipients = tuple(each for each in receipt.recipients if each.id in named)
    assert part.receipt == replace(receipt, records=records, recipients=recipients)
    assert part.statement == statement_of(whole)


# Nothing undisclosed shows ----------------------------------------------------------------------------------------


def test_what_is_not_disclosed_leaves_no_trace(
    receipt: ConsentReceipt, document: dict[str, Any], catalogue: Catalogue
) -> None:
    for kept in ({"use.portfolio"}, {"use.social", "use.stock"}, set()):
        text = document_bytes(disclose(document, set(map(ScopeId, kept)))).decode()
        for record in receipt.records:
            if record.scope in kept:
                continue
            terms = terms_of(catalogue.scope(record.scope), receipt.language)
            for trace in (record.scope, purpose(record.scope), record.salt, str(record.status_index), terms.wording):
                assert trace not in text
        named = {each for record in receipt.records if record.scope in kept and record.grant
                 for each in record.grant.recipients}  # fmt: skip
        for recipient in receipt.recipients:
            assert (recipient.id in text) == (recipient.name in text) == (recipient.id in named)


def test_the_order_of_digests_tells_nothing(receipt: ConsentReceipt, catalogue: Catalogue) -> None:
    turned = replace(receipt, records=receipt.records[::-1], recipients=receipt.recipients[::-1])
    whole = receipt_document(turned, catalogue)
    assert read_document(whole).receipt == turned
    statement = whole["@graph"][0]["slc:statement"]
    assert [each["id"] for each in statement["records"]] == sorted(each["id"] for each in statement["records"])
    assert statement["recipients"] == sorted(statement["recipients"])


def test_a_digest_of_an_undisclosed_recipient_cannot_be_tried_out(document: dict[str, Any]) -> None:
    """With every public fact about Globex and all records but one, the salt is still missing."""
    node = next(each for each in document["@graph"] if each.get("dpv:hasName") == "Globex Stock")
    unsalted = {key: value for key, value in node.items() if key != "slc:salt"}
    disclosed = disclose(document, {ScopeId("use.portfolio")})
    digests = disclosed["@graph"][0]["slc:statement"]["recipients"]
    assert sha256_hex(canonical(node)) in digests
    assert sha256_hex(canonical(unsalted)) not in digests
    assert node["slc:salt"] not in document_bytes(disclosed).decode()


def test_disclosing_can_be_narrowed_to_records(receipt: ConsentReceipt, document: dict[str, Any]) -> None:
    first, second = receipt.records[:2]
    part = read_document(disclose(document, {first.scope, second.scope, ScopeId("use.directory")}, {second.id}))
    assert part.receipt.records == (second,)


# Nothing can be changed -------------------------------------------------------------------------------------------


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
        if not value:
            yield path
    else:
        yield path


def containers(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        yield path
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from containers(inner, (*path, key))


def at(document: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


def changed(value: Any) -> Any:
    """Another value of the same shape, as plausible as can be, so that the schema alone does not catch it."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if value is None:
        return "2030-01-01"
    if isinstance(value, list):
        return ["US"]
    digits = list(re.finditer(r"[0-9]", value))
    if digits:
        last = digits[-1].start()
        return value[:last] + str((int(value[last]) + 1) % 10) + value[last + 1 :]
    return value[:-1] + ("a" if value[-1:] != "a" else "b")


def refusal(document: dict[str, Any]) -> str:
    with pytest.raises((Malformed, Refused)) as caught:
        read_document(document)
    assert not isinstance(caught.value, Malformed) or caught.value.faults
    return f"{caught.value} {getattr(caught.value, 'faults', '')}"


@pytest.mark.parametrize("which", ["receipt", "minor"])
def test_every_changed_field_is_noticed_and_named(
    which: str, request: pytest.FixtureRequest, catalogue: Catalogue
) -> None:
    whole = receipt_document(request.getfixturevalue(which), catalogue)
    document = disclose(whole, {ScopeId("use.portfolio"), ScopeId("use.advertising")})
    read_document(document)
    everything = list(leaves(document["@graph"], ("@graph",)))
    assert len(everything) > 250
    for path in everything:
        spoiled = copy.deepcopy(document)
        at(spoiled, path[:-1])[path[-1]] = changed(at(document, path))
        assert f"/@graph/{path[1]}" in refusal(spoiled), path
    for path in leaves(document["@context"], ("@context",)):
        spoiled = copy.deepcopy(document)
        at(spoiled, path[:-1])[path[-1]] = changed(at(document, path))
        assert "@context" in refusal(spoiled), path


def test_every_field_left_out_or_added_is_noticed(document: dict[str, Any]) -> None:
    document = disclose(document, {ScopeId("use.advertising")})
    for path in containers(document["@graph"], ("@graph",)):
        inner = at(document, path)
        for key in list(inner) if isinstance(inner, dict) else range(len(inner)):
            spoiled = copy.deepcopy(document)
            del at(spoiled, path)[key]
            refusal(spoiled)
        spoiled = copy.deepcopy(document)
        if isinstance(inner, dict):
            at(spoiled, path)["note"] = "x"
        else:
            at(spoiled, path).append(copy.deepcopy(inner[0]) if inner else "urn:uuid:x")
        refusal(spoiled)


def test_a_forgery_that_fits_everywhere_changes_what_was_signed(
    receipt: ConsentReceipt, catalogue: Catalogue, document: dict[str, Any]
) -> None:
    forged = receipt_document(replace(receipt, subject=SubjectId(receipt.session)), catalogue)
    read_document(forged)
    assert statement_of(forged) != statement_of(document)


def test_a_record_of_another_receipt_does_not_fit(
    receipt: ConsentReceipt, catalogue: Catalogue, document: dict[str, Any]
) -> None:
    records = (replace(receipt.records[0], last_day=date(2040, 1, 1)), *receipt.records[1:])
    longer = receipt_document(replace(receipt, records=records), catalogue)
    mixed = copy.deepcopy(document)
    mixed["@graph"][1] = longer["@graph"][1]
    assert "use.portfolio) is not the one that was signed" in refusal(mixed)


def test_a_yes_without_limits_is_not_believed_even_when_signed(receipt: ConsentReceipt, catalogue: Catalogue) -> None:
    record = replace(receipt.records[0], grant=None)
    odd = receipt_document(replace(receipt, records=(record, *receipt.records[1:])), catalogue)
    assert "grant does not fit 'given'" in refusal(odd)
    record = replace(receipt.records[5], last_day=date(2030, 1, 1))
    odd = receipt_document(replace(receipt, records=(*receipt.records[:5], record)), catalogue)
    assert "has an end although it is no yes" in refusal(odd)


@pytest.mark.parametrize("ahead", [None, -480, 840])
def test_the_day_of_a_record_is_that_of_the_place(
    receipt: ConsentReceipt, catalogue: Catalogue, ahead: int | None
) -> None:
    """A yes dated otherwise would begin, end and be reviewed on other days than the person was told."""
    zone = None if ahead is None else "Etc/UTC"
    signing = replace(receipt.signing, zone=zone, utc_offset_minutes=ahead)
    there = None if ahead is None else local_day(receipt.records[0].at, ahead)
    for day in {there, *((there + timedelta(days=each)) for each in (-1, 1) if there), None, date(2026, 11, 22)}:
        records = tuple(replace(each, day=day) for each in receipt.records)
        made = receipt_document(replace(receipt, signing=signing, records=records), catalogue)
        if day == there:
            assert read_document(made).receipt.records[0].day == day
        else:
            assert "day is not the day at the place of signing" in refusal(made)


def signed_anew(document: dict[str, Any]) -> dict[str, Any]:
    """``document`` as a studio would have to leave it that lies with its own key: all digests fit again."""
    first, *others = document["@graph"]
    statement = first["slc:statement"]
    digests = {each["slc:answer"]["id"]: sha256_hex(canonical(each)) for each in others if "slc:answer" in each}
    for entry in statement["records"]:
        entry["sha256"] = digests.get(entry["id"], entry["sha256"])
    first["slc:statementSha256"] = sha256_hex(canonical(statement))
    return document


def test_public_words_that_say_otherwise_are_not_believed_even_when_signed(document: dict[str, Any]) -> None:
    read_document(signed_anew(copy.deepcopy(document)))
    # What the rules, not the answer, say of a use may differ from version to version.
    free = {"skos:broader", "dct:description", "dpv:hasProcessing", "dpv:hasLegalBasis"}
    judged = [path for path in leaves(document["@graph"][2], ("@graph", 2)) if not free & {*path}]
    for path in judged:
        if path[2] not in ("slc:answer", "@id"):
            lying = copy.deepcopy(document)
            at(lying, path[:-1])[path[-1]] = changed(at(document, path))
            assert f"/{path[2]}" in refusal(signed_anew(lying)), path
    assert len(judged) > 50


def test_a_statement_for_another_context_is_not_believed_even_when_signed(document: dict[str, Any]) -> None:
    for key, value in (("context", "00" * 32), ("format", "safelight-receipt/2")):
        other = copy.deepcopy(document)
        other["@graph"][0]["slc:statement"][key] = value
        assert "slc:statement" in refusal(signed_anew(other))


def test_a_use_answered_twice_is_not_believed(receipt: ConsentReceipt, catalogue: Catalogue) -> None:
    again = replace(receipt.records[0], id=RecordId(receipt.session))
    odd = receipt_document(replace(receipt, records=(*receipt.records, again)), catalogue)
    assert "use.portfolio is answered twice" in refusal(odd)


def test_an_unknown_context_is_refused(document: dict[str, Any]) -> None:
    assert "@context" in refusal({**document, "@context": "https://w3id.org/safelight/context/v2"})
    swapped = {**document["@context"], "dpv": "https://evil.example/dpv#"}
    assert "@context" in refusal({**document, "@context": swapped})


# Writing --------------------------------------------------------------------------------------------------------


def test_a_receipt_names_exactly_the_recipients_it_relies_on(receipt: ConsentReceipt, catalogue: Catalogue) -> None:
    extra = replace(receipt.recipients[0], id=RecipientId("age1" + "x" * 58))
    for recipients in (receipt.recipients[:1], (*receipt.recipients, extra), receipt.recipients * 2):
        with pytest.raises(WrongUsage):
            receipt_document(replace(receipt, recipients=recipients), catalogue)


def test_fewer_records_than_were_offered_or_none_at_all_can_be_read(
    receipt: ConsentReceipt, catalogue: Catalogue
) -> None:
    for records in (receipt.records[:1], ()):
        named = {each for one in records if one.grant for each in one.grant.recipients}
        few = replace(
            receipt, records=records, recipients=tuple(each for each in receipt.recipients if each.id in named)
        )
        told = replace(few, not_asked=(receipt.records[-1].scope,))
        document = receipt_document(told, catalogue)
        assert read_document(document).receipt == few, "what was not asked is told to nobody else"


def test_a_value_that_does_not_fit_the_schema_is_not_written(receipt: ConsentReceipt, catalogue: Catalogue) -> None:
    with pytest.raises(Malformed) as caught:
        receipt_document(replace(receipt, session=SessionId("Tuesday"), country=Country("Germany")), catalogue)
    text = " ".join(caught.value.faults)
    assert "/@graph/0/slc:statement/session" in text and "/@graph/0/slc:statement/country" in text


def test_writing_twice_gives_the_same_bytes_and_shares_nothing(
    receipt: ConsentReceipt, catalogue: Catalogue, document: dict[str, Any]
) -> None:
    again = receipt_document(receipt, catalogue)
    assert document_bytes(again) == document_bytes(document)
    again["@context"]["dpv"] = "changed"
    assert document_bytes(receipt_document(receipt, catalogue)) == document_bytes(document)


def test_every_use_has_a_purpose_that_leads_back(catalogue: Catalogue) -> None:
    for scope in catalogue.asked():
        assert scope_of_purpose(purpose(scope.id)) == scope.id


@given(st.binary(max_size=300))
def test_arbitrary_bytes_raise_nothing_unexpected(untrusted: bytes) -> None:
    with pytest.raises((Malformed, Refused)):
        read_document(untrusted)


@pytest.mark.parametrize("untrusted", [b"[]", b"null", b"{}", b'{"@context":1,"@graph":[]}'])
def test_other_json_is_refused(untrusted: bytes, document: dict[str, Any]) -> None:
    with pytest.raises((Malformed, Refused)):
        read_document(untrusted)
    graph: Any
    for graph in ([], [1], {}, [document["@graph"][1]], [document["@graph"][0], {"@id": "x", "@type": "y"}]):
        assert "/@graph" in refusal({**document, "@graph": graph})

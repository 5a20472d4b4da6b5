"""Our documents as an RDF parser we did not write reads them: every public term exists, the shapes hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from rdflib import RDF, RDFS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAM, OWL, SKOS

from safelight.documents import vocabulary
from safelight.documents.policy import policy_document
from safelight.documents.record import disclose, document_bytes, receipt_document
from safelight.domain.consent import EventKind
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import Language, RecordId, ScopeId
from safelight.domain.record import ConsentReceipt
from safelight.domain.scope import Catalogue
from safelight.domain.term import Territory, TerritoryKind
from safelight.settings import resources

# rdflib's own JSON-LD parser and pyshacl use what rdflib has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib", "ignore::DeprecationWarning:pyshacl")

CUT = Path(__file__).parents[2] / "assets" / "vocabulary" / "dpv-2.3-subset.ttl"
DPV, AI, SLC = (Namespace(f"https://w3id.org/{name}#") for name in ("dpv", "dpv/ai", "safelight/consent"))
ODRL = Namespace("http://www.w3.org/ns/odrl/2/")
DCT = Namespace("http://purl.org/dc/terms/")
PARTS = ("", "/pd", "/ai", "/loc", "/legal/eu/gdpr")
CHECKED = (*(f"https://w3id.org/dpv{part}#" for part in PARTS), str(ODRL), str(SLC))
STATUS = URIRef("http://www.w3.org/2003/06/sw-vocab-status/ns#term_status")


def read(document: Any) -> Graph:
    return Graph().parse(data=json.dumps(document), format="json-ld")


@pytest.fixture(scope="module")
def public() -> Graph:
    return Graph().parse(CUT, format="turtle")


@pytest.fixture(scope="module")
def known(public: Graph) -> Graph:
    return public + Graph().parse(data=resources.read_bytes("vocabulary/profile.ttl"), format="turtle")


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return Graph().parse(data=resources.read_bytes("vocabulary/shapes.ttl"), format="turtle")


@pytest.fixture(scope="module")
def record(receipt: ConsentReceipt, minor: ConsentReceipt, catalogue: Catalogue) -> Graph:
    """Every use, every status and both kinds of subject at once."""
    kinds = list(EventKind)
    everything = []
    for index, scope in enumerate(catalogue.asked()):
        kind = kinds[index % len(kinds)]
        yes = kind in vocabulary.YES
        shaped = replace(receipt.records[index % 5 if yes else 5], scope=scope.id, kind=kind)
        grant = receipt.records[1].grant if yes else None
        everything.append(replace(shaped, id=RecordId(f"{receipt.id[:-3]}{700 + index}"), grant=grant))
    recipients = tuple(each for each in receipt.recipients if each.name.startswith("Acme"))
    whole = replace(receipt, records=tuple(everything), recipients=recipients)
    return read(receipt_document(whole, catalogue)) + read(receipt_document(minor, catalogue))


@pytest.fixture(scope="module")
def policies(receipt: ConsentReceipt, minor: ConsentReceipt, catalogue: Catalogue) -> Graph:
    acme, globex = receipt.recipients[1], receipt.recipients[0]
    photo = receipt.photos[0].guid
    return (
        read(policy_document(photo, [receipt, minor], [ScopeId("use.advertising")], acme, catalogue))
        + read(policy_document(photo, [receipt], [ScopeId("use.stock")], globex, catalogue))
        + read(policy_document(receipt.photos[1].guid, [receipt], [], acme, catalogue))
    )


def terms(graph: Graph) -> Iterator[URIRef]:
    for _, predicate, value in graph:
        for each in (predicate, value):
            if isinstance(each, URIRef) and str(each).startswith(CHECKED):
                yield each


@pytest.mark.parametrize("which", ["record", "policies"])
def test_every_term_exists_and_none_is_on_its_way_out(
    which: str, known: Graph, request: pytest.FixtureRequest
) -> None:
    graph = request.getfixturevalue(which)
    used = set(terms(graph))
    assert len(used) > (90 if which == "record" else 35)
    assert {each for each in used if (each, RDF.type, None) not in known} == set()
    assert {each for each in used if known.value(each, STATUS) is not None} == set()
    assert {each for each in used if (each, OWL.deprecated, None) in known} == set()
    properties = {each for each in graph.predicates() if str(each).startswith(CHECKED)}
    assert {each for each in properties if (each, RDF.type, RDF.Property) not in known} == set()


def test_values_lie_in_the_range_dpv_gives_its_properties(record: Graph, known: Graph) -> None:
    everything = record + known

    def above(node: Any) -> set[Any]:
        seen: set[Any] = set()
        queue = [node]
        while queue:
            each = queue.pop()
            if each not in seen:
                seen.add(each)
                for predicate in (SKOS.broader, RDF.type, RDFS.subClassOf):
                    queue.extend(everything.objects(each, predicate))
        return seen

    judged = 0
    for subject, predicate, value in record:
        wanted = set(known.objects(predicate, DCAM.rangeIncludes))
        if wanted:
            judged += 1
            assert not isinstance(value, Literal), (predicate, value)
            assert above(value) & wanted, (subject, predicate, value)
    assert judged > 300


def test_nothing_is_dropped_by_the_parser(receipt: ConsentReceipt, catalogue: Catalogue, record: Graph) -> None:
    """A key that is not in the context vanishes without a word: count that every key became a statement."""
    document = receipt_document(receipt, catalogue)

    def keys(value: Any, context: bool = True) -> Iterator[str]:
        if isinstance(value, dict):
            for key, inner in value.items():
                yield key
                if key not in ("slc:statement", "slc:answer"):
                    yield from keys(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from keys(inner)

    graph = read(document)
    written = {key for key in keys(document["@graph"]) if not key.startswith("@")}
    prefixes = document["@context"]

    def expanded(key: str) -> str:
        entry = prefixes.get(key, key)
        iri = entry if isinstance(entry, str) else entry["@id"]
        prefix, name = iri.split(":", 1)
        return str(prefixes.get(prefix, prefix + ":")) + name

    assert {expanded(key) for key in written} == {str(each) for each in graph.predicates()} - {str(RDF.type)}


def test_the_answers_travel_as_json_literals(receipt: ConsentReceipt, catalogue: Catalogue) -> None:
    document = receipt_document(receipt, catalogue)
    graph = read(document)
    statement = graph.value(URIRef(f"urn:uuid:{receipt.id}"), SLC.statement)
    assert isinstance(statement, Literal) and statement.datatype == RDF.JSON
    assert json.loads(str(statement)) == document["@graph"][0]["slc:statement"]


def shacl(graph: Graph, shapes: Graph) -> bool:
    conforms, _, _ = pyshacl.validate(graph, shacl_graph=shapes)
    return bool(conforms)


def test_the_shapes_hold(
    record: Graph, policies: Graph, shapes: Graph, receipt: ConsentReceipt, catalogue: Catalogue
) -> None:
    conforms, _, report = pyshacl.validate(record + policies, shacl_graph=shapes)
    assert conforms, report
    document = disclose(receipt_document(receipt, catalogue), {ScopeId("use.portfolio")})
    assert shacl(read(json.loads(document_bytes(document))), shapes)


NEEDED = [
    DPV.hasNotice, DPV.hasDataSubject, DPV.hasProcess, DPV.hasConsentStatus, DPV.hasRight, DPV.hasConsentControl,
    DPV.hasJurisdiction, DPV.hasLegalBasis, DPV.hasPurpose, DPV.hasPersonalData, DPV.hasRecipient,
    DPV.hasStorageCondition, DPV.hasDuration, DPV.isIndicatedAtTime, DPV.isIndicatedBy, DPV.hasDataController,
    DCT.identifier, DCT.language, DCT.conformsTo, SLC.statement, SLC.answer,
]  # fmt: skip


@pytest.mark.parametrize("gone", NEEDED, ids=lambda each: str(each).rpartition("#")[2] or str(each))
def test_a_record_without_a_mandatory_field_breaks_the_shapes(
    gone: URIRef, receipt: ConsentReceipt, catalogue: Catalogue, shapes: Graph
) -> None:
    graph = read(disclose(receipt_document(receipt, catalogue), {ScopeId("use.portfolio")}))
    assert (None, gone, None) in graph
    graph.remove((None, gone, None))
    assert not shacl(graph, shapes)


def test_a_policy_that_is_not_atomic_breaks_the_shapes(
    receipt: ConsentReceipt, catalogue: Catalogue, shapes: Graph
) -> None:
    def fresh() -> tuple[Graph, Any]:
        graph = read(
            policy_document(
                receipt.photos[0].guid, [receipt], [ScopeId("use.advertising")], receipt.recipients[1], catalogue
            )
        )
        return graph, next(graph.objects(None, ODRL.permission))

    graph, rule = fresh()
    assert shacl(graph, shapes)
    for predicate, value in (
        (ODRL.action, ODRL.modify),
        (ODRL.assigner, URIRef("urn:uuid:x")),
        (ODRL.constraint, BNode()),
    ):
        graph, rule = fresh()
        graph.add((rule, predicate, value))
        assert not shacl(graph, shapes), predicate
    for predicate in (ODRL.action, ODRL.target, ODRL.assigner, ODRL.assignee, ODRL.constraint):
        graph, rule = fresh()
        graph.remove((rule, predicate, None))
        assert not shacl(graph, shapes), predicate
    graph, _ = fresh()
    graph.remove((None, ODRL.conflict, None))
    assert not shacl(graph, shapes)


# The tables in the code, against the ontology ---------------------------------------------------------------------


KIND = {
    "PURPOSE": DPV.Purpose,
    "PROCESSING": DPV.Processing,
    "CAPABILITY": DPV.Capability,
    "SENSITIVE": DPV.SpecialCategoryPersonalData,
    "BASIS": DPV.LegalBasis,
    "MEASURE": DPV.OrganisationalMeasure,
}


def test_each_term_of_the_rules_is_put_where_the_ontology_has_it(public: Graph) -> None:
    prefixes = vocabulary.context("consent")
    for term, part in vocabulary._PART_OF.items():
        prefix, _, name = term.partition(":")
        types = set(public.objects(URIRef(prefixes[prefix] + name), RDF.type))
        if part.name == "DATA":
            assert types and types.isdisjoint(KIND.values())
        else:
            kinds = {str(each).rpartition("#")[2] for each in types}
            assert str(KIND[part.name]).rpartition("#")[2] in kinds, term


def test_the_profile_says_the_same_as_the_rules(known: Graph, catalogue: Catalogue) -> None:
    for scope in catalogue.asked():
        term = SLC[vocabulary.purpose(scope.id).removeprefix("slc:")]
        broader = {vocabulary.compact(str(each)) for each in known.objects(term, SKOS.broader)}
        assert broader == set(vocabulary.terms_of(scope, Language("en")).broader) != set(), scope.id
        assert known.value(term, SKOS.notation) == Literal(scope.id)


def test_a_term_with_no_place_in_a_record_is_refused(catalogue: Catalogue) -> None:
    scope = replace(catalogue.asked()[0], dpv=("https://w3id.org/dpv#Recipient",))
    with pytest.raises(WrongUsage):
        vocabulary.terms_of(scope, Language("en"))
    with pytest.raises(WrongUsage):
        vocabulary.compact("https://schema.org/Person")


def test_every_country_is_a_place_of_dpv(public: Graph) -> None:
    raw = resources.read_json("rules/adequacy.json")
    countries = {*raw["eea_members"], "US", "JP", "IN", "BR", "ZA", "AU"}
    loc = Namespace("https://w3id.org/dpv/loc#")
    for country in countries:
        assert vocabulary.place(country) == f"loc:{country}"
        assert (loc[country], RDF.type, None) in public
    assert vocabulary.places(Territory(TerritoryKind.EEA)) == ("loc:EEA",)
    assert vocabulary.places(Territory(TerritoryKind.WORLDWIDE)) is None

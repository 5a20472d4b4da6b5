"""What is told of a document that is not of its schema's form: in plain words, and never more work than it is worth."""

from __future__ import annotations

import copy
import json
import random
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema_rs
import pytest

from safelight.documents.acknowledgements import read_ack
from safelight.documents.answers import read_answers
from safelight.documents.feed import read_feed
from safelight.documents.identity_cards import read_card
from safelight.documents.journal_stretch import read_stretch
from safelight.documents.manifest import MAX_JSON, read_manifest
from safelight.documents.policy import policy_document, read_policy
from safelight.documents.reading import MOST_FAULTS, parse_json, validate
from safelight.documents.record import read_document, receipt_document
from safelight.documents.schema_faults import RULES, faults_of
from safelight.documents.status import read_status_list, status_list
from safelight.documents.status_file import read_status_file
from safelight.documents.withdrawal_notices import read_notice
from safelight.domain.errors import Malformed
from safelight.domain.ids import Country, ScopeId, StudioId
from safelight.domain.record import ConsentReceipt
from safelight.domain.scope import Catalogue
from safelight.settings import resources

START = datetime(2026, 11, 22, tzinfo=UTC)
SCHEMAS = (
    "ack", "answers", "card", "consent-receipt", "feed", "journal", "manifest", "notice", "policy", "status-file",
    "status-list",
)  # fmt: skip
SHA, AGE = "5e" * 32, "age1" + "q" * 58
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + "A" * 43
PRINT = "SHA256:" + "A" * 43
LIBRARY_WORDS = ("oneOf", "anyOf", "allOf", "enum", "schema", "propert", "instance", "this ", "None", "True", "{", "'")


def uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def member(path: str, role: str, media_type: str) -> dict[str, Any]:
    return {"path": path, "size": 10, "sha256": SHA, "media_type": media_type, "role": role}


def manifest(photos: int = 1) -> dict[str, Any]:
    return {
        "format": "safelight-bundle/1", "id": uuid(1), "sequence": 1, "created_at": "2026-11-22T09:30:12Z",
        "studio": {"id": uuid(2), "name": "Studio", "country": "DE", "contact": "a@b.example", "ssh_public_key": KEY,
                   "fingerprint": PRINT, "former_keys": []},
        "recipient": {"id": AGE, "fingerprint": PRINT, "name": "Agency", "country": "FR"},
        "uses": ["use.directory"], "territory": {"kind": "country", "countries": ["FR"]}, "names_included": False,
        "journal_head": SHA, "rules": "2026-11",
        "photos": [
            {"guid": uuid(n), "path": f"photos/{uuid(n)}.jpg", "media_type": "image/jpeg",
             "image_hash_kind": "jpeg-scans", "image_sha256": SHA, "subjects": [f"urn:uuid:{uuid(3)}"],
             "receipts": [uuid(4)], "records": [uuid(5)], "policy": f"policies/{uuid(n)}.jsonld", "sidecars": []}
            for n in range(photos)
        ],
        "members": [
            member("README.txt", "readme", "text/plain"), member("status/list.json", "status", "application/vc"),
            *(member(f"photos/{uuid(n)}.jpg", "photo", "image/jpeg") for n in range(photos)),
        ],
    }  # fmt: skip


@pytest.fixture(scope="module")
def valid(receipt: ConsentReceipt, catalogue: Catalogue) -> dict[str, dict[str, Any]]:
    """One valid document of each kind, by its schema."""
    acme = receipt.recipients[1]
    signature = "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n"
    photo = {"guid": uuid(8), "image_hash_kind": "jpeg-scans", "image_sha256": SHA, "members": [SHA]}
    item = {"record": uuid(5), "receipt": uuid(4), "scope": "use.directory", "status_index": 7, "ended": "withdrawn",
            "since": "2026-11-22T09:30:12Z", "asked": ["stop"], "photos": [photo]}  # fmt: skip
    reaction = {"record": uuid(5), "photo": uuid(8), "reply": "kept", "at": "2026-11-22T09:30:12Z", "why": "printed"}
    use = {"photo": uuid(8), "kind": "print", "name": "spring", "reply": "kept", "at": "2026-11-22T09:30:12Z",
           "why": "printed"}  # fmt: skip
    state = {"photo": photo, "state": "withheld", "why": "struck-out", "since": "2026-11-22T09:30:12Z", "asked": []}
    stamps = {"studio": uuid(2), "recipient": AGE, "issued_at": "2026-11-22T09:30:12Z"}
    return {
        "manifest": manifest(2),
        "consent-receipt": receipt_document(receipt, catalogue),
        "policy": policy_document(receipt.photos[0].guid, [receipt], [ScopeId("use.advertising")], acme, catalogue),
        "status-list": status_list([5], StudioId(uuid(2)), START, START + timedelta(days=30)),
        "status-file": {"format": "safelight-status/1", "list": "AAAA", "signature": signature},
        "journal": {"format": "safelight-journal/1", "studio": uuid(2), "from": {"number": 1, "hash": SHA},
                    "to": {"number": 3, "hash": SHA}, "signed": {"rows": SHA, "signature": signature},
                    "entries": [{"number": 2, "hash": SHA, "text": f"ab\n{SHA}", "before": 128, "state": SHA},
                                {"number": 3, "hash": SHA, "text": f"3\n\n\n\n\n{SHA}"}]},
        "card": {"format": "safelight-card/1", "kind": "agency", "id": uuid(2), "name": "A", "country": "FR",
                 "contact": "c", "address": "", "ssh_public_key": KEY, "issued_at": "2026-11-22T09:30:12Z",
                 "recipient": AGE, "signature": signature},
        "notice": {"format": "safelight-notice/1", "id": uuid(1), "number": 1, "previous": None, "due": "2026-12-22",
                   "items": [item], "photos": [state], **stamps},
        "ack": {"format": "safelight-ack/1", "id": uuid(1), "number": 1, "notices": [{"number": 1, "sha256": SHA}],
                "reactions": [reaction], "uses": [use], **stamps},
        "feed": {"format": "safelight-feed/1", "studio": uuid(2), "number": 4, "issued_at": "2026-11-22T09:30:12Z",
                 "valid_until": "2026-12-22T09:30:12Z", "lists": [{"number": 1, "sha256": SHA}],
                 "recipients": [{"fingerprint": SHA, "notices": 1, "last": SHA}]},
        "answers": {"format": "safelight-answers/1", "language": "de",
                    "choices": {"use.editorial": "yes", "use.directory": {"answer": "yes", "territory": ["DE", "FR"]}},
                    "modifiers": {"exclusions": ["dating"], "compensation": {"kind": "fee"}},
                    "guardians": [{"name": "G", "relationship": "mother"}]},
    }  # fmt: skip


READERS: dict[str, Callable[[bytes], object]] = {
    "manifest": read_manifest,
    "consent-receipt": read_document,
    "policy": read_policy,
    "status-list": read_status_list,
    "card": read_card,
    "journal": read_stretch,
    "status-file": read_status_file,
    "notice": read_notice,
    "ack": read_ack,
    "feed": read_feed,
    "answers": lambda untrusted: read_answers(untrusted, Country("DE"), lambda _: None),
}


def keywords(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for name, each in schema.items():
            yield name
            if name in ("properties", "$defs"):
                for inner in each.values():
                    yield from keywords(inner)
            elif name not in ("const", "enum", "required", "dependentRequired"):
                yield from keywords(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from keywords(each)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_keyword_of_our_schemas_is_known(name: str) -> None:
    words = {"$schema", "$id", "$defs", "$ref", "title", "description", "type", "then", "else"}
    assert set(keywords(resources.read_json(f"schemas/{name}.schema.json"))) <= words | RULES.keys()


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            if key != "@context":
                yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, (*path, index))


def inside(document: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


JUNK = [
    None, True, 0, -1, 2**53 - 1, 1.5, 1.0, "", "x", "a\n", "yes", "DE", "DE\n", SHA, uuid(1), AGE, [], {}, [0],
    ["DE", "DE"], ["dpv:DataSubject", "dpv:Adult"], {"@id": "x"}, {"kind": "EEA", "countries": []},
]  # fmt: skip


def changed(document: Any, dice: random.Random) -> Any:
    """The document with up to three changes, some of which harm nothing."""
    document = json.loads(json.dumps(document))
    for _ in range(dice.randrange(4)):
        path = dice.choice(list(places(document))[1:])
        parent, what = inside(document, path[:-1]), dice.choice(["change", "remove", "add"])
        if what == "change":
            parent[path[-1]] = copy.deepcopy(dice.choice(JUNK))
        elif what == "remove":
            del parent[path[-1]]
        elif isinstance(parent, dict):
            parent[dice.choice(["extra", "recipient", "previous_signature"])] = copy.deepcopy(dice.choice(JUNK))
        else:
            parent.append(copy.deepcopy(dice.choice(parent)))
    return document


@pytest.mark.parametrize("name", SCHEMAS)
def test_it_finds_a_fault_exactly_where_the_library_does(name: str, valid: dict[str, dict[str, Any]]) -> None:
    schema = resources.read_json(f"schemas/{name}.schema.json")
    library = jsonschema_rs.Draft202012Validator(schema, validate_formats=False)
    dice = random.Random(name)
    sound = 0
    for _ in range(300):
        document = changed(valid[name], dice)
        found = list(faults_of(schema, document))
        assert bool(found) != library.is_valid(document), (found, document)
        sound += not found
        for _, fault in found:
            assert not any(word in fault for word in LIBRARY_WORDS), fault
    assert 50 < sound < 250


@pytest.mark.parametrize(("name", "path", "value", "told"), [
    ("manifest", ("territory",), 5, "/territory: must be null or an object"),
    ("manifest", ("territory", "kind"), "moon", "/territory/kind: must be one of country, EEA, listed, worldwide"),
    ("manifest", ("studio", "country"), "Germany", "/studio/country: must be a country code, two capital letters"),
    ("manifest", ("photos",), [], "/photos: must not be empty"),
    ("manifest", ("photos", 0, "sidecars"), ["a"] * 3, "/photos/0/sidecars: has more than 2 entries"),
    ("manifest", ("format",), "safelight-bundle/2", "/format: must be safelight-bundle/1"),
    ("answers", ("choices", "use.editorial"), "maybe", "/choices/use.editorial: must be yes, no or an object"),
    ("answers", ("choices", "use.directory", "territory"), 3,
     "/choices/use.directory/territory: must be text or a list"),
    ("answers", ("choices", "use.directory", "answer"), "perhaps",
     "/choices/use.directory/answer: must be one of yes, no"),
    ("answers", ("modifiers", "weather"), "fine", "/modifiers/weather: is not known here"),
    ("card", ("ca_certificate",), "x", "/ca_certificate: must not be there"),
    ("notice", ("previous",), "x", "/previous: must be a SHA-256, 64 lower-case hexadecimal digits"),
])  # fmt: skip
def test_people_are_told_in_plain_words(
    name: str, path: tuple[Any, ...], value: Any, told: str, valid: dict[str, dict[str, Any]]
) -> None:
    document = copy.deepcopy(valid[name])
    inside(document, path[:-1])[path[-1]] = value
    with pytest.raises(Malformed) as caught:
        validate(name, document, name)
    assert told in caught.value.faults


def seconds_of(work: Callable[[], object]) -> float:
    """Processor time; the faster of two tries, because others work on this machine too."""
    spent = []
    for _ in range(2):
        before = time.process_time()
        work()
        spent.append(time.process_time() - before)
    return min(spent)


def bytes_of(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def refused(read: Callable[[bytes], object], untrusted: bytes) -> Callable[[], None]:
    def work() -> None:
        with pytest.raises(Malformed) as caught:
            read(untrusted)
        assert len(caught.value.faults) <= MOST_FAULTS

    return work


@pytest.fixture(scope="module")
def honest() -> tuple[int, float, int]:
    """What a valid manifest costs to read as far as its schema: its size in bytes, seconds, bytes of memory."""
    data = json.dumps(manifest(5_500), separators=(",", ":")).encode()
    assert MAX_JSON * 3 // 4 < len(data) < MAX_JSON

    def read() -> None:
        validate("manifest", parse_json(data, "manifest"), "manifest")

    return len(data), seconds_of(read), bytes_of(read)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_hostile_document_costs_no_more_than_an_honest_one(
    name: str, valid: dict[str, dict[str, Any]], honest: tuple[int, float, int]
) -> None:
    """Lists and objects filled with as many faults as the size allows: few are told, and all are cheap."""
    size, seconds, _ = honest
    document = valid[name]
    spots = [each for each in places(document) if isinstance(inside(document, each), list | dict)][1:]
    spots = random.Random(7).sample(spots, min(len(spots), 4))
    for path in [(), *spots]:
        for junk in ("{}", '{"a":[0,0],"b":""}', f'"{SHA}"'):
            hostile = f"[{','.join([junk] * (size // (len(junk) + 1)))}]"
            if path:
                around = copy.deepcopy(document)
                inside(around, path[:-1])[path[-1]] = "HERE"
                hostile = json.dumps(around, separators=(",", ":")).replace('"HERE"', hostile)
            spent = seconds_of(refused(READERS[name], hostile.encode()))
            assert spent < 12 * seconds, (path, junk, spent / seconds)


@pytest.mark.parametrize("hostile", [
    b'{"territory":{"kind":"EEA","countries":[' + b"0," * 2_000_000 + b"0]}}",
    b'{"territory":{"kind":"EEA","countries":[' + b"0," * 480_000 + b"0]}}",
    b'{"members":[' + b'{"role":0},' * 19_000 + b"0]}",
    b'{"members":[' + b'{"role":0},' * 200_000 + b"0]}",
    b'{"photos":[' + b'{"sidecars":[0,0,0],"records":[0,0,0]},' * 19_000 + b"0]}",
    b"{" + b",".join(b'"k%d":0' % number for number in range(1000)) + b"}",
    b"{" + b",".join(b'"k%d":0' % number for number in range(200_000)) + b"}",
], ids=lambda data: f"{data[:12].decode()} {len(data)}")  # fmt: skip
def test_a_manifest_that_took_a_minute_and_four_gigabytes(hostile: bytes, honest: tuple[int, float, int]) -> None:
    _, seconds, memory = honest
    work = refused(read_manifest, hostile)
    assert seconds_of(work) < 12 * seconds
    assert bytes_of(work) < 8 * memory

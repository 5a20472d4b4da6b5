"""A reader written from ``resources/formats.md`` alone, with nothing of ours, comes to the same answers."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from safelight.documents.record import disclose, document_bytes, read_document, receipt_document, statement_of
from safelight.documents.status import read_status_list, status_list
from safelight.documents.vocabulary import YES
from safelight.domain.choice import Grant
from safelight.domain.consent import ConsentState, Status
from safelight.domain.days import local_day
from safelight.domain.ids import Country, PhotoGuid, RecipientId, RecordId, ScopeId, SubjectId
from safelight.domain.jurisdiction import read_adequacy
from safelight.domain.record import ConsentReceipt, StatusPosition
from safelight.domain.scope import Catalogue, Kind, MinorsRule
from safelight.domain.term import ONE_YEAR, Territory, TerritoryKind
from safelight.domain.usage import Blocker, ConsentSnapshot, Question, may
from safelight.settings import resources

GOLDEN = Path(__file__).with_name("golden")
PAGE = (Path(__file__).parents[3] / "resources" / "formats.md").read_text("utf-8")


# The reader, as the page tells it ---------------------------------------------------------------------------------


def jcs(value: Any) -> bytes:
    """Good for our documents, which have neither fractions nor keys outside ASCII."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def statement_and_answers(data: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Section 3, steps 2 to 5."""
    graph = json.loads(data)["@graph"]
    statement = graph[0]["slc:statement"]
    assert sha256(jcs(statement)) == graph[0]["slc:statementSha256"]
    listed = {each["id"]: each["sha256"] for each in statement["records"]}
    answers = []
    for node in graph:
        if node["@type"] == "dpv:ConsentRecord":
            assert sha256(jcs(node)) == listed[node["slc:answer"]["id"]]
            answers.append(node["slc:answer"])
        elif node["@id"].startswith("party:"):
            assert sha256(jcs(node)) in statement["recipients"]
    return statement, answers


def bit(credential: dict[str, Any], index: int) -> bool:
    """Section 5."""
    text = credential["credentialSubject"]["encodedList"]
    bits = gzip.decompress(base64.urlsafe_b64decode(text[1:] + "=="))
    return index >= len(bits) * 8 or bool(bits[index // 8] >> (7 - index % 8) & 1)


CLOSED_TO_MINORS = re.findall(r"`([a-z]+\.[a-z-]+)`", PAGE[PAGE.index("(`minors_rule` blocked)") :].split("`vocab")[0])
EEA = resources.read_json("rules/adequacy.json")["eea_members"]


def answer(
    use: str, place: str, day: str, me: str, people: Sequence[tuple[dict[str, Any], list[dict[str, Any]]]], held: Any
) -> tuple[bool, str]:
    """Section 4: the end of a yes, or why not; ``held`` are the status lists by number."""
    ends = []
    if not people:
        return False, "nobody-known"
    for statement, answers in people:
        record = next((each for each in answers if each["scope"] == use), None)
        if record is None:
            return False, "not-granted"
        status = held.get(record.get("status_list", 1))
        ended = status is not None and bit(status, record["status_index"])
        if record["kind"] not in ("given", "renewed", "changed") or ended:
            return False, "withdrawn" if record["kind"] in ("given", "renewed", "changed") else record["kind"]
        if statement["signed_as_minor"] and use in CLOSED_TO_MINORS:
            return False, "not-for-minors"
        grant, last, sleeps, adult = (*(record[key] for key in ("grant", "last_day", "sleeps_after")),
                                      statement["adult_on"])  # fmt: skip
        if grant is None or last is None:
            return False, "limit-unknown"
        if day < min(record.get("day", "9999"), record["at"][:10]):
            return False, "not-yet"
        if day > last:
            return False, "over"
        if sleeps is not None and day > sleeps:
            return False, "review-unanswered"
        if statement["signed_as_minor"] and (adult is None or day >= adult):
            return False, "of-age-ask-again"
        where = grant["territory"]
        places = EEA if where["kind"] == "EEA" else where["countries"]
        if where["kind"] != "worldwide" and place not in places:
            return False, "territory"
        if me not in grant["recipients"]:
            return False, "recipient"
        if status is None or day > status["validUntil"][:10]:
            return False, "status-list-too-old"
        ends += [last, status["validUntil"][:10], *([sleeps] if sleeps else [])]
        if statement["signed_as_minor"]:
            ends.append(date.fromordinal(date.fromisoformat(adult).toordinal() - 1).isoformat())
    return True, min(ends)


# Against ours -----------------------------------------------------------------------------------------------------


def test_digests_and_bits_as_the_page_tells_them(receipt: ConsentReceipt, catalogue: Catalogue) -> None:
    whole = receipt_document(receipt, catalogue)
    for document in (whole, disclose(whole, {ScopeId("use.stock")}), disclose(whole, set())):
        statement, answers = statement_and_answers(document_bytes(document))
        assert jcs(statement) == statement_of(document)
        assert [each["id"] for each in answers] == [each.id for each in read_document(document).receipt.records]
    raw = json.loads((GOLDEN / "status-list.json").read_bytes())
    read = read_status_list(raw)
    for index in (0, 1, 9, 4007, 4008, 131071, 131072):
        assert bit(raw, index) == read.ended(index)


@given(data=st.data())
def test_the_table_gives_the_answers_of_may(
    data: st.DataObject, receipt: ConsentReceipt, minor: ConsentReceipt, catalogue: Catalogue
) -> None:
    ahead = data.draw(st.sampled_from([None, 0, 60, -600, 840]))
    receipt, minor = (each if ahead is None else there(each, ahead) for each in (receipt, minor))
    people = data.draw(st.sampled_from([[receipt], [minor], [receipt, minor], []]))
    use = data.draw(st.sampled_from([each.scope for each in receipt.records] + ["use.research"]))
    place = data.draw(st.sampled_from(["DE", "AT", "FR", "US"]))
    me = data.draw(st.sampled_from([each.id for each in receipt.recipients]))
    edges = """2026-11-20 2026-11-21 2026-11-22 2027-02-28 2027-03-01 2027-11-22 2027-11-23 2027-12-22 2027-12-23
        2028-11-22 2028-11-23 2030-01-31 2030-02-01 2040-11-23"""
    day = date.fromisoformat(data.draw(st.sampled_from(edges.split())))
    later = data.draw(st.frozensets(st.sampled_from([each.scope for each in receipt.records])))
    people = [in_second_list(each, later) for each in people]
    ended = data.draw(st.frozensets(st.sampled_from([each.status_position for each in (
        *receipt.records, *in_second_list(receipt, later).records)]), max_size=2))  # fmt: skip
    ends = [receipt.issued_at.replace(year=year) for year in (2027, 2040)]
    until = {1: data.draw(st.sampled_from(ends)), 2: data.draw(st.sampled_from([*ends, None]))}
    held = {
        number: status_list(
            [each.index for each in ended if each.list == number], receipt.studio.id, receipt.issued_at, last,
            number=number,
        )
        for number, last in until.items()
        if last is not None
    }
    question = Question(receipt.photos[0].guid, ScopeId(use), Country(place), day, me)
    eea = read_adequacy(resources.read_json("rules/adequacy.json")).eea
    ours = may(question, [snapshot(each, ended, until, use) for each in people], catalogue, eea)
    read = [statement_and_answers(document_bytes(receipt_document(each, catalogue))) for each in people]
    theirs = answer(use, place, day.isoformat(), me, read, held)
    assert theirs == (ours.allowed, ours.expires.isoformat() if ours.expires else ours.blocker and ours.blocker.value)


def there(receipt: ConsentReceipt, ahead: int) -> ConsentReceipt:
    """The same, signed where clocks are so many minutes ahead of UTC."""
    signing = replace(receipt.signing, zone="Etc/Test", utc_offset_minutes=ahead)
    records = (replace(each, day=local_day(each.at, ahead)) for each in receipt.records)
    return replace(receipt, signing=signing, records=tuple(records))


def in_second_list(receipt: ConsentReceipt, uses: frozenset[ScopeId]) -> ConsentReceipt:
    """The same, with the records of ``uses`` in the studio's second status list."""
    records = (replace(each, status_list=2 if each.scope in uses else None) for each in receipt.records)
    return replace(receipt, records=tuple(records))


def snapshot(
    receipt: ConsentReceipt, ended: frozenset[StatusPosition], until: dict[int, datetime | None], use: str
) -> ConsentSnapshot:
    states: dict[ScopeId, ConsentState] = {}
    fresh = date.min
    for record in receipt.records:
        yes = record.kind in YES
        status = Status.GIVEN if yes else Status.REFUSED
        last = until[record.status_position.list]
        if record.scope == use and last is not None:
            fresh = last.date()
        if yes and last is not None and record.status_position in ended:
            status = Status.WITHDRAWN
        states[record.scope] = ConsentState(
            record.id, receipt.subject, record.scope, status, 1, record.at,
            record.grant, record.last_day, record.review_due, record.sleeps_after, record.day,
            receipt.signed_as_minor, receipt.adult_on,
        )  # fmt: skip
    return ConsentSnapshot(states, fresh)


def test_the_table_has_the_order_and_every_code_of_the_program(catalogue: Catalogue) -> None:
    """Everything that can be against it at once, taken away one after the other as it is answered."""
    section = PAGE[PAGE.index("## 4.") : PAGE.index("## 5.")]
    rows = [line.split("|")[2] for line in section.splitlines() if re.match(r"\| \d", line)]
    table = [re.findall(r"`([a-z-]+)`", row) for row in rows]
    minors = next(each for each in catalogue.asked() if each.minors is MinorsRule.BLOCKED)
    notice = next(each for each in catalogue.scopes if each.kind is Kind.NOTICE)
    day = date(2026, 11, 20)
    grant = Grant(ONE_YEAR, Territory(TerritoryKind.COUNTRY, frozenset({Country("DE")})), (RecipientId("age1other"),))
    state = ConsentState(
        RecordId("r"), SubjectId("s"), minors.id, Status.REFUSED, 1, datetime(2026, 11, 23, tzinfo=UTC), None, None,
        signed_as_minor=True, adult_on=date(2026, 11, 1),
    )  # fmt: skip
    snapshot = ConsentSnapshot(
        {},
        date(2026, 11, 1),
        restricted=True,
        vetoed=frozenset({PhotoGuid("p")}),
        withheld=frozenset({PhotoGuid("p")}),
    )
    people: list[ConsentSnapshot] = []
    use, place, me = notice.id, "FR", "age1me"

    def holds(**changes: Any) -> None:
        nonlocal state
        state = replace(state, **changes)
        people[:] = [replace(snapshot, states={minors.id: state})]

    def without(**changes: Any) -> None:
        nonlocal snapshot
        snapshot = replace(snapshot, **changes)
        people[:] = [replace(people[0] if people else snapshot, **changes)]

    def asks(**changes: Any) -> None:
        nonlocal use, place, me
        use, place, me = (changes.get(name, now) for name, now in (("use", use), ("place", place), ("me", me)))

    statuses = iter((Status.WITHDRAWN, Status.EXPIRED, Status.INVALIDATED, Status.REQUESTED))
    steps = {
        "not-a-use": lambda: asks(use=minors.id),
        "nobody-known": lambda: without(),
        "photo-vetoed": lambda: without(vetoed=frozenset()),
        "photo-withheld": lambda: without(withheld=frozenset()),
        "restricted": lambda: without(restricted=False),
        "not-granted": lambda: holds(),
        **{code: lambda: holds(status=next(statuses)) for code in ("refused", "withdrawn", "expired", "invalidated")},
        "unanswered": lambda: holds(status=Status.GIVEN),
        "not-for-minors": lambda: asks(use="use.portfolio"),
        "limit-unknown": lambda: holds(grant=grant, last_day=date(2026, 11, 2), sleeps_after=date(2026, 11, 1)),
        "not-yet": lambda: holds(changed_at=datetime(2026, 11, 1, tzinfo=UTC)),
        "over": lambda: holds(last_day=date(2026, 12, 1)),
        "review-unanswered": lambda: holds(sleeps_after=None),
        "of-age-ask-again": lambda: holds(adult_on=date(2027, 1, 1)),
        "territory": lambda: asks(place="DE"),
        "recipient": lambda: asks(me="age1other"),
        "status-list-too-old": lambda: without(fresh_until=None),
    }
    order = []
    for _ in range(40):
        states = [replace(each, states=dict.fromkeys([use], state) if each.states else {}) for each in people]
        decision = may(
            Question(PhotoGuid("p"), use, Country(place), day, RecipientId(me)), states, catalogue, frozenset()
        )
        if decision.blocker is None:
            break
        order.append(decision.blocker.value)
        steps[decision.blocker.value]()
    assert decision.allowed
    assert order == [code for codes in table for code in codes][:-1]
    # The last line is the bundle's own limit, which is looked at when everybody has said yes.
    assert table[-1] == ["territory"]
    assert set(order) == {each.value for each in Blocker}
    listed = section[section.index("`rules/adequacy.json`:") :].split(":")[1].split(".")[0].split()
    assert listed == resources.read_json("rules/adequacy.json")["eea_members"]


def test_what_the_page_shows_is_real(catalogue: Catalogue) -> None:
    shown = json.loads(PAGE.split("```json\n")[1].split("```")[0])
    statement, answers = statement_and_answers((GOLDEN / "record.jsonld").read_bytes())
    assert shown == next(each for each in answers if each["scope"] == "use.advertising")
    status = status_list((), statement["studio"]["id"], datetime.fromisoformat("2026-11-22T00:00:00Z"),
                         datetime.fromisoformat("2026-12-22T00:00:00Z"))  # fmt: skip
    held = {1: status}
    me, people = shown["grant"]["recipients"][0], [(statement, answers)]
    assert answer("use.advertising", "AT", "2026-12-01", me, people, held) == (True, "2026-12-22")
    assert answer("use.advertising", "FR", "2026-12-01", me, people, held) == (False, "territory")
    assert answer("use.advertising", "AT", "2028-11-23", me, people, held) == (False, "over")
    assert set(CLOSED_TO_MINORS) == {each.id for each in catalogue.asked() if each.minors is MinorsRule.BLOCKED}


def named(schema: Any) -> set[str]:
    """Every field that a schema knows, at any depth."""
    if isinstance(schema, list):
        return {name for each in schema for name in named(each)}
    if not isinstance(schema, dict):
        return set()
    fields = schema.get("properties", {}) if isinstance(schema.get("properties"), dict) else {}
    return {*fields, *(name for each in (*fields.values(), *schema.values()) for name in named(each))}


def test_the_page_names_every_field_and_every_file() -> None:
    receipt = resources.read_json("schemas/consent-receipt.schema.json")["$defs"]
    for part in ("statement", "answer", "grant"):
        for name in receipt[part]["properties"]:
            assert f"`{name}`" in PAGE, name
    for path in re.findall(r"`((?:schemas|context|vocabulary|rules)/[a-z0-9.-]+)`", PAGE):
        assert resources.read_bytes(path)
    for schema in ("manifest", "notice", "ack", "card", "status-file", "status-list", "answers", "policy", "journal"):
        for name in named(resources.read_json(f"schemas/{schema}.schema.json")):
            assert f"`{name}`" in PAGE or name.startswith("@"), (schema, name)
    manifest = resources.read_json("schemas/manifest.schema.json")["properties"]
    for name in ("recipient", "sequence"):
        assert name in manifest


def test_jq_writes_the_statement_as_it_was_signed(
    receipt: ConsentReceipt, catalogue: Catalogue, stock_tool: Callable[[str], str]
) -> None:
    document = receipt_document(receipt, catalogue)
    command = [stock_tool("jq"), "-cjS", '."@graph"[0]."slc:statement"']
    done = subprocess.run(command, input=document_bytes(document), capture_output=True, check=True)
    assert done.stdout == statement_of(document)

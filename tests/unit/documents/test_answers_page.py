"""What the page about formats says of answers from paper is what the program reads: its example, its field names."""

from __future__ import annotations

import re
from typing import Any

from safelight.documents.answers import read_answers
from safelight.domain.choice import Exclusion
from safelight.domain.ids import Country, RecipientId
from safelight.domain.scope import Mark
from safelight.settings.resources import read_bytes, read_json

PAGE = read_bytes("formats.md").decode().partition("## 11. Answers from paper")[2].partition("\n## ")[0]
AGENCY = RecipientId("age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq")


def named(schema: Any) -> set[str]:
    """Every field name a schema knows."""
    found: set[str] = set()
    if isinstance(schema, dict):
        found |= set(schema.get("properties", {}))
        for each in schema.values():
            found |= named(each)
    elif isinstance(schema, list):
        for each in schema:
            found |= named(each)
    return found


def test_the_example_reads_as_the_page_says() -> None:
    example = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    answers = read_answers(example[1].encode(), Country("DE"), {"Agence Lumière": AGENCY}.get)
    by_use = {each.scope: each.grant for each in answers.choices}
    assert set(by_use) == {"use.portfolio", "use.social", "use.advertising"}
    advertising = by_use["use.advertising"]  # type: ignore[index]
    assert by_use["use.social"] is None and advertising is not None  # type: ignore[index]
    assert advertising.term.months == 24 and advertising.mark is Mark.INITIALS and advertising.recipients == (AGENCY,)
    assert answers.modifiers.credit_name and answers.modifiers.allowed_contexts == (Exclusion.WEAPONS,)


def test_the_page_names_every_field_and_every_word_of_the_schema() -> None:
    schema = read_json("schemas/answers.schema.json")
    told = set(re.findall(r"`([^`]+)`", PAGE))
    assert named(schema) <= told
    media = schema["$defs"]["answer"]["properties"]["media"]["items"]["enum"]
    alterations = schema["properties"]["modifiers"]["properties"]["alteration"]["enum"]
    assert {*media, *alterations} <= told

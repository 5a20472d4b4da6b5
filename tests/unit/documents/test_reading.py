"""Foreign JSON: what is refused, where it says so, and that nothing but Malformed ever comes out."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from safelight.documents.jcs import canonical
from safelight.documents.reading import MAX_KEYS, MOST_FAULTS, parse_json, printable, validate
from safelight.domain.errors import Malformed


def faults(untrusted: bytes, **limits: int) -> tuple[str, ...]:
    with pytest.raises(Malformed) as caught:
        parse_json(untrusted, "test file", **limits)
    assert "test file" in caught.value.title
    return caught.value.faults


@pytest.mark.parametrize(
    ("untrusted", "fault"),
    [
        (b'{"a":1,"b":{"c":1,"c":2}}', "/b/c: named twice"),
        (b'{"a":[0,NaN]}', "/a/1: NaN is no number JSON can carry"),
        (b'[Infinity]', "/0: Infinity is no number JSON can carry"),
        (b'{"x":-1e999}', "/x: -1e999 is no number JSON can carry"),
        (b'[9007199254740992]', "/0: larger than 2^53-1"),
        (b'[-9007199254740992]', "/0: larger than 2^53-1"),
        (b"[" + b"9" * 5000 + b"]", "/: a number is larger than 2^53-1"),
        (b'{"a":"\\ud800"}', "/a: a lone surrogate"),
        (b'{"\\udfff":1}', "/\\udfff: a lone surrogate in a key"),
        ('{"e\u0301":1}'.encode(), "/e\u0301: a key that is not in Unicode NFC"),
        (b'\xef\xbb\xbf{}', "/: starts with a byte order mark"),
        ("{}".encode("utf-16"), "/: not UTF-8 but UTF-16 or UTF-32"),
        ("{}".encode("utf-16-be"), "/: not UTF-8 but UTF-16 or UTF-32"),
        ("{}".encode("utf-32-le"), "/: not UTF-8 but UTF-16 or UTF-32"),
        (b'{"a":"\xff"}', "/: not UTF-8 at byte 6"),
        (b'{"a":1', "/: not JSON at line 1, column 7"),
        (b"", "/: not JSON at line 1, column 1"),
        (b"{} {}", "/: not JSON at line 1, column 4"),
        (b"{'a':1}", "/: not JSON at line 1, column 2"),
        (b'{"a/b":{"m~n":NaN}}', "/a~1b/m~0n: NaN is no number JSON can carry"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_path(untrusted: bytes, fault: str) -> None:
    assert faults(untrusted) == (fault,)


def test_all_faults_are_told_at_once() -> None:
    found = faults(b'{"a":NaN,"b":[1e999,{"c":1,"c":1}],"d":9007199254740993}')
    assert {each.split(":")[0] for each in found} == {"/a", "/b/0", "/b/1/c", "/d"}


def test_size_and_depth_are_bounded() -> None:
    assert faults(b"[1,2,3]", max_bytes=6) == ("/: larger than 6 bytes",)
    assert parse_json(b"[[1]]", "x", max_depth=2) == [[1]]
    assert faults(b"[[[1]]]", max_depth=2) == ("/0/0: nested deeper than 2",)
    assert "nested deeper than 32" in faults(b"[" * 400_000 + b"]" * 400_000)[0]
    assert "nested deeper than 32" in faults(b'{"a":' * 200 + b"1" + b"}" * 200)[0]
    assert len(faults(b"[" + b",".join([b"NaN"] * 500) + b"]")) == MOST_FAULTS


def test_what_is_said_about_a_document_cannot_carry_control_characters() -> None:
    assert printable("a\x1b[2J\n\u202e") == "a\\u001b[2J\\u000a\\u202e"
    assert "\x1b" not in faults('{"\x1b[2J":NaN}'.replace("\x1b", "\\u001b").encode())[0]


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abcÄß🙂~/", max_size=4), inner),
    max_leaves=20,
)


@given(JSON)
def test_what_we_write_is_read_back(value: Any) -> None:
    assert parse_json(canonical(value), "x") == value


@given(st.binary(max_size=400))
@example(b'{"\\ud800\\udc00":1}')
def test_arbitrary_bytes_raise_nothing_but_malformed(untrusted: bytes) -> None:
    with contextlib.suppress(Malformed):
        parse_json(untrusted, "x")


@given(st.text('{}[]",:\\u0dDeE+-.0189abN ', max_size=60))
def test_arbitrary_near_json_raises_nothing_but_malformed(text: str) -> None:
    try:
        value = parse_json(text.encode(), "x")
    except Malformed:
        return
    assert json.loads(text) == value


def test_a_schema_reports_every_fault_with_its_path_and_none_of_the_content() -> None:
    value = {"format": "safelight-ack/1", "secret": "Ada", "reactions": [{"reply": "Ada Lovelace"}]}
    with pytest.raises(Malformed) as caught:
        validate("ack", value, "acknowledgement")
    paths = {each.split(": ")[0] for each in caught.value.faults}
    assert {"/reactions/0/reply", "/reactions/0/photo", "/secret"} <= paths
    assert len(caught.value.faults) > 6
    assert "Lovelace" not in str(caught.value.faults)


def test_an_object_with_very_many_keys_is_refused_before_anything_looks_at_each() -> None:
    many = b"{" + b",".join(b'"k%d":1' % number for number in range(MAX_KEYS + 1)) + b"}"
    with pytest.raises(Malformed, match="more than 1024 keys"):
        parse_json(b'{"a":' + many + b"}", "thing")
    one_less = many.replace(b'"k0":1,', b"")
    assert len(parse_json(one_less, "thing")) == MAX_KEYS

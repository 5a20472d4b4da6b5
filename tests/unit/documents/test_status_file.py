"""The status list file: list and signature come back byte for byte, and nothing else is read as one."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.documents.status_file import SignedList, read_status_file, status_file_bytes
from safelight.domain.errors import Malformed

SIGNATURE = "-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----\n"


@given(st.binary(min_size=1, max_size=300))
def test_the_bytes_come_back(content: bytes) -> None:
    assert read_status_file(status_file_bytes([SignedList(content, SIGNATURE)])) == (SignedList(content, SIGNATURE),)


def test_it_opens_with_a_json_parser_and_base64() -> None:
    raw = json.loads(status_file_bytes([SignedList(b'{"a":1}', SIGNATURE)]))
    assert raw == {"format": "safelight-status/1", "list": "eyJhIjoxfQ==", "signature": SIGNATURE}


def test_a_studio_with_several_lists_sends_them_in_one_file() -> None:
    lists = tuple(SignedList(b"%d" % number, SIGNATURE) for number in range(1, 100))
    assert read_status_file(status_file_bytes(lists)) == lists
    raw = json.loads(status_file_bytes(lists[:3]))
    assert raw == {
        "format": "safelight-status/1", "list": "MQ==", "signature": SIGNATURE,
        "further": [{"list": "Mg==", "signature": SIGNATURE}, {"list": "Mw==", "signature": SIGNATURE}],
    }  # fmt: skip
    with pytest.raises(Malformed):
        status_file_bytes([*lists, lists[0]])


@pytest.mark.parametrize(
    "changed",
    [
        {"format": "safelight-status/2"},
        {"list": "eyJhIjoxfR=="},  # bits after the end: a second spelling of the same bytes
        {"list": "eyJhIjoxfQ"},
        {"list": "eyJhIjox\nfQ=="},
        {"list": ""},
        {"list": 7},
        {"signature": "none"},
        {"more": True},
        {"further": []},
        {"further": [{"list": "MQ=="}]},
        {"further": [{"list": "MR==", "signature": SIGNATURE}]},
        {"further": {"list": "MQ==", "signature": SIGNATURE}},
    ],
)
def test_anything_else_is_malformed(changed: dict[str, object]) -> None:
    raw = {"format": "safelight-status/1", "list": base64.b64encode(b'{"a":1}').decode(), "signature": SIGNATURE}
    with pytest.raises(Malformed):
        read_status_file(json.dumps(raw | changed).encode())


@given(st.binary(max_size=200))
def test_noise_is_malformed(noise: bytes) -> None:
    with pytest.raises(Malformed):
        read_status_file(noise)


def test_an_empty_list_is_not_written() -> None:
    with pytest.raises(Malformed):
        status_file_bytes([SignedList(b"", SIGNATURE)])

"""The sealed form of a signed receipt: what was sealed before opens, and the form stays what it was."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from safelight.domain.errors import Malformed
from safelight.storage.receipt_form import read_receipt, receipt_bytes


def test_the_form_is_what_was_sealed_so_far(studio: Any) -> None:
    shoot = studio.session()
    signed = studio.signed(studio.subject(shoot), shoot)
    form = json.loads(receipt_bytes(signed))
    (exhibit,) = signed.exhibits
    assert form["extra"] == {
        "withdrawal_code": "2345-6789-ABCD-EFGH",
        "withdrawal_hash": "ab" * 32,
        "witness": "Wim Witness",
        "interpreter": "",
        "opening_code": "0417",
        "exhibits": '[{"what":"scan","by":"photographer","scope":"","kind":null,'
        f'"sha256":"{exhibit.sha256}","file":"{exhibit.file}","at":null}}]',
    }
    assert replace(read_receipt(receipt_bytes(signed)), evidence=signed.evidence, evidence_erased=False) == signed
    assert "exhibits" not in json.loads(receipt_bytes(replace(signed, exhibits=())))["extra"]


def test_what_earlier_versions_sealed_lacks_some_fields(studio: Any) -> None:
    shoot = studio.session()
    form = json.loads(receipt_bytes(studio.signed(studio.subject(shoot), shoot)))
    form["extra"] = {"withdrawal_code": "2345-6789-ABCD-EFGH", "withdrawal_hash": "ab" * 32}
    old = read_receipt(json.dumps(form).encode())
    assert (old.opening_code, old.witness, old.interpreter, old.exhibits) == ("", "", "", ())
    extra: dict[str, str]
    for extra in ({}, form["extra"] | {"exhibits": '[{"what":"song"}]'}, form["extra"] | {"wheel": "x"}):
        with pytest.raises(Malformed):
            read_receipt(json.dumps(form | {"extra": extra}).encode())

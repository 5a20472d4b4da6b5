"""A signed receipt: stock readers call it unchanged, and every way of changing it is refused."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from safelight.domain.errors import Malformed, Refused, WrongUsage
from safelight.receipt.issue import attached_record, render_receipt, sign_receipt, verify_receipt
from safelight.receipt.pades import _Signer

DOCUMENT = b'{"id": 1}'
NOW = datetime(2026, 11, 22, 13, 5, 11, tzinfo=UTC)


@pytest.fixture
def unsigned(make_content: Callable[..., Any]) -> bytes:
    return render_receipt(make_content(), DOCUMENT)


@pytest.fixture
def signed(unsigned: bytes, studios: Any) -> bytes:
    return sign_receipt(unsigned, studios.signer, NOW)


def test_it_verifies_and_says_when_and_by_whom(signed: bytes, studios: Any) -> None:
    found = verify_receipt(signed, studios.signer.ca_certificate_pem)
    assert found.studio == "Atelier Lindqvist" and found.signed_at == NOW and found.proved_at is None
    assert attached_record(signed) == DOCUMENT


def test_stock_readers_call_it_valid_and_unchanged(
    signed: bytes, stock_tool: Callable[[str], str], tmp_path: Path
) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed)
    said = subprocess.run([stock_tool("pdfsig"), path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said and "Total document signed" in said and "ETSI.CAdES.detached" in said
    judged = subprocess.run([stock_tool("mutool"), "sign", "-v", path], capture_output=True, text=True, check=False)
    assert "The document is unchanged since signing" in judged.stdout + judged.stderr


def refused(pdf: bytes, root: bytes, sentence: str) -> None:
    with pytest.raises(Refused) as caught:
        verify_receipt(pdf, root)
    assert sentence in caught.value.title, caught.value.title


def test_appended_bytes(signed: bytes, studios: Any) -> None:
    root = studios.signer.ca_certificate_pem
    for junk in (b"\n", b"%junk\n", b"x" * 3000):
        with pytest.raises(Refused):
            verify_receipt(signed + junk, root)


def test_a_stripped_signature(unsigned: bytes, studios: Any) -> None:
    refused(unsigned, studios.signer.ca_certificate_pem, "not signed")


def test_a_second_signature(unsigned: bytes, studios: Any) -> None:
    """On a certified receipt pyHanko refuses to add one, so both are ordinary here; the count alone decides."""
    both = unsigned
    for name, signer in (("Other", studios.impostor), ("Studio", studios.signer)):
        metadata = signers.PdfSignatureMetadata(
            field_name=name, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
        )
        output = io.BytesIO()
        signers.PdfSigner(metadata, _Signer(signer)).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(both)), output=output)
        both = output.getvalue()
    refused(both, studios.signer.ca_certificate_pem, "2 signatures")


def test_an_impostor_of_the_same_name(unsigned: bytes, studios: Any) -> None:
    forged = sign_receipt(unsigned, studios.impostor, NOW)
    assert verify_receipt(forged, studios.impostor.ca_certificate_pem).studio == "Atelier Lindqvist"
    refused(forged, studios.signer.ca_certificate_pem, "somebody else")


def test_a_note_stuck_over_the_answers(signed: bytes, studios: Any) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    page = writer.root["/Pages"]["/Kids"][0]
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (50, 50, 500, 500))),
            generic.pdf_name("/Contents"): generic.pdf_string("Yes to everything"),
        }
    )
    page[generic.pdf_name("/Annots")] = generic.ArrayObject([writer.add_object(note)])
    writer.update_container(page)
    output = io.BytesIO()
    writer.write(output)
    with pytest.raises(Refused):
        verify_receipt(output.getvalue(), studios.signer.ca_certificate_pem)


def test_a_rewritten_file(signed: bytes, studios: Any) -> None:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        pdf.save(output)
    with pytest.raises(Refused):
        verify_receipt(output.getvalue(), studios.signer.ca_certificate_pem)


def test_a_signature_that_allows_changes(unsigned: bytes, studios: Any) -> None:
    metadata = signers.PdfSignatureMetadata(
        field_name="Studio", subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    output = io.BytesIO()
    signers.PdfSigner(metadata, _Signer(studios.signer)).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(unsigned)), output=output
    )
    refused(output.getvalue(), studios.signer.ca_certificate_pem, "")


@pytest.mark.parametrize("start", range(0, 1000, 125))
def test_any_flipped_bit_is_refused_in_a_sentence(start: int, signed: bytes, studios: Any) -> None:
    """Places spread over the whole file, and the ends of it, where the structure is densest."""
    size = len(signed)
    hole = signed.index(b"/Contents <") + 11
    places = {*range(start * size // 1000, (start + 125) * size // 1000, size // 40), size - 1 - start, start}
    # In the signature's own container lie the few bytes nobody signs.
    places |= {*range(hole + start * 4, hole + start * 4 + 500, 21)}
    for place in places:
        changed = bytearray(signed)
        changed[place] ^= 1 << place % 8
        with pytest.raises((Refused, Malformed)) as caught:
            verify_receipt(bytes(changed), studios.signer.ca_certificate_pem)
        assert caught.value.title.endswith("."), place


@given(st.binary(max_size=400))
def test_garbage_is_malformed_or_refused(junk: bytes) -> None:
    for untrusted in (junk, b"%PDF-1.7\n" + junk):
        with pytest.raises((Malformed, Refused)):
            attached_record(untrusted)


def test_it_wants_a_time_with_a_zone_and_a_pdf(unsigned: bytes, studios: Any) -> None:
    with pytest.raises(WrongUsage):
        sign_receipt(unsigned, studios.signer, NOW.replace(tzinfo=None))
    with pytest.raises(Malformed):
        sign_receipt(b"hello", studios.signer, NOW)
    with pytest.raises(Malformed):
        verify_receipt(b"hello", studios.signer.ca_certificate_pem)

"""Receipts stamped by a time-stamp authority that openssl alone made and runs (PAdES B-T), without a network."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from safelight.domain.errors import DeviceFailure, Refused
from safelight.receipt.issue import render_receipt, sign_receipt, verify_receipt

CONFIG = """
[tsa]
serial = {0}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""


class Authority(NamedTuple):
    """An authority: what carries requests to it, and its root (PEM)."""

    carry: Callable[[bytes], bytes]
    root: bytes


@pytest.fixture
def authority(tmp_path: Path, stock_tool: Callable[[str], str]) -> Callable[[timedelta], Authority]:
    """``authority(lasting)``: its certificate ends ``lasting`` from now."""
    openssl = stock_tool("openssl")

    def make(lasting: timedelta) -> Authority:
        folder = tmp_path / f"authority-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        now = datetime.now(UTC)
        root = certificate("Root", "Root", root_key, root_key, now + timedelta(days=30))
        leaf = certificate("Time", "Root", key, root_key, now + lasting)
        (folder / "root.pem").write_bytes(root)
        (folder / "tsa.pem").write_bytes(leaf)
        (folder / "tsa.key").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(CONFIG.format(folder))

        def carry(request: bytes) -> bytes:
            (folder / "q").write_bytes(request)
            subprocess.run(
                [openssl, "ts", "-reply", "-config", folder / "tsa.cnf", "-section", "tsa", "-queryfile", folder / "q",
                 "-signer", folder / "tsa.pem", "-inkey", folder / "tsa.key", "-out", folder / "r"],
                check=True, capture_output=True,
            )  # fmt: skip
            return (folder / "r").read_bytes()

        return Authority(carry, root)

    return make


def certificate(
    name: str, issuer: str, key: ec.EllipticCurvePrivateKey, issuer_key: ec.EllipticCurvePrivateKey, until: datetime
) -> bytes:
    """A certificate (PEM): a root if it issues itself, else one for time stamps only."""
    root = name == issuer
    built = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - timedelta(days=60))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=root, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(x509.KeyUsage(not root, False, False, False, False, root, root, False, False), critical=True)
    )
    if not root:
        built = built.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return built.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@pytest.fixture(scope="module")
def drawn(make_content: Callable[..., Any]) -> bytes:
    return render_receipt(make_content(), b'{"id": 1}')


def test_the_authority_proves_the_time(
    drawn: bytes, studios: Any, authority: Callable[[timedelta], Authority], stock_tool: Callable[[str], str],
    tmp_path: Path,
) -> None:  # fmt: skip
    times, others = authority(timedelta(days=20)), authority(timedelta(days=20))
    claimed = datetime.now(UTC).replace(microsecond=0)
    signed = sign_receipt(drawn, studios.signer, claimed, times.carry)
    studio = studios.signer.ca_certificate_pem
    found = verify_receipt(signed, studio, times.root)
    assert found.signed_at == claimed and found.proved_at is not None
    assert abs(found.proved_at - datetime.now(UTC)) < timedelta(minutes=2)
    assert verify_receipt(signed, studio).proved_at is None, "an authority nobody trusts proves nothing"
    with pytest.raises(Refused, match="no time stamp of this authority"):
        verify_receipt(signed, studio, others.root)
    with pytest.raises(Refused, match="no time stamp of this authority"):
        verify_receipt(sign_receipt(drawn, studios.signer, claimed), studio, times.root)
    path = tmp_path / "stamped.pdf"
    path.write_bytes(signed)
    said = subprocess.run([stock_tool("pdfsig"), path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said and "Total document signed" in said


def test_a_stamped_receipt_is_checked_in_a_moment(
    drawn: bytes, studios: Any, authority: Callable[[timedelta], Authority], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is encoded again to compare it is encoded once, and not once more for each level around it (550,000)."""
    times, encoded, real = authority(timedelta(days=20)), [0], core._dump_header

    def counted(*value: Any) -> Any:
        encoded[0] += 1
        return real(*value)

    signed = sign_receipt(drawn, studios.signer, datetime.now(UTC), times.carry)
    monkeypatch.setattr(core, "_dump_header", counted)
    assert verify_receipt(signed, studios.signer.ca_certificate_pem, times.root).proved_at is not None
    assert 0 < encoded[0] < 200_000


def test_a_stamp_outlives_the_certificate_of_its_authority(
    drawn: bytes, studios: Any, authority: Callable[[timedelta], Authority]
) -> None:
    # A loaded machine may not manage to stamp within three seconds; then the certificate lives longer.
    for seconds in (3, 12, 40):
        times, end = authority(timedelta(seconds=seconds)), datetime.now(UTC) + timedelta(seconds=seconds)
        signed = sign_receipt(drawn, studios.signer, datetime.now(UTC), times.carry)
        if datetime.now(UTC) < end - timedelta(seconds=1):
            break
    time.sleep(max(0.0, (end - datetime.now(UTC)).total_seconds()) + 0.2)
    assert verify_receipt(signed, studios.signer.ca_certificate_pem, times.root).proved_at is not None


def test_a_stamp_made_after_the_certificate_ended_is_worth_nothing(
    drawn: bytes, studios: Any, authority: Callable[[timedelta], Authority]
) -> None:
    signed = None
    try:
        times = authority(timedelta(seconds=-60))
        signed = sign_receipt(drawn, studios.signer, datetime.now(UTC), times.carry)
    except (DeviceFailure, subprocess.CalledProcessError):
        return  # openssl or pyHanko may refuse to make it at all
    with pytest.raises(Refused):
        verify_receipt(signed, studios.signer.ca_certificate_pem, times.root)

"""The studio's certificates satisfy openssl, and the signer's signatures verify there."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from safelight.domain.errors import Malformed, Refused, WrongUsage
from safelight.keys.certificates import (
    DocumentSigner,
    StudioCertificates,
    new_studio_certificates,
    renew_leaf,
    verify_chain,
)
from safelight.keys.secrets import StudioSecrets

from .conftest import Run


@pytest.fixture(scope="module")
def held(secrets: StudioSecrets) -> StudioCertificates:
    return secrets.certificates


@pytest.fixture
def files(held: StudioCertificates, tmp_path: Path) -> Path:
    (tmp_path / "ca.pem").write_bytes(held.ca_certificate_pem)
    (tmp_path / "leaf.pem").write_bytes(held.leaf_certificate_pem)
    return tmp_path


def test_openssl_verifies_the_chain_for_signing(files: Path, run: Run) -> None:
    strict = ["openssl", "verify", "-x509_strict", "-CAfile", files / "ca.pem"]
    run([*strict, "-purpose", "smimesign", files / "leaf.pem"])
    run([*strict, files / "ca.pem"])
    run([*strict, "-purpose", "sslserver", files / "leaf.pem"], code=2)
    # Even with an authority everybody trusted, this certificate could not issue another.
    run(["openssl", "verify", "-partial_chain", "-CAfile", files / "leaf.pem", files / "ca.pem"], code=2)


def test_the_extensions_are_those_of_the_three_readers(files: Path, run: Run) -> None:
    text = run(["openssl", "x509", "-in", files / "leaf.pem", "-noout", "-text"]).stdout.decode()
    flat = " ".join(text.split())
    for expected in (
        "Public-Key: (3072 bit)",
        "X509v3 Key Usage: critical Digital Signature, Non Repudiation X509v3",
        "X509v3 Basic Constraints: critical CA:FALSE",
        "X509v3 Extended Key Usage: E-mail Protection, 1.3.6.1.5.5.7.3.36",
        "X509v3 Subject Key Identifier:",
        "X509v3 Authority Key Identifier:",
        "Signature Algorithm: ecdsa-with-SHA256",
        "O = Atelier",
        "C = DE",
    ):
        assert expected in flat, expected
    authority = " ".join(run(["openssl", "x509", "-in", files / "ca.pem", "-noout", "-text"]).stdout.decode().split())
    assert "X509v3 Basic Constraints: critical CA:TRUE, pathlen:0" in authority
    assert "X509v3 Key Usage: critical Certificate Sign, CRL Sign X509v3" in authority
    assert "NIST CURVE: P-256" in authority


@pytest.mark.parametrize(
    ("algorithm", "options"),
    [("RS256", []), ("PS256", ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"])],
)
def test_openssl_verifies_what_the_signer_signs(
    algorithm: str, options: list[str], held: StudioCertificates, files: Path, run: Run
) -> None:
    signer = DocumentSigner(held)
    signature = signer.sign(b"the bytes", algorithm)  # type: ignore[arg-type]
    assert len(signature) == 384
    (files / "sig").write_bytes(signature)
    public = run(["openssl", "x509", "-in", files / "leaf.pem", "-noout", "-pubkey"]).stdout
    (files / "pub.pem").write_bytes(public)
    verify = ["openssl", "dgst", "-sha256", "-verify", files / "pub.pem", "-signature", files / "sig", *options]
    run(verify, stdin=b"the bytes")
    run(verify, stdin=b"The bytes", code=1)


def test_the_signer_gives_certificates_and_no_key(held: StudioCertificates) -> None:
    signer = DocumentSigner(held)
    assert signer.chain_pem == held.leaf_certificate_pem + held.ca_certificate_pem
    shown = "".join(repr(getattr(signer, name)) for name in dir(signer) if not name.startswith("_"))
    assert "PRIVATE" not in shown + repr(held) + repr(signer)
    with pytest.raises(TypeError):
        pickle.dumps(signer)
    with pytest.raises(Malformed):
        DocumentSigner(StudioCertificates(b"", b"", b"", held.ca_key_pem))


def test_our_own_check_of_the_chain(held: StudioCertificates, now: datetime) -> None:
    leaf, authority = held.leaf_certificate_pem, held.ca_certificate_pem
    verify_chain(leaf, authority, now)
    verify_chain(leaf, authority, now + timedelta(days=5 * 365))
    for at in (now - timedelta(days=1), now + timedelta(days=5 * 366 + 2)):
        with pytest.raises(Refused, match="not valid at that time"):
            verify_chain(leaf, authority, at)
    other = new_studio_certificates("Atelier Ümlaut & Söhne", "DE", now)  # the same name, another key
    with pytest.raises(Refused, match="not issued"):
        verify_chain(leaf, other.ca_certificate_pem, now)
    with pytest.raises(Refused, match="not issued"):
        verify_chain(leaf, leaf, now)
    with pytest.raises(Refused, match=r"not one for signing|what it is for"):
        verify_chain(authority, authority, now)
    for broken in (b"", b"x", leaf[:-40], leaf + authority):
        with pytest.raises(Malformed):
            verify_chain(broken, authority, now)


@pytest.mark.parametrize("change", ["purpose", "usage", "authority", "silent", "none"])
def test_a_certificate_for_something_else_is_refused(change: str, held: StudioCertificates, now: datetime) -> None:
    """Issued by the right authority, but each time one property short of a document-signing certificate."""
    issuer = serialization.load_pem_private_key(held.ca_key_pem, password=None)
    authority = x509.load_pem_x509_certificate(held.ca_certificate_pem)
    usage = {"content_commitment": change != "usage", "key_cert_sign": False, "crl_sign": False}
    off = ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only")
    purpose = "1.3.6.1.5.5.7.3.1" if change == "purpose" else "1.3.6.1.5.5.7.3.36"
    builder = (
        x509.CertificateBuilder()
        .subject_name(authority.subject)
        .issuer_name(authority.subject)
        .public_key(authority.public_key())
        .serial_number(7)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(change == "authority", None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, **usage, **dict.fromkeys(off, False)), critical=True)
    )
    if change != "silent":
        builder = builder.add_extension(x509.ExtendedKeyUsage([x509.ObjectIdentifier(purpose)]), critical=False)
    leaf = builder.sign(issuer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)  # type: ignore[arg-type]
    if change == "none":
        verify_chain(leaf, held.ca_certificate_pem, now)
        return
    with pytest.raises(Refused, match=r"not one for signing|what it is for"):
        verify_chain(leaf, held.ca_certificate_pem, now)


def test_a_renewed_leaf_has_a_new_key_under_the_same_authority(held: StudioCertificates, now: datetime) -> None:
    later = now + timedelta(days=4 * 365)
    new = renew_leaf(held, later)
    assert (new.ca_certificate_pem, new.ca_key_pem) == (held.ca_certificate_pem, held.ca_key_pem)
    assert new.leaf_key_pem != held.leaf_key_pem
    verify_chain(new.leaf_certificate_pem, held.ca_certificate_pem, later + timedelta(days=5 * 365))
    old, fresh = (x509.load_pem_x509_certificate(each.leaf_certificate_pem) for each in (held, new))
    assert old.subject == fresh.subject and old.serial_number != fresh.serial_number


def test_long_and_foreign_names_fit(now: datetime) -> None:
    made = new_studio_certificates("写真館" * 40, "JP", now.astimezone(UTC))
    verify_chain(made.leaf_certificate_pem, made.ca_certificate_pem, now)


@pytest.mark.parametrize(
    ("name", "country"), [("", "DE"), ("  ", "DE"), ("a\nb", "DE"), ("a", "de"), ("a", "DEU"), ("a", "")]
)
def test_names_that_are_none(name: str, country: str, now: datetime) -> None:
    with pytest.raises(WrongUsage):
        new_studio_certificates(name, country, now)

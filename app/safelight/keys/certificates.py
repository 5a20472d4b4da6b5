"""The studio's own certificate authority, and the one certificate that signs receipts (PAdES) and photos (C2PA).

Three programs check it, each with its own demands: pyHanko wants contentCommitment, C2PA wants an extended key usage
and an issuer other than itself, PDF readers only understand RSA or P-256. The extensions below satisfy all three.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, NoReturn

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from safelight.domain.errors import Malformed, Refused, WrongUsage
from safelight.domain.ids import is_country

Algorithm = Literal["PS256", "RS256"]
"""RFC 7518 names: ``PS256`` = RSASSA-PSS, SHA-256, salt 32 (C2PA); ``RS256`` = RSASSA-PKCS1-v1_5, SHA-256 (PDF)."""

_CA_DAYS, _LEAF_DAYS = 20 * 365 + 5, 5 * 365 + 1
_RSA_BITS = 3072
_CLOCK_SKEW = timedelta(hours=1)
_NAME_LIMIT = 64  # RFC 5280 appendix A: ub-common-name, ub-organization-name; counted in UTF-8 bytes by the library
_DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
_LEAF_USAGE = [ExtendedKeyUsageOID.EMAIL_PROTECTION, _DOCUMENT_SIGNING]


@dataclass(frozen=True, slots=True)
class StudioCertificates:
    """Both certificates and both private keys, PEM; the private ones (PKCS #8, unencrypted) are only ever sealed."""

    ca_certificate_pem: bytes
    leaf_certificate_pem: bytes
    ca_key_pem: bytes = field(repr=False)
    leaf_key_pem: bytes = field(repr=False)


def new_studio_certificates(name: str, country: str, now: datetime) -> StudioCertificates:
    """A new authority (P-256, 20 years) and a signing certificate under it (RSA-3072, 5 years).

    ``name`` is the studio's (cut to 64 bytes, the limit of X.509), ``country`` ISO 3166-1 alpha-2, ``now`` aware.
    """
    if not name.strip() or not name.isprintable() or not is_country(country):
        raise WrongUsage("A studio needs a printable name and a country of two capital letters, such as DE.")
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _subject(name.strip(), _cut(name.strip(), _NAME_LIMIT - 12) + " Studio Root", country)
    certificate = (
        _builder(subject, subject, key.public_key(), now, _CA_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(authority=True), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return _with_new_leaf(_private_pem(key), certificate, now)


def renew_leaf(certificates: StudioCertificates, now: datetime) -> StudioCertificates:
    """The same authority with a fresh signing key and certificate; what the old one signed stays valid."""
    return _with_new_leaf(certificates.ca_key_pem, _certificate(certificates.ca_certificate_pem), now)


def verify_chain(leaf_certificate_pem: bytes, ca_certificate_pem: bytes, at: datetime) -> None:
    """Return if the leaf is a document-signing certificate of that authority at that time; :class:`Refused` otherwise.

    ``ca_certificate_pem`` is the trusted one (pinned by the studio card); RFC 5280 section 6 for a chain of two.
    """
    leaf, authority = _certificate(leaf_certificate_pem), _certificate(ca_certificate_pem)
    try:
        authority.verify_directly_issued_by(authority)
        leaf.verify_directly_issued_by(authority)
    except (InvalidSignature, ValueError, TypeError) as error:
        raise Refused("The certificate was not issued by this studio.", "Nothing was taken over.") from error
    for certificate in (leaf, authority):
        if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
            raise Refused("The certificate was not valid at that time.", "Ask the studio for a renewed one.")
    try:
        roles = [each.extensions.get_extension_for_class(x509.BasicConstraints).value.ca for each in (authority, leaf)]
        may_issue = authority.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
        usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
        purposes = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError) as error:
        raise Refused("The certificate does not say what it is for.", "Nothing was taken over.") from error
    fit = usage.digital_signature and usage.content_commitment and _DOCUMENT_SIGNING in purposes
    if roles != [True, False] or not may_issue or not fit:
        raise Refused("The certificate is not one for signing documents.", "Nothing was taken over.")


class DocumentSigner:
    """Signs for PDF and C2PA with the studio's RSA key, which never leaves this object."""

    __slots__ = ("_key", "ca_certificate_pem", "certificate_pem")

    def __init__(self, certificates: StudioCertificates) -> None:
        # Validating an RSA key takes 300-560 ms. This one was made here and came out of an authenticated seal.
        key = serialization.load_pem_private_key(
            certificates.leaf_key_pem, password=None, unsafe_skip_rsa_key_validation=True
        )
        if not isinstance(key, rsa.RSAPrivateKey):
            raise Malformed("The studio's signing key is not an RSA key.", "Restore the key file from a backup.")
        self._key = key
        self.certificate_pem = certificates.leaf_certificate_pem
        self.ca_certificate_pem = certificates.ca_certificate_pem

    @property
    def chain_pem(self) -> bytes:
        """The signing certificate, then the authority's, PEM one after the other (as C2PA wants it)."""
        return self.certificate_pem + self.ca_certificate_pem

    def sign(self, data: bytes, algorithm: Algorithm) -> bytes:
        """The raw signature over ``data`` (which is hashed here); 384 bytes."""
        if algorithm == "RS256":
            return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=hashes.SHA256.digest_size)
        return self._key.sign(data, pss, hashes.SHA256())

    def __reduce__(self) -> NoReturn:
        raise TypeError("a signing key is not written anywhere except sealed")


def _with_new_leaf(ca_key_pem: bytes, authority: x509.Certificate, now: datetime) -> StudioCertificates:
    issuer = serialization.load_pem_private_key(ca_key_pem, password=None)
    if not isinstance(issuer, ec.EllipticCurvePrivateKey):
        raise Malformed("The studio's authority key is not a P-256 key.", "Restore the key file from a backup.")
    key = rsa.generate_private_key(public_exponent=65537, key_size=_RSA_BITS)
    name = _text(authority.subject, NameOID.ORGANIZATION_NAME)
    subject = _subject(name, name, _text(authority.subject, NameOID.COUNTRY_NAME))
    leaf = (
        _builder(subject, authority.subject, key.public_key(), now, _LEAF_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(_LEAF_USAGE), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key()), critical=False)
        .sign(issuer, hashes.SHA256())
    )
    return StudioCertificates(
        ca_certificate_pem=authority.public_bytes(serialization.Encoding.PEM),
        leaf_certificate_pem=leaf.public_bytes(serialization.Encoding.PEM),
        ca_key_pem=ca_key_pem,
        leaf_key_pem=_private_pem(key),
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
    now: datetime,
    days: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCK_SKEW)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _subject(organisation: str, common: str, country: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, country),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _cut(organisation, _NAME_LIMIT)),
            x509.NameAttribute(NameOID.COMMON_NAME, _cut(common, _NAME_LIMIT)),
        ]
    )


def _cut(text: str, limit: int) -> str:
    """The longest beginning of ``text`` that is at most ``limit`` UTF-8 bytes."""
    return text.encode()[:limit].decode(errors="ignore")


def _text(name: x509.Name, kind: x509.ObjectIdentifier) -> str:
    value = name.get_attributes_for_oid(kind)[0].value
    return value if isinstance(value, str) else value.decode()


def _private_pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    # Unencrypted PEM, because these bytes are only ever sealed as a whole (secrets.py).
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _certificate(untrusted_pem: bytes) -> x509.Certificate:
    try:
        certificates = x509.load_pem_x509_certificates(untrusted_pem)
    except ValueError as error:
        raise Malformed("A certificate is damaged.", "A PEM text of one certificate is expected.") from error
    if len(certificates) != 1:
        raise Malformed(f"There are {len(certificates)} certificates where one is expected.")
    return certificates[0]

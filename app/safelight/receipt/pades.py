"""Signs a receipt as PAdES baseline B-B, or B-T when a time-stamp authority is set (ETSI EN 319 142-1).

The signature certifies the document (DocMDP, no changes allowed), so that any later change is a change of a certified
document in every reader. RSA only: pyHanko raises the PDF version for other keys, which PDF/A-3 forbids.
"""

from __future__ import annotations

import asyncio
import io
from datetime import datetime
from typing import Any, Protocol

from asn1crypto import pem, tsp, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from safelight.domain.errors import DeviceFailure, Malformed, WrongUsage

FIELD = "Studio"
"""The name of the one signature field of a receipt."""
_RSA_3072 = 384


class DocumentSigner(Protocol):
    """What signing a receipt needs of the studio's key; ``safelight.keys.certificates.DocumentSigner`` is one."""

    certificate_pem: bytes
    """The signing certificate (one PEM)."""

    @property
    def chain_pem(self) -> bytes:
        """The signing certificate, then the authority's (PEM)."""

    def sign(self, data: bytes, algorithm: Any, /) -> bytes:
        """The raw signature over ``data`` for ``"RS256"`` (RFC 7518: RSASSA-PKCS1-v1_5 with SHA-256)."""


class Timestamper(Protocol):
    """Carries a DER time-stamp request (RFC 3161) to an authority and returns its DER response."""

    def __call__(self, request: bytes, /) -> bytes:
        """The authority's answer; raises :class:`DeviceFailure` if there is none."""


def sign_receipt(pdf: bytes, signer: DocumentSigner, now: datetime, timestamper: Timestamper | None = None) -> bytes:
    """``pdf`` with a certifying signature added; ``now`` (aware) is the time it claims.

    Without ``timestamper`` that time is only the studio's word. With one, an authority proves it (B-T).
    """
    if now.tzinfo is None:
        raise WrongUsage("The time of a signature needs its zone.")
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    authority = None if timestamper is None else _Authority(timestamper)
    output = io.BytesIO()
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        _AtTime(now, metadata, _Signer(signer), authority).sign_pdf(writer, output=output)
    except TimestampRequestError as error:
        raise DeviceFailure(
            "The time-stamp authority refused.", "Nothing was signed; sign without it or try again later."
        ) from error
    except (PdfError, SigningError, ValueError) as error:
        raise Malformed("This PDF cannot be signed.", "A receipt as this room draws it is expected.") from error
    return output.getvalue()


def certificates_in(chain_pem: bytes) -> tuple[x509.Certificate, ...]:
    """The certificates of a PEM text, in order; :class:`Malformed` if there is none or one is damaged."""
    try:
        found = tuple(x509.Certificate.load(der) for _, _, der in pem.unarmor(chain_pem, multiple=True))
        for each in found:
            each.native  # noqa: B018 - asn1crypto reads lazily; this makes a damaged certificate show itself here
    except (ValueError, TypeError) as error:
        raise Malformed("A certificate is damaged.", "PEM is expected.") from error
    return found


class _Signer(signers.Signer):
    """Lets pyHanko ask the studio's key for a signature; the key itself stays where it is."""

    def __init__(self, signer: DocumentSigner) -> None:
        leaf, *others = certificates_in(signer.chain_pem)
        if leaf.public_key.algorithm != "rsa":
            raise WrongUsage("Receipts are signed with an RSA certificate.", "Other keys break PDF/A-3.")
        registry = SimpleCertificateStore()  # type: ignore[no-untyped-call] # pyHanko leaves this one bare
        registry.register_multiple(others)
        super().__init__(signing_cert=leaf, cert_registry=registry, embed_roots=True)
        self._asked = signer
        self._size = leaf.public_key.byte_size or _RSA_3072

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """Called by pyHanko twice: once to learn the size, once to sign."""
        if digest_algorithm != "sha256":
            raise SigningError(f"SHA-256 expected, not {digest_algorithm}")
        return bytes(self._size) if dry_run else self._asked.sign(data, "RS256")


class _AtTime(signers.PdfSigner):
    """A signing session whose time is handed in instead of read from the clock."""

    def __init__(
        self, now: datetime, metadata: signers.PdfSignatureMetadata, signer: _Signer, authority: TimeStamper | None
    ) -> None:
        super().__init__(metadata, signer, timestamper=authority)
        self._now = now

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
        """PyHanko's session, with our time in it."""
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self._now
        return session


class _Authority(TimeStamper):
    """A time-stamp authority reached through a function, so that this room opens no connection."""

    def __init__(self, carry: Timestamper) -> None:
        super().__init__(include_nonce=True)  # type: ignore[no-untyped-call] # pyHanko leaves this one bare
        self._carry = carry

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Carry one request; off the event loop, because it waits for a network."""
        answer = await asyncio.get_running_loop().run_in_executor(None, self._carry, req.dump())
        try:
            return tsp.TimeStampResp.load(answer, strict=True)
        except ValueError as error:
            raise TimestampRequestError("not a time-stamp response") from error

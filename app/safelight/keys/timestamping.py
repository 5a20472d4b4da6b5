"""Optional proof of time: asks a time-stamp authority (RFC 3161) that a digest existed, and checks its answer."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from cryptography import x509
from rfc3161_client import (
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from safelight.domain.document_type import DocumentType
from safelight.domain.errors import DeviceFailure, Malformed, Refused, WrongUsage
from safelight.keys.fetching import NoAnswer, TooLong, exchange

Transport = Callable[[bytes], bytes]
"""Carries a DER time-stamp request to the authority and brings back its DER response."""

_LARGEST_RESPONSE = 1024 * 1024
_TIMEOUT_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A verified answer: ``response`` is the DER TimeStampResp to keep, ``time`` (aware, UTC) what it proves."""

    response: bytes
    time: datetime


class Timestamper:
    """Gets time stamps from one authority, trusted by its root certificate. Nothing is contacted until ``stamp``."""

    def __init__(self, transport: Transport, root_pem: bytes, tsa_pem: bytes | None = None) -> None:
        """``root_pem``: the authority's root certificate; ``tsa_pem``: its signing certificate, if it sends none."""
        self._transport = transport
        self._root, self._tsa = root_pem, tsa_pem

    def stamp(self, data: bytes) -> Timestamp:
        """A time stamp over SHA-512 of ``data``; only the digest and a random number leave this machine.

        Raises :class:`DeviceFailure` if the authority does not answer, :class:`Malformed` or :class:`Refused` if what
        it answers is not a good stamp for this request.
        """
        request = TimestampRequestBuilder().data(data).nonce(nonce=True).cert_request(cert_request=True).build()
        untrusted = self._transport(request.as_bytes())
        time = _verified(_decoded(untrusted), data, self._root, self._tsa, request.nonce)
        return Timestamp(untrusted, time)


def verify_timestamp(untrusted_response: bytes, data: bytes, root_pem: bytes, tsa_pem: bytes | None = None) -> datetime:
    """The time (UTC) which a kept response proves for ``data``; :class:`Refused` or :class:`Malformed` otherwise."""
    return _verified(_decoded(untrusted_response), data, root_pem, tsa_pem, None)


def http_transport(url: str) -> Transport:
    """A transport over HTTP (RFC 3161 section 3.4). The stamp is signed, so plain http is allowed for it."""
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise WrongUsage("The address of a time-stamp authority begins with http:// or https://.")

    def carry(request: bytes) -> bytes:
        headers = {"Content-Type": DocumentType.TIME_STAMP_QUERY.value, "Accept": DocumentType.TIME_STAMP_REPLY.value}
        message = urllib.request.Request(url, data=request, headers=headers, method="POST")  # noqa: S310 - checked above
        try:
            return exchange(message, _LARGEST_RESPONSE, _TIMEOUT_SECONDS)
        except NoAnswer as error:
            raise DeviceFailure(
                "The time-stamp authority does not answer.", "Nothing was lost; sign without it or try again later."
            ) from error
        except TooLong as error:
            raise Malformed("The answer of the time-stamp authority is too long.") from error

    return carry


def _decoded(untrusted: bytes) -> TimeStampResponse:
    try:
        return decode_timestamp_response(untrusted)
    except ValueError as error:
        raise Malformed(
            "The answer of the time-stamp authority is not a time stamp.", "Nothing of it was kept."
        ) from error


def _verified(
    untrusted: TimeStampResponse, data: bytes, root_pem: bytes, tsa_pem: bytes | None, nonce: int | None
) -> datetime:
    builder = VerifierBuilder().add_root_certificate(_certificate(root_pem))
    if tsa_pem is not None:
        builder = builder.tsa_certificate(_certificate(tsa_pem))
    if nonce is not None:
        builder = builder.nonce(nonce)
    try:
        builder.build().verify_message(untrusted, data)
        return untrusted.tst_info.gen_time
    except (VerificationError, ValueError) as error:
        raise Refused(
            "The time stamp does not prove this content at any time.",
            f"It was not accepted ({type(error).__name__}: {error}).",
        ) from error


def _certificate(pem: bytes) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(pem)
    except ValueError as error:
        raise Malformed("The certificate of the time-stamp authority is damaged.", "PEM is expected.") from error

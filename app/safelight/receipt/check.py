"""Checks a signed receipt more strictly than a PDF reader does, and takes the attached record out of one.

pyHanko alone says "valid" to a file with bytes appended after its end. Here the signature must be the only one, cover
the whole file to its last byte, forbid changes, and come from a certificate under the one root the caller has pinned.
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import pikepdf
from asn1crypto import algos, cms, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import SuspiciousModification
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import EmbeddedPdfSignature, SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

from safelight.domain.errors import Malformed, Refused

from .pades import FIELD, certificates_in

ATTACHMENT = "consent.jsonld"
"""The name under which the machine-readable record lies in the PDF."""
HEAD = "safelight-journal"
"""Begins the keywords of the PDF; then come the number and the hash of the journal's last entry."""
_HEAD = re.compile(rf"{HEAD} (\d{{1,15}}) ([0-9a-f]{{64}})")
_LARGEST = 32 * 1024 * 1024
_SUBFILTER = "/ETSI.CAdES.detached"
_KEPT = "It proves nothing; ask the studio for the original."


@dataclass(frozen=True, slots=True)
class ReceiptCheck:
    """What a good receipt proves.

    ``signed_at`` is the time the studio claims; ``proved_at`` what a trusted time-stamp authority confirms, if one was
    asked and its root was given. ``certificate_sha256`` is the signing certificate's fingerprint (DER, hex).
    """

    studio: str
    signed_at: datetime
    proved_at: datetime | None
    certificate_sha256: str


def verify_receipt(untrusted_pdf: bytes, root_pem: bytes, tsa_root_pem: bytes | None = None) -> ReceiptCheck:
    """What ``untrusted_pdf`` proves under the studio root ``root_pem`` (pinned by the studio card).

    Raises :class:`Refused` naming what is wrong, or :class:`Malformed` if it is no PDF at all. Certificates are judged
    at the time the signature claims, a time-stamp authority's at the time of its stamp, so a receipt outlives them.
    """
    roots = certificates_in(root_pem)
    if len(roots) != 1:
        raise Malformed("Exactly one root certificate is expected.", "Take it from the studio's card.")
    with _reading():
        signature = _only_signature(untrusted_pdf)
        claimed = signature.self_reported_timestamp
        leaf = signature.signer_cert
    if claimed is None or claimed.tzinfo is None:
        raise Refused("The receipt's signature does not say when it was made.", _KEPT)
    fingerprint = hashlib.sha256(leaf.dump()).hexdigest()
    if leaf.issuer != roots[0].subject or leaf.ca:
        raise Refused("The receipt was signed by somebody else than this studio.", _KEPT)
    with _reading():
        ours = ValidationContext(trust_roots=[roots[0]], allow_fetching=False, moment=claimed, other_certs=[])
        theirs = (
            ValidationContext(
                trust_roots=list(certificates_in(tsa_root_pem)), allow_fetching=False, moment=_stamped(signature)
            )
            if tsa_root_pem is not None
            else ValidationContext(trust_roots=[], allow_fetching=False)
        )
        status = validate_pdf_signature(signature, signer_validation_context=ours, ts_validation_context=theirs)
        whole = _covers_all(signature, untrusted_pdf) and _only_ours(signature, untrusted_pdf, roots[0])
    if not status.intact or not status.valid:
        raise Refused("The receipt was changed after it was signed.", _KEPT)
    if not status.trusted:
        raise Refused("The receipt was signed by somebody else than this studio.", _KEPT)
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE or not whole:
        raise Refused("Something was added to the receipt after it was signed.", _KEPT)
    if signature.docmdp_level != MDPPerm.NO_CHANGES or status.docmdp_ok is False:
        raise Refused("The receipt's signature does not forbid changes.", _KEPT)
    stamp = status.timestamp_validity
    if stamp is not None and not (stamp.valid and stamp.intact):
        raise Refused("The receipt's time stamp does not hold.", _KEPT)
    proved = stamp.timestamp if stamp is not None and stamp.valid and stamp.intact and stamp.trusted else None
    if tsa_root_pem is not None and proved is None:
        raise Refused("The receipt carries no time stamp of this authority.", "Its time is only the studio's word.")
    return ReceiptCheck(str(leaf.subject.native.get("common_name", "")), claimed, proved, fingerprint)


def attached_record(untrusted_pdf: bytes) -> bytes:
    """The machine-readable record attached to a receipt, byte for byte; :class:`Malformed` if there is none."""
    _gate(untrusted_pdf)
    try:
        with pikepdf.open(io.BytesIO(untrusted_pdf)) as pdf:
            if ATTACHMENT not in pdf.attachments:
                raise Malformed("This PDF carries no consent record.", "A receipt as Safelight makes it is expected.")
            return bytes(pdf.attachments[ATTACHMENT].get_file().read_bytes())
    except (pikepdf.PdfError, ValueError, KeyError, TypeError) as error:
        raise Malformed("This PDF is damaged.", "Nothing was taken out of it.") from error


def attached_head(untrusted_pdf: bytes) -> tuple[int, str] | None:
    """Number and hash of the journal's end that a receipt states; None in receipts of before they stated it."""
    _gate(untrusted_pdf)
    try:
        with pikepdf.open(io.BytesIO(untrusted_pdf)) as pdf:
            found = _HEAD.fullmatch(str(pdf.docinfo.get("/Keywords", "")))
    except (pikepdf.PdfError, ValueError, KeyError, TypeError) as error:
        raise Malformed("This PDF is damaged.", "Nothing was taken out of it.") from error
    return None if found is None else (int(found[1]), found[2])


def _gate(untrusted_pdf: bytes) -> None:
    if len(untrusted_pdf) > _LARGEST:
        raise Malformed("This PDF is far too large for a receipt.", "Nothing was read.")
    if not untrusted_pdf.startswith(b"%PDF-"):
        raise Malformed("This is not a PDF.", "A receipt as Safelight makes it is expected.")


def _only_signature(untrusted_pdf: bytes) -> EmbeddedPdfSignature:
    _gate(untrusted_pdf)
    # strict: a file that needs repair to be read is not the file that was signed.
    found = list(PdfFileReader(io.BytesIO(untrusted_pdf), strict=True).embedded_signatures)
    if not found:
        raise Refused("The receipt is not signed.", _KEPT)
    if len(found) > 1:
        raise Refused(f"The receipt carries {len(found)} signatures where one is expected.", _KEPT)
    signature: EmbeddedPdfSignature = found[0]
    if signature.field_name != FIELD or signature.sig_object.get("/SubFilter") != _SUBFILTER:
        raise Refused("The receipt's signature is not of the kind a studio makes.", _KEPT)
    return signature


def _stamped(signature: EmbeddedPdfSignature) -> datetime | None:
    """The time in the stamp, at which its authority's certificate is judged; None without one.

    Authorities change their certificates every few years; a stamp made in time must not lose its worth with them.
    """
    for attribute in signature.signer_info["unsigned_attrs"]:
        if attribute["type"].native == "signature_time_stamp_token":
            token = attribute["values"][0]["content"]["encap_content_info"]["content"].parsed
            at = token["gen_time"].native
            return at if isinstance(at, datetime) else None
    return None


def _covers_all(signature: EmbeddedPdfSignature, untrusted_pdf: bytes) -> bool:
    ranges = [int(each) for each in signature.byte_range]
    return len(ranges) == 4 and ranges[0] == 0 and ranges[2] + ranges[3] == len(untrusted_pdf)


def _only_ours(signature: EmbeddedPdfSignature, untrusted_pdf: bytes, root: x509.Certificate) -> bool:
    """Whether the hole the signature lies in holds nothing but the signature, written the one way we write it.

    The hole is the one part of the file that is not signed, and a CMS has fields its signature does not cover
    (RFC 5652, 5.4). So the container is built again from what is covered, and must come out the same, byte for byte.
    """
    _, start, end, _ = (int(each) for each in signature.byte_range)
    hole = untrusted_pdf[start:end]
    claimed = cms.ContentInfo.load(bytes(signature.pkcs7_content), strict=False)["content"]["signer_infos"][0]
    leaf = signature.signer_cert
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            "issuer_and_serial_number",
            cms.IssuerAndSerialNumber({"issuer": leaf.issuer, "serial_number": leaf.serial_number}),
        ),
        "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
        "signed_attrs": claimed["signed_attrs"],
        "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
        "signature": claimed["signature"],
    }
    unsigned = claimed["unsigned_attrs"]
    if [each["type"] for each in unsigned.native or []] == ["signature_time_stamp_token"]:
        # Encoded once: what was read would be encoded again for each level around it, and so would all below it.
        signer["unsigned_attrs"] = cms.CMSAttributes.load(unsigned.dump(), implicit=1)
    certificates = cms.CertificateSet([cms.CertificateChoices("certificate", each) for each in (leaf, root)])
    data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": cms.DigestAlgorithms([algos.DigestAlgorithm({"algorithm": "sha256"})]),
            "encap_content_info": {"content_type": "data"},
            "certificates": certificates,
            "signer_infos": [cms.SignerInfo(signer)],
        }
    )
    built: bytes = cms.ContentInfo({"content_type": "signed_data", "content": data}).dump()
    return hole == b"<" + built.hex().upper().encode().ljust(len(hole) - 2, b"0") + b">"


# What these would log with a traceback is said here in one sentence; a refused receipt is no fault of the program.
for _name in ("generic_cms", "pdf_embedded"):
    logging.getLogger(f"pyhanko.sign.validation.{_name}").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko.sign.diff_analysis.policies").setLevel(logging.CRITICAL)


@contextmanager
def _reading() -> Iterator[None]:
    """Turns whatever a broken or hostile PDF makes the library raise into one sentence."""
    try:
        yield
    except (SignatureValidationError, SuspiciousModification, SigningError) as error:
        raise Refused("The receipt's signature does not hold.", f"{_KEPT} ({type(error).__name__})") from error
    except (
        PdfError,
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
        RuntimeError,
        RecursionError,
        OverflowError,
    ) as error:
        # The library reads attacker-made structures and lets Python's own errors through where a type is unexpected.
        raise Refused("The receipt is damaged or was changed.", f"{_KEPT} ({type(error).__name__})") from error

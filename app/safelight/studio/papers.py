"""Letters, certificates and registers of a studio as PDF, signed like its receipts."""

from __future__ import annotations

from safelight.domain.page_document import PageDocument
from safelight.receipt.issue import sign_receipt
from safelight.receipt.page_documents import render_document
from safelight.studio.open_studio import OpenStudio


def signed_pdf(studio: OpenStudio, document: PageDocument) -> bytes:
    """The document as PDF/A-3b, signed as of its own date; no time authority is asked.

    Made again it has the same pages under another signature: whoever needs the same bytes keeps them.
    """
    return sign_receipt(render_document(document), studio.documents, document.at)

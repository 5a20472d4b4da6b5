"""What the studio asks of this room: draw a receipt, sign it, check one, and take the record out of one."""

from __future__ import annotations

from .check import ReceiptCheck, attached_head, attached_record, verify_receipt
from .drawing import render_receipt
from .pades import DocumentSigner, Timestamper, sign_receipt

__all__ = [
    "DocumentSigner",
    "ReceiptCheck",
    "Timestamper",
    "attached_head",
    "attached_record",
    "render_receipt",
    "sign_receipt",
    "verify_receipt",
]

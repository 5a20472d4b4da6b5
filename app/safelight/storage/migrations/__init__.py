"""The steps by which the archive's schema came to be; each is run and checked by the tests, none is ever edited."""

from __future__ import annotations

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
"""Every revision in order; the last one is what this program reads and writes."""

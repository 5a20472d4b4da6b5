"""The steps by which the catalogue's schema came to be; each is run and checked by the tests, none is ever edited."""

from __future__ import annotations

from pathlib import Path

REVISIONS = ("0001", "0002", "0003", "0004")
"""Every revision in order; the last one is what this program reads and writes."""
FOLDER = Path(__file__).parent

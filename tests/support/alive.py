"""Everything that lives in this process, for tests that look whether something of somebody is left."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def alive(*, tidied: bool = True) -> Iterator[list[object]]:
    """All objects Python keeps account of; ``tidied``: once what nothing uses any more is gone.

    Within it ``gc.get_referrers`` sees them all too, also those that ``conftest.py`` had set aside before the first
    test; afterwards what lives is set aside again.
    """
    gc.unfreeze()
    if tidied:
        gc.collect()
    try:
        yield gc.get_objects()
    finally:
        gc.freeze()

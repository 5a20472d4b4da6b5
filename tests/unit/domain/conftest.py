"""Makes the way through the ceremony (``asking.py``) importable for the tests of this room."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

if "asking" not in sys.modules:
    _spec = importlib.util.spec_from_file_location("asking", Path(__file__).with_name("asking.py"))
    assert _spec is not None and _spec.loader is not None
    sys.modules["asking"] = _module = importlib.util.module_from_spec(_spec)
    _spec.loader.exec_module(_module)

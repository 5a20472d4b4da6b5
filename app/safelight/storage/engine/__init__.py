"""The database engines: everything one kind of database says and does in its own way, behind one door.

``interface.py`` is the door: what storage asks of an engine, each method with the promise it must keep. ``sqlite.py``
is the one engine there is. Another engine is another file that keeps the same promises: nothing outside this folder
names a driver, a dialect or a system table (``tests/architecture`` checks it), and a whole archive runs on an engine
that does all of it in another way (``tests/unit/storage/test_engine.py``).

It may import what its room may, and of its room only ``permissions``. Read ``interface.py`` first.
"""

from __future__ import annotations

from safelight.storage.engine.interface import Engine
from safelight.storage.engine.sqlite import SqliteEngine

ENGINE: Engine = SqliteEngine()
"""What keeps the rows and the wrapped keys of every studio and every agency."""

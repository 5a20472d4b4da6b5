"""Where the program's own data lies and how it is read: rules, texts and schemas that ship with it, and time zones.

Package data is part of the program, as fixed as its code, so reading it is not I/O in the sense of the house; beyond
it only ``zones.py`` and ``places.py`` look at the machine: at its time zones, and at where it keeps what belongs to its
users. It imports nothing of the other
rooms. Read ``resources.py``.
"""

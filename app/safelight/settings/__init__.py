"""Where the program's own data lies and how it is read: rules, texts and schemas that ship with it, and time zones.

Package data is part of the program, as fixed as its code, so reading it is not I/O in the sense of the house; beyond
it only ``zones.py`` looks at the machine: at its time zones and which one it is in. It imports nothing of the other
rooms. Read ``resources.py``.
"""

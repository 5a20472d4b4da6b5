"""Where the program's own data lies and how it is read: rules, texts and schemas that ship with it, and time zones.

Package data is part of the program, as fixed as its code, so reading it is not I/O in the sense of the house; beyond
it only three look at the machine: ``zones.py`` at its time zones, ``places.py`` at where it keeps what belongs to its
users, and ``background.py`` lets a thread give way to a window. It imports nothing of the other rooms. Read
``resources.py``.
"""

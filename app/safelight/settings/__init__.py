"""Where the program's own data lies and how it is read: rules, texts and schemas that ship with it.

Package data is part of the program, as fixed as its code, so reading it is not I/O in the sense of the house; nothing
else here touches a file. It imports nothing of the other rooms. Read ``resources.py``.
"""

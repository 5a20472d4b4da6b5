"""The door for automation, agencies and everybody without a screen: the ``safelight`` command.

It reads arguments, calls verbs of ``studio`` and ``agency``, and prints what they return, for people or as JSON. It
decides nothing. It may import every room below the doors, not Qt; a window and a demonstration are handed in by
``bootstrap`` (``windows.py``, ``demonstration.py``). Read ``parser.py`` (what can be asked), then ``main.py`` (how an
answer becomes text and an exit code). The other files hold the commands, one topic each; they are
imported only when asked for, so that ``--help`` answers at once.
"""

"""The signing screen: what the person in front of the camera reads, taps and signs, in a window of its own.

It paints what the room ``asking`` decides: scenes and steps come in, wishes go out. It sees one person's ceremony and
never the archive, the keys, the bundles or another person; ``bootstrap`` hands in something that keeps the protocols of
``asking.signing_point``. It may run beside other windows of the program: keys, look and clipboard are its own window's
alone. May import ``asking``, ``domain``, ``settings``, ``qt`` and, for handwriting, ``capture.ink``. Read ``window.py``
first (what stays around every step), then ``panels.py`` and ``steps`` (one file per step).
"""

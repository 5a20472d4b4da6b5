"""The signing screen: what the person in front of the camera reads, taps and signs, in a window of its own.

It sees one person's ceremony (``desk.Sitting``) and never the archive, the keys, the bundles or another person: what it
needs of the studio is written down in ``desk`` as protocols, and ``bootstrap`` hands in something that keeps them. May
import ``domain``, ``settings``, ``qt`` and, for handwriting and for cards held before a camera, ``capture.ink`` and
``capture.badge_frames``. Read ``desk.py`` first, then ``flow.py`` (what happens next; ``flow_asking.py`` for the one
person who sits here), ``window.py`` (what stays around every step) and ``steps`` (one file per step).
"""

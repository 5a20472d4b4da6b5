"""The way of one person through the questions: who is let in, what follows, what a wish does; with no toolkit.

Every screen people sign on is a skin of this room: the kiosk paints its scenes with Qt, a tablet as pages of a browser.
It sees one person's ceremony through the protocols of ``signing_point`` and never the archive, the keys, the bundles or
another person; slow work goes through the protocol in ``work``. May import ``domain``, ``settings`` and, for
handwriting, ``capture.ink``; it cannot see Qt. Nothing locks: whoever holds a ``Flow`` calls it from one thread at a
time. Read ``flow.py`` first (what happens next), then ``asking.py`` (the one person who sits here), ``scene.py`` and
``step_state.py`` (what is shown), ``wishes.py`` (all that can be wanted), ``signing_point.py`` (the studio).
"""

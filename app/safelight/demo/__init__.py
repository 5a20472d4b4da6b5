"""A day to play with: people who do not exist are photographed, asked and handed on, through the real verbs.

What lives here: a whole headshot day without a screen (``day``, with its ``camera``, its ``cast`` and what it says at
its end, ``story``), a studio to try the signing screen with (``signing_studio``), somebody's way through the questions
(``walk``), and drawn faces and signatures (``drawn/``).

It is one of the doors: it may import every room below, not another door and no windows, and it may use Pillow to draw.
Nothing imports it but ``bootstrap``, which hands it to the command line (``safelight demo``, ``safelight kiosk
--demo``). Read ``day.py`` first.
"""

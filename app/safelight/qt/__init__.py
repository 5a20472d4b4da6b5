"""What every window is made of: theme, typefaces, controls, pages, badge readers, work in the background.

It knows Qt and nothing of studios: words, bytes and callables are handed in. May import ``settings``, ``domain`` and,
for cards held before a camera, ``capture.badge_frames``; PDFium (``pypdfium2``) has its room here, because a page on
the screen is a picture for a window. Read ``theme.py`` first, then ``controls.py``; ``jobs.py`` is how anything slow is
done (``lanes.py`` are its threads), ``bursts.py`` and ``camera.py`` read badges.
"""

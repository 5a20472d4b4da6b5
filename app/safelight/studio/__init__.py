"""What a studio can do: one plain function per verb, each taking the open studio first.

Only this room (and ``agency``) carries things between the trades: it takes what capture read, asks domain, has
documents write, keys sign, storage keep, receipt print and bundle pack. It imports every room below it and is
imported by the doors. Read ``open_studio.py`` first, then ``consents.py`` (what one signing sets in motion) and
``exports.py``. What doors show without changing anything is asked of ``queries``.
"""

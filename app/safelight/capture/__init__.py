"""The room where pictures and lists come in: files read without touching them, decoded at arm's length, told apart.

What lives here: whether a file is all there (``completeness``), reading it whole or not at all (``reading``), finding
files on cards and in hot folders (``folders``), decoding in limited processes (``decoder_pool`` starts them and asks
over ``worker_protocol``; ``worker_main``, ``confine``, ``developing``, ``raw`` and ``metadata`` run inside it), QR
slates and who a frame belongs to (``slates``, and ``badge_frames`` for a live camera), the code that tells a camera's
clock (``clock_codes``), rosters (``roster``, which stands on ``roster_table``, ``roster_values`` and
``roster_faults``), and handwriting
(``ink``).

It is the only room that touches rawpy, pi-heif, zxing-cpp and segno, and the only one that decodes with Pillow (the
demonstration draws with it); it may import keys, images, settings
and domain. It never sees the archive: values in, values or bytes out. Everything it reads was written by somebody
else, so it is named ``untrusted_…`` until checked. Read ``reading.py`` first, then ``decoder_pool.py``.
"""

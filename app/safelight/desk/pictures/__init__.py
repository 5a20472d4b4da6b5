"""Pictures on the desk: the grid of frames, the newest one large, and what reads them in the background.

Widgets that know neither studio nor screen: rows, words, keys and the sources of bytes are handed in, what somebody
wants comes out as signals. May import what ``desk`` may, without ``studio``. Read ``tiles.py`` first, then ``grid.py``
(with ``frame_model.py``, ``tile_painter.py``, ``thumbnails.py``) and ``large.py`` (with ``frame_source.py``).
"""

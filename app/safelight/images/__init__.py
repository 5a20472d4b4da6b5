"""The room that knows picture files as bytes: containers, metadata packets, and the hash of the picture itself.

What lives here: JPEG, PNG, WebP and TIFF containers (``photo_*``, ``tiff_*``), EXIF (``exif``), XMP packets (``xmp*``),
what may stay in a file that leaves (``cleaning``, ``xmp_allowed``), the rights that are written into it
(``rights_marks``, ``credentials``), and the hash of the image data alone (``imagehash*``). Nothing here decodes a
picture, opens a file or sees a person: bytes come in and go out, and what is wrong with them is said with its place.

It may import ``domain`` and ``settings``, and ``lxml``; it cannot see ``documents``. Read ``photo_file.py`` first: what
every container can do.
"""

"""The room that knows picture files as bytes: containers, metadata packets, and the hash of the picture itself.

What lives here: the one table of formats (``image_format``, by ``media_type``), JPEG, PNG, WebP and TIFF containers
(``photo_*``, ``tiff_*``), EXIF (``exif``), XMP packets (``xmp*``), what may stay in a file that leaves (``cleaning``,
``xmp_allowed``), the rights that are written into it (``rights_marks``, ``credentials``), and the hash of the image
data alone (``imagehash*``). Nothing here decodes a picture, opens a file or sees a person: bytes come in and go out,
and what is wrong with them is said with its place.

It may import ``domain`` and ``settings``, and ``lxml``; it cannot see ``documents``. Read ``image_format.py`` first:
what is done with each format; then ``photo_file.py``: what every container can do.
"""

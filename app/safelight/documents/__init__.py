"""The room where values become bytes and come back: everything that is signed, exchanged or stored as text.

What lives here: canonical JSON (``jcs``), the strict reader of foreign JSON (``reading``), the codec between domain
values and plain JSON (``plain``), the consent record (``record``), the usage policy (``policy``), the status list
(``status``), identity cards (``cards``), withdrawal notices and acknowledgements (``withdrawal_notices``) and the
bundle's manifest. Nothing here signs, opens a file, reads a clock or draws a random number; keys, times
and ids are handed in, and signatures are carried as text.

It may import ``domain`` and ``settings`` (for the schemas and the context that ship with the program), ``rfc8785``
and ``jsonschema_rs``; it cannot see ``images``. Read ``record.py`` first: what a person answered, as the document an
agency can check with tools we did not write. ``resources/formats.md`` tells the same to somebody who writes a reader
of their own.
"""

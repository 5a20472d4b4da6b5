"""The archive: everything a studio keeps, on one disk, as ciphertext and columns that say nothing about a person.

What lives here: the studio's folder and its lock, the database with its migrations, the key store of the subjects'
wrapped keys, the sealed files, one repository per kind of thing, the check that recovers and verifies, backup and
erasure. Rows are sealed under the key of the person they are about, so destroying two wrapped keys erases the person.
Keyed digests vouch for all of them, so that what another program did to them is found by whoever would rely on it.
Several programs work on one studio: they share its folder (``lock.py``) and write one after the other. What is read to
decide a write is read inside its transaction, and what is remembered of rows or keys only until others wrote.

It may import ``keys``, ``documents``, ``settings`` and ``domain``; it alone imports sqlalchemy and alembic, and of it
only ``engine`` knows which database is under it: its driver, dialect, error codes and triggers.
Read ``archive.py`` first (what can be asked of it), then ``rows.py`` (what it answers), ``database.py`` (whose turn it
is to write), ``engine/interface.py`` (what makes an acknowledged write durable), ``digests.py`` (what vouches).
"""

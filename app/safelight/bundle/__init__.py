"""The bundle room: photos and what each person allowed, as one encrypted file that anybody can open with stock tools.

What lives here: the plan of a bundle and its writer (``plan``, ``writer``), the tar form inside (``ustar``), photos
as an archive keeps them, from which a bundle is packed (``originals``) in this process or in one of its own that gives
way to a window (``packing_process`` starts it and speaks ``packing_messages`` with it; ``packing_worker`` runs inside
it), the staged reader of foreign bundles (``reader``, with ``pipe`` and ``contents``), extraction to plain files
(``folder``), and what goes into a photo on its way out (``prepare``, ``credentials``). It may import ``keys``,
``documents``, ``images``, ``settings`` and ``domain``, and is the only room that uses c2pa. Values and streams come in,
values and streams go out; it knows no archive. Read ``plan.py`` first, then ``writer.py`` and ``reader.py``.
"""

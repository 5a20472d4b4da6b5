"""One repository per kind of thing; each knows its tables, seals what goes in and opens what comes out.

Calls that write take the :class:`~safelight.storage.transaction.Transaction` they belong to; calls that read see it
from inside and do not see it from outside until it is committed.
"""

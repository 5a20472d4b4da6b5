"""What can be asked of a studio: the only read side of every door, each answer a tuple of frozen rows.

Nothing here changes anything. A query reads the archive a fixed number of times, however many people or photos there
are (ids and keys in batches of a few hundred); a door shows the rows and never reaches into the archive itself. It may
import the rooms below ``studio`` and what ``studio`` knows of consents, never a verb. Read ``board.py`` first (who is
where in a session), then ``permissions.py`` (who allows a use) and ``ledger.py`` (what left).
"""

"""What can be asked of an agency's catalogue without asking whether a picture may be used: the doors' read side.

Each answer is a tuple of frozen rows, read in a fixed number of steps however many photos there are (in batches); what
may be done with a picture only ``questions.py`` tells, which keeps account. It may import the rooms below ``agency``
and what ``agency`` knows of deliveries, never a verb. Read ``photos.py`` first.
"""

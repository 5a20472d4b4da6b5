"""Rules of the program broken one at a time, and the tests that must notice (``mutate.py``)."""

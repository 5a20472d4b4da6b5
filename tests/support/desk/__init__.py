"""A desk for tests: the real one, with a signing screen that only remembers."""

"""The signing screen under test: a double of the studio behind it, a person who taps, and what is looked at."""

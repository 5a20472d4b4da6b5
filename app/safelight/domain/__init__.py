"""The ground floor: what a consent is and what it allows, as pure values and decisions.

Nothing here reads a clock, a file, a network or a random source: times, ids and bytes are handed in. It may import the
standard library's pure parts and itself, nothing else. Read ``usage.py`` first: ``may`` is the question everything
else exists to answer; then ``consent.py`` (events folded to a state) and ``ceremony.py`` (how a person is asked).
"""

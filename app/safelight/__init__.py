"""Safelight: consent that travels with the photo.

A room (a package here) imports only rooms below it; rooms on one floor cannot see each other:

    bootstrap                                       wires everything, once; the only file that knows every room
    desk | kiosk | tablet | cli | demo              the doors: photographer, subject here or on a tablet, automation,
                                                    a day to play with
    qt | asking                                     what windows share  |  one person's way through the questions
    studio | agency                                 what a studio, what an agency can do: verbs, and queries that read
    capture | receipt | bundle | rights | storage   trades and archive, blind to each other: values in, values out
    keys                                            keyring, passphrase, recovery; subjects' keys; sealing and signing
    documents | images                              records, policies, manifests as bytes  |  picture files as bytes
    settings | domain                               pure data and decisions: no clock, no randomness, no I/O

Only ``studio`` and ``agency`` carry things between the trades, so a trade can be tested without database, keyring or
window, and the terminal and the desktop cannot grow two logics. One library lives in one room (``pyproject.toml`` lists
which); ``tests/architecture`` goes red when a floor, a library or a house rule is crossed.

Read ``studio`` for what can be done, then ``domain`` for what it means. Each room's own page says what it may import
and which file to read first. Rooms that are not here yet are on the plan, not in the way.
"""

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

One concept, one name:

    archive, catalogue      what a studio keeps; what an agency keeps
    repository              one kind of thing in them: opens rows, seals rows (``storage/repositories``)
    sealed store            what repositories stand on: database, keys, rows bound to their place
    engine                  everything that is one database's own (``storage/engine``)
    integrity check         opens every row, hashes every file, follows every reference
    query                   a question a door asks, answered in frozen rows (``studio/queries``, ``agency/queries``)
    changes                 what kinds of things a verb changed; whatever shows them looks again
    ceremony, act           the step machine of one signing; one thing somebody did in it
    asking, scene, wish     who drives it at a screen; what is shown at one moment; what somebody there wants
    signing point, sitting  a session's door; one person behind it. A seat belongs to one sitting at a time
    signing context         who signed how, where, shown what: everything of a signing but the answers
    receipt, record         all that one signing says; one use in it
    page document           a letter, certificate or register as data (``rights``), before ``receipt`` draws it
    notice                  what people are told before they answer; a withdrawal notice is a message to agencies
    consent snapshot        what one person allows now, as ``may`` asks for it
    export request          what somebody wants to hand over; a cleared photo may go, a reason to stay says why not
    switch, switch log      from then on somebody else, or nobody, is on set; all of them, in the journal
    camera's clock          by how much it is off: known by a photographed code or by hand, else inferred from arrivals
    check                   a frame of which it is not certain whose it is; a question until somebody answers it
    identity card           a studio's or an agency's public keys; a badge is what a person shows to a signing point
    slate, spare card       a badge made for a camera to read before somebody's frames; a badge of nobody yet (``W-01``)
    clock code              what a camera photographs so that its clock is known: it says when it was shown
    name index              people ready to be found while somebody types (``domain/searching``)
    trusted studio          the key an agency has pinned; a PIN is digits somebody types
    rate limiter            counts wrong guesses in the archive
    frame, photo, shot      a picture file on its way in; one that is kept; all photos of one release of the shutter
    source mark             by what a file that was looked at is known again, so that nobody reads it twice
    decoder pool            worker processes that decode pictures; ``worker_main`` runs inside them
    packing process         packs one bundle beside a window; ``packing_worker`` runs inside it, the signing keys do not
    original                a photo's picture file as it came in, sealed in the archive
    image format            how one kind of picture file is told, hashed, marked and cleaned (``images/image_format``)
    panel, step             a page around the ceremony; a page of it
"""

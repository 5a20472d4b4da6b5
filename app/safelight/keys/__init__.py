"""Everything secret: the studio's master key, what it wraps, and the only hands that seal, open, sign and verify.

A master key is kept three ways (operating-system keyring, passphrase, recovery shares) and wraps a portrait key and an
evidence key per subject; rows and files are sealed under those, so destroying two wrapped keys erases a person.
This room may import ``documents``, ``settings`` and ``domain``; it alone imports cryptography, pyrage, keyring,
shamir_mnemonic and rfc3161_client. Read ``master.py`` first, then ``wrapping.py`` (how the master is opened),
``sealing.py`` (rows and files; ``age_payload.py`` says why the age format has code of its own here) and ``signing.py``
(who said so). What a helper process may know and hear is said in ``process.py`` (no secret but over its pipe),
``messages.py`` and ``sealed_file.py`` (one file with what opens it).
"""

"""Unlocking: the passphrase, or the key in this computer's keyring, before anything of a studio is there."""

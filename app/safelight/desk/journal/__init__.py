"""The journal: everything that happened, the newest first, and the check that nothing of it was changed."""

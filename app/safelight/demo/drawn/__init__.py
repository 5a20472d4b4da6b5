"""People who do not exist: ``portrait`` photographs them, ``signature`` writes their names; the rest draws a face."""

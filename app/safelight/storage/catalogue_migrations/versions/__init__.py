"""One file per revision, named by number."""

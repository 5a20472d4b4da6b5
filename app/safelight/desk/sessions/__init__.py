"""The sessions of the studio: what there is, a new one, its people from a list, and what is printed for it."""

"""The settings: sections on the left, one page each; every act goes through a verb of the studio."""

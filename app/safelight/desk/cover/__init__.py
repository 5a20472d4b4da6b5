"""The cover: the studio's name and the clock, and a way back for the team; nothing else is painted or kept."""

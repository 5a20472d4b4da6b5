"""What ``bootstrap`` hands to the command line: a day to play, and a studio to try the signing screen with."""

from safelight.demo.day import play_day
from safelight.demo.signing_studio import found_signing_studio

__all__ = ["found_signing_studio", "play_day"]

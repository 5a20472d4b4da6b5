"""The first run: set up a studio or an agency, keep its recovery sheets, name the people; or look around."""

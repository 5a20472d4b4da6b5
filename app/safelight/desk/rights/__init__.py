"""People's rights: what one person allows until when, who still holds their pictures, what they asked, what is due."""

"""Where each field of an article stands, by the signs of a portal's pages: text, day, lead, section, tags, pictures."""

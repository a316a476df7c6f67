"""Trial: portals nobody has crawled yet, a few articles of each beside the portal's own words, likely faults first."""

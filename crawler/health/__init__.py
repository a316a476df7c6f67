"""How crawls went and how portals are: facts of a run, a verdict each, drift, coverage, sunset, and who is told."""

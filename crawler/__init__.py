"""Everything that meets the web: frontier, fetch, discovery, extraction, the command line."""

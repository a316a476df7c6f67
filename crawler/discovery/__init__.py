"""Where article addresses come from: feeds, sitemaps, lists and links. Always the union: each method misses some."""

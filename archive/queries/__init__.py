"""Questions to the public database: records, older versions, search, summaries."""

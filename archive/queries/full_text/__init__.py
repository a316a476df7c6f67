"""Search: the language of the box, matching, relevance, extracts, facets, and what else the words may mean."""

"""Everything that keeps and shows: model, store, WARC, text, search, site. Knows nothing of crawling."""

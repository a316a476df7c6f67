"""Reasons: why a page, a host or a scheduled crawl ended as it did, as codes with facts and one English sentence each."""

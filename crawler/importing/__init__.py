"""Importing what others captured: WARC, ARC and WACZ files, and JSON lines of texts."""

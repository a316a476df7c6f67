"""Rebuild: ``archive.db`` made anew from the WARC files, its pages read again in several processes."""

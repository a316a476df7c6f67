"""Erasure: an article out of the WARC files, the databases and all else in the folder, with its digests left in the log."""

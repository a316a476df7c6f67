"""WARC files (ISO 28500): written record by record, repaired after a kill, read back by offset.

The room yields records and knows nothing of extraction.
"""

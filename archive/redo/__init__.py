"""Redo log: what was done to ``archive.db``, batch by batch, as metadata records of the WARC files; and the database made anew by it."""

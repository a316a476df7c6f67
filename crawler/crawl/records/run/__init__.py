"""The records of one run: its row, its log, its settings, what its WARC files say first, and the seal at its end."""

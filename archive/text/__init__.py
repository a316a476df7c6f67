"""Text and time without a page or a database: dates, folding, normalising, decoding, numbers, Vietnam's time."""

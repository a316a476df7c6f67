"""What is proven at intervals: fixity of the archive, time stamps of its heads, completeness of a portal."""

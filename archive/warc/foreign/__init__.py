"""WARC and ARC files of other tools: read as they are, damage named and stepped over, nothing believed that they say of themselves."""

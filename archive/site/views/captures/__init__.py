"""Captures as readers see them: the bytes as a download, the page as it was, by address and time."""

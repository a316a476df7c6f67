"""Hosts under lease: turns, delays, back-off, their share among processes, and which portals may be asked."""

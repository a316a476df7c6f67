"""The site's server: its gate, connections, faults, cached pages and headers."""

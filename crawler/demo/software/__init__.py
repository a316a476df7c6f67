"""The demo's own CMSs, one module each."""

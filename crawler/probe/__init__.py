"""Probing: portals and software that are not known yet, looked at in a few requests."""

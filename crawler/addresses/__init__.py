"""Addresses: canonical form, scope, roles, traps, and what the shape of one promises. No page is needed for it."""

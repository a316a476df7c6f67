"""Cleaning: the located fragment as blocks, with captions, tables and attachments."""

"""Datasette's own pages of the archive: what tables hold, queries to start from, links into the readers' pages."""

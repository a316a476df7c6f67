"""Dates of an article: every source of a day, and which of them is believed."""

"""Boilerplate: lines, adverts and spam that stand in or beside a text without being part of it."""

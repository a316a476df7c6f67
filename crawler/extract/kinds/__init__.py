"""Kinds of pages: article, list, static page and the rest, judged with a reason."""

"""The readers' pages: home, search, article, portal, health, capture."""

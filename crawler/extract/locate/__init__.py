"""Locating: where title, body and the facts around them stand, by selectors, structure or density."""

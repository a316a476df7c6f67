"""Words: phrases of portals' pages and addresses as tables, each with examples, and the matching of them."""

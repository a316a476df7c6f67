"""Questions to the ledger: opened to read only, and the story of one address."""

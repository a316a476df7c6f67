"""Numbers in a text: of documents, of amounts and days in any writing, and private ones that are masked."""

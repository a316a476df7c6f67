"""A fetched page: its bytes decoded and parsed once, metadata, structured data, and what stands outside its content."""

"""Places: what is held and said of an administrative unit, and what it was before and became."""

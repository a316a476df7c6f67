"""CMS families: fingerprints, selectors, what their addresses mean. A new family is one file in ``families/``."""

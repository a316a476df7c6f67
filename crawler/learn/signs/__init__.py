"""Signs: what a portal's pages tell together. Outlines, groups of one template, places, what other pages say of an address."""

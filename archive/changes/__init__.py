"""Changes: what differs between two versions, of which kind it is, and a list of what portals altered, removed, brought back."""

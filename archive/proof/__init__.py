"""Proof: the Merkle log of captures with its signed heads, fixity of what is held, evidence packs for a stranger."""

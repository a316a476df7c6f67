"""Credits: bylines, signatures and authors."""

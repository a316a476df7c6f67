"""Visits: the answer to each leased page becomes a state, a reason, articles and links."""

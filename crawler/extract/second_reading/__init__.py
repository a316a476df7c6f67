"""The second reading of pages of no known family: trafilatura's, combined with ours."""

"""One crawl: what is asked next, what becomes of the answers, what is kept, and its report."""

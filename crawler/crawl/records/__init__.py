"""What a crawl keeps: captures, the batch of visits, the run's row and its log."""

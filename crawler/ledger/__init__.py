"""The ledger (``crawl.db``): every address with its state, hosts and leases, forms, workers, WARC positions."""

"""The frontier: every URL ever discovered is a row of the ledger, leased, fetched, acknowledged; politeness per host."""

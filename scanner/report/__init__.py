"""Reports, read off the ledger."""

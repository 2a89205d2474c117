"""Several services in one visit: what can follow what is chosen."""

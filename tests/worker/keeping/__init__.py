"""Times that are kept for somebody."""

"""Times that are kept for somebody until an instant, and what becomes of them."""

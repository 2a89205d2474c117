"""Visits that would rather be earlier."""

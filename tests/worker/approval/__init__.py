"""Visits that wait until somebody agrees."""

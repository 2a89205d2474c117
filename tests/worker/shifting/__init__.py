"""Visits of a series that are moved together."""

"""Visits that repeat."""

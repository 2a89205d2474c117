"""Wishes for times that are not free, the line that they stand in, and what was offered of it."""

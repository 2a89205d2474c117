"""Backups: dumps on a schedule, and the drill that proves they can be restored.

The standard library and PostgreSQL's own programs are all it needs, and any Python from 3.11.
"""

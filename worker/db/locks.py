"""The advisory locks in PostgreSQL, each under a number of its own, the same for every release.

Locks by one number and locks by two are apart in PostgreSQL: no specialist's id can meet a number here.
Migrations hold 7 236 655 (worker/db/migrations/env.py).
"""

from typing import Final

BUSINESS: Final = 7_236_656
"""Held while the business is changed: one file at a time."""
RETENTION: Final = 7_236_657
"""Held for each bite of what is past its use: one replica at a time."""
SPECIALIST: Final = 1
"""The first of two numbers; the second is the specialist whose seats are given out."""

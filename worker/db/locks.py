"""The advisory locks in PostgreSQL, each under two numbers: its own, the same for every release, and an id.

Locks by one number and locks by two are apart in PostgreSQL.
Migrations hold 7 236 655 (worker/db/migrations/env.py).
"""

from typing import Final

BUSINESS: Final = 7_236_656
"""And the business that is changed: one file at a time."""
RETENTION: Final = 7_236_657
"""And the business whose rows are past their use, for each batch of them: one replica at a time."""
SPECIALIST: Final = 1
"""And the specialist whose seats are given out."""

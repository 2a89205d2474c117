"""Whose rows a session sees and writes: every statement on a table of a business names the business."""

from typing import Final

from sqlalchemy import SmallInteger, bindparam
from sqlalchemy.ext.asyncio import AsyncSession

NAME: Final = "business"
"""Of the value in a statement; a column's name would be one that an UPDATE sets."""
BUSINESS_ID: Final = bindparam(NAME, type_=SmallInteger)
"""The business in a statement that is built once: `worker.db.engine.fetch` fills it in."""


def scope(session: AsyncSession) -> int:
    """Return the id of the business that the session is of."""
    business_id: int = session.info[NAME]
    return business_id

"""What the tables of a business have in common: whose a row is, and what others call it."""

from sqlalchemy import ColumnElement, case, select
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.base import Base
from worker.db.models.catalogue import Business
from worker.db.scope import scope


async def ids_of(session: AsyncSession, table: type[Base] | None) -> dict[str, int]:
    """Return the ids of a table's rows by what others call them."""
    if table is None:
        return {}
    key = key_of(table).label("key")
    columns = table.__table__.c
    order = (columns.active, columns.id)  # of one name, what is offered is meant, else the latest
    named = select(key, columns.id).where(own_rows(session, table)).order_by(*order)
    return {row.key: row.id for row in await session.execute(named)}


def own_rows(session: AsyncSession, table: type[Base]) -> ColumnElement[bool]:
    """Say in SQL which rows are the business's own."""
    return table.__table__.c[owner_of(table)] == scope(session)


def key_of(table: type[Base]) -> ColumnElement[str]:
    """Say in SQL what others in the file call an entry: see `FileEntry.key`."""
    columns = table.__table__.c
    if "category" not in columns:
        return columns.name
    bare = columns.category == ""
    return case((bare, columns.name), else_=columns.category + "/" + columns.name)


def owner_of(table: type[Base]) -> str:
    """Name the column that says which business a row is of."""
    return "id" if table is Business else "business_id"

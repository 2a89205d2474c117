"""How checks look at the database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, text

from tests.walks.walk import Walk


async def rows(walk: Walk, sql: str, **values: Any) -> Sequence[RowMapping]:  # noqa: ANN401 - of every type
    """Return what a query finds; `:now` is the walk's instant."""
    now = {"now": walk.stage.shop.clock.now()} if ":now" in sql else {}
    async with walk.stage.shop.sessions() as session:
        return (await session.execute(text(sql), {**now, **values})).mappings().all()

"""What a command leaves behind beside its own change: what it notes, and what it promises to be sent."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic_core import to_json
from sqlalchemy import column, text
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.engine import fetch

# One round trip, however much it is. The rows travel as JSON, in which they can be of any number in a
# statement that stays the same; they get their ids in their order, which is the order of delivery.
_WRITE: Final = text(
    """
    WITH noted AS (
        INSERT INTO booking_event (booking_id, kind, actor_id, source, data, at)
        SELECT booking_id, kind, actor_id, source, data, at
        FROM jsonb_populate_recordset(CAST(NULL AS booking_event), CAST(:events AS jsonb))
    )
    INSERT INTO outbox (kind, chat_id, booking_id, payload, dedupe_key, due_at, expires_at)
    SELECT kind, chat_id, booking_id, payload, dedupe_key, due_at, expires_at
    FROM jsonb_populate_recordset(CAST(NULL AS outbox), CAST(:promises AS jsonb))
    RETURNING id, dedupe_key
    """
).columns(column("id"), column("dedupe_key"))


async def write(
    session: AsyncSession, events: Sequence[Mapping[str, Any]], promises: Sequence[Mapping[str, Any]]
) -> dict[str, int]:
    """Write rows of events and of promises; return the promises' ids by their keys.

    Raises IntegrityError for a promise that was made before.
    """
    if not (events or promises):
        return {}
    values = {"events": to_json(events).decode(), "promises": to_json(promises).decode()}
    return {key: row_id for row_id, key in await fetch(session, _WRITE, values)}

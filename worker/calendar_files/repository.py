"""Which message carries the calendar file, kept with the booking's row."""

from typing import Final

from sqlalchemy import column, text
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.engine import fetch

# Built once: each booking that is made runs it.
_NOTE_CALENDAR: Final = text(
    "UPDATE booking SET calendar_message_id = :message_id WHERE business_id = :business AND id = :booking_id"
    " RETURNING version"
).columns(column("version"))


async def note_calendar(session: AsyncSession, booking_id: int, message_id: int) -> int | None:
    """Note which message carries the calendar file; return the booking's version."""
    rows = await fetch(session, _NOTE_CALENDAR, {"booking_id": booking_id, "message_id": message_id})
    return next((row.version for row in rows), None)

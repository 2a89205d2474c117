"""The figures of a business."""

from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from shared.envelope import NOBODY
from worker.admin.views import BusinessFigures
from worker.db.models.base import BusinessColumn
from worker.db.models.booking import BOOKED, Booking
from worker.db.models.catalogue import Service, Specialist
from worker.db.models.delivery import DeadCommand, Outbox, State
from worker.db.models.people import Person
from worker.db.scope import scope


async def load_figures(session: AsyncSession, now: datetime) -> BusinessFigures:
    """Count in one statement."""
    still_to_come = (
        Booking.status.in_(BOOKED),
        Booking.busy.overlaps(Range(now, None)),
        func.lower(Booking.during) > now,
    )
    counts = (
        _count(session, Service, Service.active.is_(True)),
        _count(session, Specialist, Specialist.active.is_(True)),
        _count(session, Person, Person.id != NOBODY),
        _count(session, Person, Person.id != NOBODY, ~Person.reachable),
        _count(session, Booking, *still_to_come),
        _count(session, Outbox, Outbox.state == State.PENDING, Outbox.due_at <= now),
        _count(session, DeadCommand),
    )
    row = (await session.execute(select(*counts))).one()
    return BusinessFigures(*row)


def _count(
    session: AsyncSession, table: type[BusinessColumn], *which: ColumnElement[bool]
) -> ScalarSelect[int]:
    own = table.business_id == scope(session)
    return select(func.count()).select_from(table).where(own, *which).scalar_subquery()

"""The business in PostgreSQL, read and written as a document."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import batched
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, func, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import Range, insert
from sqlalchemy.ext.asyncio import AsyncSession

from worker.business.document import (
    BusinessPart,
    Document,
    ExceptionPart,
    LocationPart,
    RolesPart,
    ServicePart,
    SpecialistPart,
)
from worker.business.hours import Week, Windows
from worker.db import locks
from worker.db.models.base import Base
from worker.db.models.booking import IS_LIVE, Booking
from worker.db.models.catalogue import (
    Business,
    Location,
    ScheduleException,
    Service,
    Specialist,
    SpecialistService,
    WorkingHours,
)
from worker.db.models.people import RoleGrant

type Named = type[Location | Service | Specialist]

ROWS_AT_ONCE: Final = 2000


async def lock(session: AsyncSession) -> None:
    """Wait until nobody else changes the business, and keep others out until this transaction ends."""
    await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": locks.BUSINESS})


async def read_business(session: AsyncSession) -> Document | None:
    """Return what is active as a document; None where no business was ever applied."""
    business = await session.get(Business, 1)
    if business is None:
        return None
    return Document(
        business=BusinessPart.model_validate(_fields(business, BusinessPart)),
        locations=tuple(
            LocationPart(**_fields(row, LocationPart)) for row in await _active(session, Location)
        ),
        services=tuple(ServicePart(**_fields(row, ServicePart)) for row in await _active(session, Service)),
        specialists=await _specialists(session),
        roles=await _roles(session),
    )


async def inactive_names(session: AsyncSession, table: Named) -> set[str]:
    """Return the names of what was there once."""
    return set(await session.scalars(select(table.name).where(table.active.is_(False))))


async def write_business(session: AsyncSession, document: Document) -> None:
    """Make the database say what the document says; what it does not name becomes inactive."""
    await _upsert(session, Business, [{"id": 1, **document.business.model_dump()}], "id")
    await _write_named(session, Location, [location.model_dump() for location in document.locations])
    await _write_named(session, Service, [service.model_dump() for service in document.services])
    await _free_telegram_ids(session, document)
    people = [{"name": each.name, "telegram_id": each.telegram_id} for each in document.specialists]
    await _write_named(session, Specialist, people)
    await _write_calendars(session, document)
    await session.execute(delete(RoleGrant))
    await _insert(session, RoleGrant, _grants(document.roles))


async def future_visits(session: AsyncSession, now: datetime) -> list[tuple[str, str, datetime, datetime]]:
    """Return service, specialist, beginning and end of every live visit that is not over."""
    rows = await session.execute(
        select(Service.name, Specialist.name, func.lower(Booking.during), func.upper(Booking.during))
        .select_from(Booking)
        .join(Service, Service.id == Booking.service_id)
        .join(Specialist, Specialist.id == Booking.specialist_id)
        .where(text(IS_LIVE), Booking.busy.op("&&")(func.tstzrange(now, None)))
    )
    return [(service, specialist, begins, ends) for service, specialist, begins, ends in rows]


def _fields(row: Base, part: type[BusinessPart | LocationPart | ServicePart]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in part.model_fields}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}


async def _active[T: (Location, Service, Specialist)](session: AsyncSession, table: type[T]) -> Sequence[T]:
    rows = await session.scalars(select(table).where(table.active).order_by(table.position, table.id))
    return rows.all()


async def _specialists(session: AsyncSession) -> tuple[SpecialistPart, ...]:
    services = await _services_by_specialist(session)
    weeks: defaultdict[int, Week] = defaultdict(dict)
    for hours in await session.scalars(select(WorkingHours)):
        weeks[hours.specialist_id][hours.weekday] = _windows(hours.minutes)
    exceptions: defaultdict[int, list[ExceptionPart]] = defaultdict(list)
    for row in await session.scalars(select(ScheduleException)):
        part = ExceptionPart(date=row.day, hours=_windows(row.minutes))
        exceptions[row.specialist_id].append(part)
    return tuple(
        SpecialistPart(
            name=each.name,
            telegram_id=each.telegram_id,
            services=tuple(services[each.id]),
            hours=weeks[each.id],
            exceptions=tuple(exceptions[each.id]),
        )
        for each in await _active(session, Specialist)
    )


async def _services_by_specialist(session: AsyncSession) -> Mapping[int, list[str]]:
    rows = await session.execute(
        select(SpecialistService.specialist_id, Service.name)
        .join(Service, Service.id == SpecialistService.service_id)
        .where(Service.active)
        .order_by(Service.position, Service.id)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for specialist_id, name in rows:
        found[specialist_id].append(name)
    return found


async def _roles(session: AsyncSession) -> RolesPart:
    grants = list(await session.scalars(select(RoleGrant)))
    return RolesPart(
        owner=tuple(grant.person_id for grant in grants if grant.role == "owner"),
        admin=tuple(grant.person_id for grant in grants if grant.role == "admin"),
    )


async def _write_named(session: AsyncSession, table: Named, values: list[dict[str, Any]]) -> None:
    names = [value["name"] for value in values]
    gone: ColumnElement[bool] = table.active & table.name.not_in(names)
    await session.execute(update(table).where(gone).values(active=False))
    rows = [{**value, "position": place, "active": True} for place, value in enumerate(values)]
    await _upsert(session, table, rows, "name")


async def _free_telegram_ids(session: AsyncSession, document: Document) -> None:
    """Let ids pass from one specialist to another: each has to be free before it is taken."""
    pairs = [(each.name, each.telegram_id) for each in document.specialists if each.telegram_id]
    await session.execute(
        update(Specialist)
        .where(
            Specialist.telegram_id.in_([number for _, number in pairs]),
            tuple_(Specialist.name, Specialist.telegram_id).not_in(pairs),
        )
        .values(telegram_id=None)
    )


async def _write_calendars(session: AsyncSession, document: Document) -> None:
    ids = {row.name: row.id for row in await _active(session, Specialist)}
    services = {row.name: row.id for row in await _active(session, Service)}
    owners = list(ids.values())
    for table in (SpecialistService, WorkingHours, ScheduleException):
        await session.execute(delete(table).where(table.specialist_id.in_(owners)))
    links, hours, exceptions = [], [], []
    for each in document.specialists:
        owner = {"specialist_id": ids[each.name]}
        links += [{**owner, "service_id": services[name]} for name in each.services]
        hours += [{**owner, "weekday": day, "minutes": _ranges(open_)} for day, open_ in each.hours.items()]
        exceptions += [{**owner, "day": one.date, "minutes": _ranges(one.hours)} for one in each.exceptions]
    await _insert(session, SpecialistService, links)
    await _insert(session, WorkingHours, hours)
    await _insert(session, ScheduleException, exceptions)


def _grants(roles: RolesPart) -> list[dict[str, Any]]:
    owners = [{"person_id": person, "role": "owner"} for person in roles.owner]
    return owners + [{"person_id": person, "role": "admin"} for person in roles.admin]


async def _insert(session: AsyncSession, table: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    for batch in batched(rows, ROWS_AT_ONCE):
        await session.execute(insert(table).values(list(batch)))


async def _upsert(session: AsyncSession, table: type[Base], rows: list[dict[str, Any]], key: str) -> None:
    if not rows:
        return
    statement = insert(table).values(rows)
    changed = {name: statement.excluded[name] for name in rows[0] if name != key}
    await session.execute(statement.on_conflict_do_update(index_elements=[key], set_=changed))


def _windows(minutes: list[Range[int]]) -> Windows:
    return tuple((span.lower or 0, span.upper or 0) for span in minutes)


def _ranges(windows: Windows) -> list[Range[int]]:
    return [Range(opens, closes) for opens, closes in windows]

"""The business in PostgreSQL: read as a document, and the visits that a change may hit."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, select, text, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from worker.business.document import LISTS, SECTIONS, Document, NamedEntry
from worker.business.fields import FileEntry, MemberRows, MembersType, Row
from worker.business.reallotting import Reallotment
from worker.business.relocations import Relocation
from worker.business.stored import ComingVisit, HeldUnit, StoredBusiness, StoredEntry
from worker.business.tables import ids_of, key_of, own_rows
from worker.db.models.booking import IS_BOOKED, Booking, KeptFor, Status
from worker.db.models.catalogue import Business, Location, Service, Specialist
from worker.db.models.people import Person
from worker.db.models.resources import Resource
from worker.db.scope import scope
from worker.scheduling.resources import units_of

_WHOLE: Final = aliased(Booking)
_COMING: Final = (
    _WHOLE.id.label("number"),
    case((Booking.part_of.is_not(None), Booking.id)).label("part"),
    Booking.service_id.label("service_number"),
    Booking.specialist_id.label("specialist_number"),
    Booking.location_id.label("location_number"),
    key_of(Service).label("service"),
    Specialist.name.label("specialist"),
    Location.name.label("location"),
    func.concat_ws(" ", Person.first_name, Person.last_name).label("customer"),
    func.lower(Booking.during).label("begins"),
    func.upper(Booking.during).label("ends"),
    func.lower(Booking.busy).label("busy_begins"),
    func.upper(Booking.busy).label("busy_ends"),
    Booking.units,
    func.coalesce(func.upper(Booking.seats) - func.lower(Booking.seats), 1).label("places"),
)
"""What a `ComingVisit` is read of."""
_STANDS: Final = text(
    f"(booking.{IS_BOOKED} OR booking.status = 'held' AND booking.kept_for = '{KeptFor.PART}')"
)
"""What is expected: visits, and what follows in them; in the words of the constraints' indexes."""
_IS_HOLD: Final = and_(Booking.status == Status.HELD, Booking.kept_for != KeptFor.PART)


async def read_business(session: AsyncSession) -> StoredBusiness:
    """Return the business, and what it no longer offers."""
    if await session.get(Business, scope(session)) is None:
        return StoredBusiness()
    values: dict[str, Any] = {}
    rows: dict[type[NamedEntry], Sequence[StoredEntry]] = {}
    for name, (kind, _) in SECTIONS.items():
        if name in LISTS:
            entries = enumerate(await _read_entries(session, LISTS[name]))
            rows[LISTS[name]] = [
                StoredEntry(row["id"], entry, place, row["active"]) for place, (row, entry) in entries
            ]
            values[name] = tuple(row.entry for row in rows[LISTS[name]] if row.active)
        else:
            single = await _read_entries(session, kind)
            values[name] = single[0][1] if single else Document.specs[name].default
    return StoredBusiness(Document(**values), rows)


async def coming_visits(session: AsyncSession, now: datetime) -> list[ComingVisit]:
    """Return every live visit that is not over, and what follows in one by itself, the soonest first."""
    is_whole = _WHOLE.id == func.coalesce(Booking.part_of, Booking.id)
    rows = await session.execute(
        select(*_COMING)
        .join(Service, and_(Service.business_id == Booking.business_id, Service.id == Booking.service_id))
        .join(
            Specialist,
            and_(Specialist.business_id == Booking.business_id, Specialist.id == Booking.specialist_id),
        )
        .outerjoin(
            Location, and_(Location.business_id == Booking.business_id, Location.id == Booking.location_id)
        )
        .join(_WHOLE, and_(_WHOLE.business_id == Booking.business_id, is_whole))
        .join(Person, and_(Person.business_id == _WHOLE.business_id, Person.id == _WHOLE.customer_id))
        .where(own_rows(session, Booking), _STANDS, Booking.busy.op("&&")(func.tstzrange(now, None)))
        .order_by(func.lower(Booking.during), Booking.id)
    )
    return [
        ComingVisit(**{**row, "units": tuple(unit.lower for unit in row["units"])}) for row in rows.mappings()
    ]


async def held_units(session: AsyncSession, now: datetime) -> list[HeldUnit]:
    """Return which units are held for people who have no visit yet."""
    rows = await session.execute(
        select(
            Booking.specialist_id, func.lower(Booking.busy), func.upper(Booking.busy), Booking.units
        ).where(own_rows(session, Booking), _IS_HOLD, Booking.kept_until > now)
    )
    return [
        HeldUnit(unit.lower, begins, ends, specialist)
        for specialist, begins, ends, units in rows
        for unit in units
    ]


async def renew(session: AsyncSession, numbers: Sequence[int]) -> None:
    """Make visits new versions of themselves."""
    if numbers:
        await session.execute(
            update(Booking)
            .where(own_rows(session, Booking), Booking.id.in_(numbers), text(IS_BOOKED))
            .values(version=Booking.version + 1)
            .execution_options(synchronize_session=False)
        )


async def relocate(session: AsyncSession, relocations: Sequence[Relocation]) -> None:
    """Write where visits are now that are at another place."""
    places = await ids_of(session, Location)
    for to, some in groupby(relocations, key=lambda each: each.to):
        if to is None:
            continue
        numbers = [each.visit.row for each in some]
        await session.execute(
            update(Booking)
            .where(own_rows(session, Booking), Booking.id.in_(numbers), _STANDS)
            .values(location_id=places[to])
            .execution_options(synchronize_session=False)
        )


async def reallot(session: AsyncSession, reallotments: Sequence[Reallotment]) -> None:
    """Write which units visits have now: first those that go, as others may get them."""
    numbers = await ids_of(session, Resource)
    by_units: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
    for each in reallotments:
        units = (units_of(numbers[name], place + 1)[place] for name, place in each.units)
        by_units[tuple(units)].append(each.visit.row)
    every = [each.visit.row for each in reallotments]
    for taken, visits in [((), every), *by_units.items()] if every else ():
        await session.execute(
            update(Booking)
            .where(own_rows(session, Booking), Booking.id.in_(visits), _STANDS)
            .values(units=[Range(unit, unit + 1) for unit in taken])
            .execution_options(synchronize_session=False)
        )


async def _read_entries[E: FileEntry](session: AsyncSession, kind: type[E]) -> list[tuple[Row, E]]:
    """Return a kind's entries in their order, each with its own row; there is none where it has no table."""
    rows: Sequence[Row] = [{}]
    if kind.table is not None:
        table = kind.table.__table__
        order = [table.c[name] for name in ("position", "id") if name in table.c]
        own = select(table).where(own_rows(session, kind.table)).order_by(*order)
        rows = (await session.execute(own)).mappings().all()
    members = {
        name: await _read_members(session, spec.type.rows)
        for name, spec in kind.specs.items()
        if isinstance(spec.type, MembersType)
    }
    return [
        (row, kind.from_rows(row, {name: found[row.get("id")] for name, found in members.items()}))
        for row in rows
    ]


async def _read_members(session: AsyncSession, rows: MemberRows) -> defaultdict[Any, dict[Any, Row]]:
    """Return the rows by owner, and by key in its order."""
    table = rows.table.__table__
    member: ColumnElement[Any] = table.c[rows.key]
    order, source = [table.c[rows.key]], table
    if rows.named is not None:
        named = rows.named.__table__
        member, order = key_of(rows.named), [named.c.position, named.c.id]
        source = table.join(
            named, and_(named.c.business_id == table.c.business_id, named.c.id == table.c[rows.key])
        )
    chosen = [own_rows(session, rows.table), *(table.c[name] == value for name, value in rows.constant)]
    statement = select(table, member.label("member")).select_from(source).where(*chosen).order_by(*order)
    found: defaultdict[Any, dict[Any, Row]] = defaultdict(dict)
    for row in (await session.execute(statement)).mappings():
        found[row[rows.owner] if rows.owner else None][row["member"]] = row
    return found

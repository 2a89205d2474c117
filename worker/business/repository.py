"""The business in PostgreSQL: read as a document, written change by change."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import batched, chain, groupby
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    and_,
    case,
    cast,
    delete,
    func,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from worker.business.changes import Change, EntryChange, MemberChange, OrderChange, Verb
from worker.business.document import LISTS, SECTIONS, Document, NamedEntry
from worker.business.fields import FileEntry, MemberRows, MembersType, Row
from worker.business.relocations import Relocation
from worker.business.stored import ComingVisit, StoredBusiness, StoredEntry
from worker.db import locks
from worker.db.models.base import Base
from worker.db.models.booking import IS_LIVE, Booking
from worker.db.models.catalogue import Business, CustomerLimits, Location, Service, Specialist
from worker.db.models.people import Person
from worker.db.scope import scope

ROWS_AT_ONCE: Final = 2000
SINGLE: Final[tuple[type[Base], ...]] = (Business, CustomerLimits)
"""Tables with one row of a business; without it everything is as the file says by default."""


async def lock(session: AsyncSession) -> None:
    """Wait until nobody else changes the business, and keep others out until this transaction ends."""
    await session.execute(select(func.pg_advisory_xact_lock(locks.BUSINESS, scope(session))))


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


async def write_changes(session: AsyncSession, changes: Sequence[Change]) -> None:
    """Write what changes, and no other row; entries come first, because their members name their ids."""
    by_kind: defaultdict[type[FileEntry], list[EntryChange]] = defaultdict(list)
    for change in changes:
        if isinstance(change, EntryChange):
            by_kind[change.entry].append(change)
    for kind, entries in by_kind.items():
        if kind.table is not None:
            await _write_entries(session, kind, kind.table, entries)
    for change in changes:
        if isinstance(change, OrderChange) and change.entry.table is not None:
            await _write_order(session, change.entry.table, change.names)
    for kind, entries in by_kind.items():
        returned = [entry.number for entry in entries if entry.verb is Verb.RETURNED]
        by_rows: defaultdict[MemberRows, list[MemberChange]] = defaultdict(list)
        for members in chain.from_iterable(entry.members for entry in entries):
            by_rows[members.rows].append(members)
        for rows, in_rows in by_rows.items():
            await _clear_members(session, rows, returned)
            await _write_members(session, kind.table, rows, in_rows)


async def coming_visits(session: AsyncSession, now: datetime) -> list[ComingVisit]:
    """Return every live visit that is not over, the soonest first."""
    rows = await session.execute(
        select(
            Booking.id.label("number"),
            Booking.service_id.label("service_number"),
            Booking.specialist_id.label("specialist_number"),
            Booking.location_id.label("location_number"),
            _key(Service).label("service"),
            Specialist.name.label("specialist"),
            Location.name.label("location"),
            func.concat_ws(" ", Person.first_name, Person.last_name).label("customer"),
            func.lower(Booking.during).label("begins"),
            func.upper(Booking.during).label("ends"),
        )
        .join(Service, and_(Service.business_id == Booking.business_id, Service.id == Booking.service_id))
        .join(
            Specialist,
            and_(Specialist.business_id == Booking.business_id, Specialist.id == Booking.specialist_id),
        )
        .outerjoin(
            Location, and_(Location.business_id == Booking.business_id, Location.id == Booking.location_id)
        )
        .join(Person, and_(Person.business_id == Booking.business_id, Person.id == Booking.customer_id))
        .where(_own(session, Booking), text(IS_LIVE), Booking.busy.op("&&")(func.tstzrange(now, None)))
        .order_by(func.lower(Booking.during), Booking.id)
    )
    return [ComingVisit(**row) for row in rows.mappings()]


async def renew(session: AsyncSession, numbers: Sequence[int]) -> None:
    """Make visits new versions of themselves."""
    if numbers:
        await session.execute(
            update(Booking)
            .where(_own(session, Booking), Booking.id.in_(numbers), text(IS_LIVE))
            .values(version=Booking.version + 1)
            .execution_options(synchronize_session=False)
        )


async def relocate(session: AsyncSession, relocations: Sequence[Relocation]) -> None:
    """Write where visits are now that are at another place."""
    places = await _ids(session, Location)
    for to, some in groupby(relocations, key=lambda each: each.to):
        if to is None:
            continue
        numbers = [each.visit.number for each in some]
        await session.execute(
            update(Booking)
            .where(_own(session, Booking), Booking.id.in_(numbers), text(IS_LIVE))
            .values(location_id=places[to])
            .execution_options(synchronize_session=False)
        )


async def _read_entries[E: FileEntry](session: AsyncSession, kind: type[E]) -> list[tuple[Row, E]]:
    """Return a kind's entries in their order, each with its own row; there is none where it has no table."""
    rows: Sequence[Row] = [{}]
    if kind.table is not None:
        table = kind.table.__table__
        order = [table.c[name] for name in ("position", "id") if name in table.c]
        own = select(table).where(_own(session, kind.table)).order_by(*order)
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
        member, order = _key(rows.named), [named.c.position, named.c.id]
        source = table.join(
            named, and_(named.c.business_id == table.c.business_id, named.c.id == table.c[rows.key])
        )
    chosen = [_own(session, rows.table), *(table.c[name] == value for name, value in rows.constant)]
    statement = select(table, member.label("member")).select_from(source).where(*chosen).order_by(*order)
    found: defaultdict[Any, dict[Any, Row]] = defaultdict(dict)
    for row in (await session.execute(statement)).mappings():
        found[row[rows.owner] if rows.owner else None][row["member"]] = row
    return found


async def _write_entries(
    session: AsyncSession, kind: type[FileEntry], table: type[Base], changes: Sequence[EntryChange]
) -> None:
    if table in SINGLE:
        await _upsert(session, table, [row for change in changes if (row := change.row)], [])
        return
    columns = table.__table__.c
    if gone := [change.number for change in changes if change.after is None]:
        named = columns.id.in_(gone)
        await session.execute(update(table).where(_own(session, table), named).values(active=False))
    rows = [(change.number, row) for change in changes if (row := change.row)]
    known = [{"id": number, **row} for number, row in rows if number is not None]
    new = [row for number, row in rows if number is None]
    for column, spec in kind.columns().items():
        if spec.unique:
            await _release(session, table, column, [(number, row[column]) for number, row in rows])
    await _free_names(session, table, changes)
    await _upsert(session, table, [{"active": True, **row} for row in known], ["id"])
    for batch in batched(new, ROWS_AT_ONCE):
        await session.execute(
            insert(table).values([{"business_id": scope(session), "active": True, **row} for row in batch])
        )


async def _free_names(session: AsyncSession, table: type[Base], changes: Sequence[EntryChange]) -> None:
    """Take the names off the rows that get others, which may be one another's."""
    renamed = [
        each.number for each in changes if each.before and each.after and each.before.key != each.after.key
    ]
    if renamed:
        columns = table.__table__.c
        which = columns.id.in_(renamed)
        freed = cast(columns.id, Text).concat("\n")  # no name holds a line break
        await session.execute(update(table).where(_own(session, table), which).values(name=freed))


async def _release(
    session: AsyncSession, table: type[Base], column: str, wanted: Sequence[tuple[int | None, Any]]
) -> None:
    """Empty a unique column where it holds what another row is about to take."""
    columns = table.__table__.c
    pairs = [(number or 0, value) for number, value in wanted if value is not None]
    if pairs:
        taken = columns[column].in_([value for _, value in pairs])
        kept = tuple_(columns.id, columns[column]).in_(pairs)
        await session.execute(update(table).where(_own(session, table), taken, ~kept).values({column: None}))


async def _write_order(session: AsyncSession, table: type[Base], names: Sequence[str]) -> None:
    columns = table.__table__.c
    place = func.array_position(cast(names, ARRAY(Text)), _key(table)) - 1
    moved = _key(table).in_(names) & columns.active & (columns.position != place)
    await session.execute(update(table).where(_own(session, table), moved).values(position=place))


async def _write_members(
    session: AsyncSession, owner: type[Base] | None, rows: MemberRows, changes: Sequence[MemberChange]
) -> None:
    owners, keys = await _ids(session, owner), await _ids(session, rows.named)

    def identity(name: str, key: object) -> dict[str, Any]:
        owned = {rows.owner: owners[name]} if rows.owner else {}
        return {**dict(rows.constant), **owned, rows.key: keys[str(key)] if rows.named else key}

    gone = [identity(change.owner, key) for change in changes for key in change.gone]
    put = [{**identity(change.owner, key), **row} for change in changes for key, row in change.put.items()]
    for batch in batched(gone, ROWS_AT_ONCE):
        which = tuple_(*(rows.table.__table__.c[name] for name in batch[0]))
        named = which.in_([tuple(row.values()) for row in batch])
        await session.execute(delete(rows.table).where(_own(session, rows.table), named))
    key = [column.name for column in rows.table.__table__.primary_key if column.name != "business_id"]
    await _upsert(session, rows.table, put, key)


async def _clear_members(session: AsyncSession, rows: MemberRows, owners: Sequence[int | None]) -> None:
    """Forget what was kept of entries while they were not offered."""
    if rows.owner and owners:
        owned = rows.table.__table__.c[rows.owner].in_(owners)
        await session.execute(delete(rows.table).where(_own(session, rows.table), owned))


async def _ids(session: AsyncSession, table: type[Base] | None) -> dict[str, int]:
    if table is None:
        return {}
    key = _key(table).label("key")
    columns = table.__table__.c
    order = (columns.active, columns.id)  # of one name, what is offered is meant, else the latest
    named = select(key, columns.id).where(_own(session, table)).order_by(*order)
    return {row.key: row.id for row in await session.execute(named)}


async def _upsert(
    session: AsyncSession, table: type[Base], rows: Iterable[Mapping[str, Any]], key: Sequence[str]
) -> None:
    """Write rows; `key` is what makes a row beside the business."""
    owner = _owner(table)
    for batch in batched(rows, ROWS_AT_ONCE):
        statement = insert(table).values([{owner: scope(session), **row} for row in batch])
        changed = {name: statement.excluded[name] for name in batch[0] if name not in key}
        if changed:
            statement = statement.on_conflict_do_update(index_elements=[owner, *key], set_=changed)
        else:
            statement = statement.on_conflict_do_nothing(index_elements=[owner, *key])
        await session.execute(statement)


def _own(session: AsyncSession, table: type[Base]) -> ColumnElement[bool]:
    return table.__table__.c[_owner(table)] == scope(session)


def _key(table: type[Base]) -> ColumnElement[str]:
    """Say in SQL what others in the file call an entry: see `FileEntry.key`."""
    columns = table.__table__.c
    if "category" not in columns:
        return columns.name
    bare = columns.category == ""
    return case((bare, columns.name), else_=columns.category + "/" + columns.name)


def _owner(table: type[Base]) -> str:
    """Name the column that says which business a row is of."""
    return "id" if table is Business else "business_id"

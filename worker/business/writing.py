"""A business written change by change, and no other row."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import batched, chain
from typing import Any, Final

from sqlalchemy import ARRAY, Text, cast, delete, func, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from worker.business.changes import Change, EntryChange, MemberChange, OrderChange, Verb
from worker.business.fields import FileEntry, MemberRows
from worker.business.tables import ids_of, key_of, own_rows, owner_of
from worker.db.models.base import Base
from worker.db.models.catalogue import Business, CustomerLimits
from worker.db.scope import scope

ROWS_AT_ONCE: Final = 2000
SINGLE: Final[tuple[type[Base], ...]] = (Business, CustomerLimits)
"""Tables with one row of a business; without it everything is as the file says by default."""


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


async def _write_entries(
    session: AsyncSession, kind: type[FileEntry], table: type[Base], changes: Sequence[EntryChange]
) -> None:
    if table in SINGLE:
        await _upsert(session, table, [row for change in changes if (row := change.row)], [])
        return
    columns = table.__table__.c
    if gone := [change.number for change in changes if change.after is None]:
        named = columns.id.in_(gone)
        await session.execute(update(table).where(own_rows(session, table), named).values(active=False))
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
        await session.execute(update(table).where(own_rows(session, table), which).values(name=freed))


async def _release(
    session: AsyncSession, table: type[Base], column: str, wanted: Sequence[tuple[int | None, Any]]
) -> None:
    """Empty a unique column where it holds what another row is about to take."""
    columns = table.__table__.c
    pairs = [(number or 0, value) for number, value in wanted if value is not None]
    if pairs:
        taken = columns[column].in_([value for _, value in pairs])
        kept = tuple_(columns.id, columns[column]).in_(pairs)
        await session.execute(
            update(table).where(own_rows(session, table), taken, ~kept).values({column: None})
        )


async def _write_order(session: AsyncSession, table: type[Base], names: Sequence[str]) -> None:
    columns = table.__table__.c
    place = func.array_position(cast(names, ARRAY(Text)), key_of(table)) - 1
    moved = key_of(table).in_(names) & columns.active & (columns.position != place)
    await session.execute(update(table).where(own_rows(session, table), moved).values(position=place))


async def _write_members(
    session: AsyncSession, owner: type[Base] | None, rows: MemberRows, changes: Sequence[MemberChange]
) -> None:
    owners, keys = await ids_of(session, owner), await ids_of(session, rows.named)

    def identity(name: str, key: object) -> dict[str, Any]:
        owned = {rows.owner: owners[name]} if rows.owner else {}
        return {**dict(rows.constant), **owned, rows.key: keys[str(key)] if rows.named else key}

    gone = [identity(change.owner, key) for change in changes for key in change.gone]
    put = [{**identity(change.owner, key), **row} for change in changes for key, row in change.put.items()]
    for batch in batched(gone, ROWS_AT_ONCE):
        which = tuple_(*(rows.table.__table__.c[name] for name in batch[0]))
        named = which.in_([tuple(row.values()) for row in batch])
        await session.execute(delete(rows.table).where(own_rows(session, rows.table), named))
    key = [column.name for column in rows.table.__table__.primary_key if column.name != "business_id"]
    await _upsert(session, rows.table, put, key)


async def _clear_members(session: AsyncSession, rows: MemberRows, owners: Sequence[int | None]) -> None:
    """Forget what was kept of entries while they were not offered."""
    if rows.owner and owners:
        owned = rows.table.__table__.c[rows.owner].in_(owners)
        await session.execute(delete(rows.table).where(own_rows(session, rows.table), owned))


async def _upsert(
    session: AsyncSession, table: type[Base], rows: Iterable[Mapping[str, Any]], key: Sequence[str]
) -> None:
    """Write rows; `key` is what makes a row beside the business."""
    owner = owner_of(table)
    for batch in batched(rows, ROWS_AT_ONCE):
        statement = insert(table).values([{owner: scope(session), **row} for row in batch])
        changed = {name: statement.excluded[name] for name in batch[0] if name not in key}
        if changed:
            statement = statement.on_conflict_do_update(index_elements=[owner, *key], set_=changed)
        else:
            statement = statement.on_conflict_do_nothing(index_elements=[owner, *key])
        await session.execute(statement)

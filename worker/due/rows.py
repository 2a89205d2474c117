"""Rows that become due, in any table that has DueColumns: claimed with SKIP LOCKED, guarded by `attempts`.

A claim moves `due_at` to the claim's end, raises `attempts` and names the claimer. A process that dies gives
its rows back by doing nothing: they are due again when the claim is over, or sooner, if PostgreSQL has no
connection of that name any more. Right after PostgreSQL started, nobody's claims are taken over: their work
may be done, and be noted in a moment. A process that comes back late finds that `attempts` is another number,
and changes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    CTE,
    ColumnElement,
    DateTime,
    Executable,
    Integer,
    Select,
    and_,
    bindparam,
    column,
    delete,
    func,
    or_,
    select,
    table,
    true,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from worker.db.engine import fetch
from worker.db.models.base import DueColumns
from worker.db.scope import BUSINESS_ID, scope

CLAIM = timedelta(seconds=3)
"""How long a row is its claimer's, who renews the claim for as long as it has the row in hand."""
ABANDONED = timedelta(seconds=0.5)
"""A claim that was not renewed for so long, and whose claimer is not connected any more, is over."""
MOST_ATTEMPTS = 30_000
"""The count starts again before its column is full."""

_MOMENT: Final = bindparam("moment", type_=DateTime(timezone=True))
_UNTIL: Final = bindparam("until", type_=DateTime(timezone=True))
_ME: Final = func.current_setting("application_name")
_ACTIVITY: Final = table("pg_stat_activity", column("application_name"), column("datname"))
_CONNECTED: Final = select(_ACTIVITY.c.application_name).where(
    _ACTIVITY.c.datname == func.current_database(), _ACTIVITY.c.application_name.is_not(None)
)
# Right after PostgreSQL started, those that live are connecting anew, and note what they did meanwhile.
_ALL_HAD_TIME_TO_CONNECT: Final = func.pg_postmaster_start_time() < func.now() - CLAIM


@dataclass(slots=True)
class ClaimedRow:
    """A row that is its claimer's until the claim is over."""

    id: int
    attempts: int
    """How often the row has been claimed, this claim included."""
    due_at: datetime
    """When the row was due, or will be."""
    until: datetime
    """The end of the claim."""
    taken_over: bool
    """Whether another claimer had it in hand and did not give it back: that one died, or lost its claim."""


class DueRows[Row: ClaimedRow]:
    """The due rows of one table; a session finds those of its business.

    `make` is called with the fields of ClaimedRow and with `columns`. `pending` tells the rows that are still
    to be done: all, where done rows are deleted. Rows that are equal in the column `in_order_of` are claimed
    in the order of their ids: none while another process has an earlier one in hand.
    """

    def __init__(
        self,
        table: type[DueColumns],
        make: Callable[..., Row],
        columns: Sequence[InstrumentedAttribute[Any]],
        *,
        pending: Callable[[Any], ColumnElement[bool]] = lambda _: true(),
        in_order_of: str | None = None,
    ) -> None:
        self._table = table
        self._make = make
        self._columns = columns
        self._pending = pending
        self._in_order_of = in_order_of
        # Built once: building a statement costs more than running it.
        self.due = self._due()
        self.first_due = self._first_due()
        self._claim, self._renew = self._claiming(), self._renewing()

    async def claim(
        self, session: AsyncSession, now: datetime, limit: int, ahead: timedelta = timedelta()
    ) -> list[Row]:
        """Claim rows that are due, or will be within `ahead`, oldest first; others' claims are skipped."""
        values = {"moment": now + ahead, "until": now + CLAIM, "most": limit}
        claimed = [self._make(*row) for row in await fetch(session, self._claim, values)]
        return sorted(claimed, key=lambda row: (max(row.due_at, now), row.id))

    async def next_due(self, session: AsyncSession, now: datetime) -> datetime | None:
        """Free what dead processes had claimed; return when the next pending row becomes due."""
        values = {"moment": now, "until": now + CLAIM - ABANDONED}
        [(following, freed)] = await fetch(session, self.first_due, values)
        return now if freed else following

    async def renew(self, session: AsyncSession, rows: Sequence[Row], now: datetime) -> set[int]:
        """Begin claims anew; return the ids of the rows that are still their claimer's."""
        values = {"until": now + CLAIM, "claims": [(row.id, row.attempts) for row in rows]}
        ours = {row_id for (row_id,) in await fetch(session, self._renew, values)}
        for row in rows:
            if row.id in ours:
                row.until = now + CLAIM
        return ours

    async def postpone(
        self, session: AsyncSession, rows: Sequence[Row], until: datetime, **values: object
    ) -> None:
        """Give claimed rows back: they are due again at `until`. Further columns may change with it."""
        await self.change(session, rows, due_at=until, claimer=None, **values)

    async def change(self, session: AsyncSession, rows: Sequence[Row], **values: object) -> None:
        """Change claimed rows; one that has another claimer by now stays as it is."""
        await session.execute(
            update(self._table)
            .where(self._are_claimers(session, rows))
            .values(**values)
            .execution_options(synchronize_session=False)
        )

    async def delete(self, session: AsyncSession, row: Row) -> bool:
        """Delete a claimed row; tell whether it was still its claimer's."""
        statement = delete(self._table).where(self._are_claimers(session, [row])).returning(self._table.id)
        options = {"synchronize_session": False}
        return await session.scalar(statement, execution_options=options) is not None

    def _is_pending(self) -> ColumnElement[bool]:
        return and_(self._table.business_id == BUSINESS_ID, self._pending(self._table))

    def _are_claimers(self, session: AsyncSession, rows: Sequence[Row]) -> ColumnElement[bool]:
        table = self._table
        claims = tuple_(table.id, table.attempts).in_([(row.id, row.attempts) for row in rows])
        return and_(table.business_id == scope(session), claims, self._pending(table))

    def _due(self) -> Select[int, datetime, bool]:
        """Select the rows that are due until a moment and that nobody else is just claiming, oldest first."""
        table = self._table
        may_be_taken = or_(table.claimer.is_(None), _ALL_HAD_TIME_TO_CONNECT)
        return (
            select(table.id, table.due_at, table.claimer.is_not(None).label("taken_over"))
            .where(self._is_pending(), table.due_at <= _MOMENT, may_be_taken, *self._waits_for_nothing())
            .order_by(table.due_at, table.id)
            .limit(bindparam("most", type_=Integer))
            .with_for_update(skip_locked=True, of=table)
        )

    def _claiming(self) -> Executable:
        table = self._table
        # Materialized: joined as a subquery it may run once a row, and lock and claim more than `most`.
        due = self.due.cte("due").prefix_with("MATERIALIZED")
        return (
            update(table)
            .where(table.business_id == BUSINESS_ID, table.id == due.c.id, *self._overtakes_nothing(due))
            .values(due_at=_UNTIL, attempts=table.attempts % MOST_ATTEMPTS + 1, claimer=_ME)
            .returning(table.id, table.attempts, due.c.due_at, table.due_at, due.c.taken_over, *self._columns)
        )

    def _first_due(self) -> Select[datetime, int]:
        """Select when the next pending row becomes due, and how many of dead claimers are free now."""
        table = self._table
        abandoned = and_(
            table.due_at > _MOMENT,
            table.due_at <= _UNTIL,
            table.claimer.is_not(None),
            table.claimer.not_in(_CONNECTED),
            _ALL_HAD_TIME_TO_CONNECT,
        )
        freed = (
            update(table)
            .where(self._is_pending(), abandoned)
            .values(due_at=_MOMENT)
            .returning(table.id)
            .cte("freed")
        )
        count = select(func.count()).select_from(freed).scalar_subquery()
        first = select(func.min(table.due_at)).where(self._is_pending()).scalar_subquery()
        return select(first, count)

    def _renewing(self) -> Executable:
        table = self._table
        claims = tuple_(table.id, table.attempts).in_(bindparam("claims", expanding=True))
        renewed = update(table).where(claims, self._is_pending()).values(due_at=_UNTIL, claimer=_ME)
        return renewed.returning(table.id)

    def _waits_for_nothing(self) -> Sequence[ColumnElement[bool]]:
        """Tell a row before which none of its order is claimed, or was put off for just a moment."""
        if self._in_order_of is None:
            return ()
        table, earlier = self._table, aliased(self._table)
        in_hand = and_(earlier.attempts > 0, earlier.due_at > _MOMENT, earlier.due_at <= _UNTIL)
        awaited = select(earlier.id).where(self._of_its_order(earlier), in_hand, earlier.id < table.id)
        return (~awaited.exists(),)

    def _overtakes_nothing(self, due: CTE) -> Sequence[ColumnElement[bool]]:
        """Tell a row before which none of its order is just being claimed by another process."""
        if self._in_order_of is None:
            return ()
        table, earlier = self._table, aliased(self._table)
        # Adding nothing keeps the index on `due_at` out of it: it would be read as a whole for each row.
        missed = and_(earlier.due_at + timedelta() <= _MOMENT, earlier.id.not_in(select(due.c.id)))
        before = or_(
            earlier.due_at < due.c.due_at, and_(earlier.due_at == due.c.due_at, earlier.id < table.id)
        )
        # OFFSET 0 has it asked row by row: as a join it would read everything that is due.
        overtaken = select(earlier.id).where(self._of_its_order(earlier), missed, before).offset(0)
        return (~overtaken.exists(),)

    def _of_its_order(self, earlier: Any) -> ColumnElement[bool]:  # noqa: ANN401 - SQLAlchemy's alias
        column = str(self._in_order_of)
        same: ColumnElement[bool] = getattr(earlier, column) == getattr(self._table, column)
        return and_(earlier.business_id == self._table.business_id, same, self._pending(earlier))

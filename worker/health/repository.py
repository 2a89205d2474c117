"""What is not well and what was told of it, as the database keeps it; and who can be told of visits."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ARRAY, BigInteger, DateTime, bindparam, column, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.engine import fetch
from worker.db.models.delivery import DeadCommand
from worker.db.models.health import HealthLook, HealthTrouble
from worker.db.scope import BUSINESS_ID, scope
from worker.health.rules import Trouble, TroubleState
from worker.visits.deposits import OPEN_REFUNDS

_CLAIM: Final = (
    text(
        """
    INSERT INTO health_look (business_id, looked_at)
    SELECT business.id, :now FROM business WHERE business.id = :business
    ON CONFLICT (business_id) DO UPDATE SET looked_at = excluded.looked_at
        WHERE health_look.looked_at <= :before
    RETURNING looked_at
    """
    )
    .bindparams(
        BUSINESS_ID,
        bindparam("now", type_=DateTime(timezone=True)),
        bindparam("before", type_=DateTime(timezone=True)),
    )
    .columns(column("looked_at"))
)
_REACH: Final = (
    text(
        """
    SELECT count(*) FILTER (WHERE person.id IS NOT NULL AND NOT person.reachable) AS lost,
        count(*) FILTER (
            WHERE (person.id IS NULL OR NOT person.reachable) AND NOT EXISTS (
                SELECT FROM person AS manager
                WHERE manager.business_id = :business AND manager.reachable AND (
                    manager.id = ANY(:by_settings) OR manager.id IN (
                        SELECT person_id FROM role_grant WHERE role_grant.business_id = :business
                    )
                )
            )
        ) AS unheard
    FROM specialist
    LEFT JOIN person ON person.business_id = specialist.business_id AND person.id = specialist.telegram_id
    WHERE specialist.business_id = :business AND specialist.active
    """
    )
    .bindparams(BUSINESS_ID, bindparam("by_settings", type_=ARRAY(BigInteger)))
    .columns(column("lost"), column("unheard"))
)
_REFUNDS: Final = text(OPEN_REFUNDS).bindparams(BUSINESS_ID).columns(column("open"), column("age"))


@dataclass(frozen=True, slots=True)
class Health:
    """What was last seen, and when somebody last looked; None where nobody has."""

    looked_at: datetime | None
    states: Mapping[Trouble, TroubleState]


async def claim(session: AsyncSession, now: datetime, before: datetime) -> bool:
    """Take the look upon oneself; False where somebody has looked since `before`, or there is no business."""
    return bool(await fetch(session, _CLAIM, {"now": now, "before": before}))


async def lock(session: AsyncSession) -> None:
    """Let nobody else conclude anything of this business's health until this transaction ends."""
    mine = select(HealthLook.looked_at).where(HealthLook.business_id == scope(session))
    await session.execute(mine.with_for_update())


async def load(session: AsyncSession) -> Health:
    """Load what is kept. A kind that only another release knows is left to that release's workers."""
    same = HealthTrouble.business_id == HealthLook.business_id
    state = (HealthTrouble.since, HealthTrouble.eased_at, HealthTrouble.told_at)
    kept = (
        select(HealthLook.looked_at, HealthTrouble.kind, *state)
        .outerjoin(HealthTrouble, same)
        .where(HealthLook.business_id == scope(session))
    )
    rows = (await session.execute(kept)).all()
    known = {kind: TroubleState(*state) for _, kind, *state in rows}
    return Health(
        rows[0].looked_at if rows else None, {each: known[each] for each in Trouble if each in known}
    )


async def save(session: AsyncSession, states: Mapping[Trouble, TroubleState | None]) -> None:
    """Keep what has changed; None is forgotten."""
    own = HealthTrouble.business_id == scope(session)
    gone = [trouble for trouble, state in states.items() if state is None]
    if gone:
        await session.execute(delete(HealthTrouble).where(own, HealthTrouble.kind.in_(gone)))
    rows = [
        {
            "business_id": scope(session),
            "kind": trouble,
            "since": state.since,
            "eased_at": state.eased_at,
            "told_at": state.told_at,
        }
        for trouble, state in states.items()
        if state is not None
    ]
    if rows:
        new = insert(HealthTrouble).values(rows)
        taken = {name: new.excluded[name] for name in ("since", "eased_at", "told_at")}
        await session.execute(new.on_conflict_do_update(index_elements=["business_id", "kind"], set_=taken))


async def load_reach(session: AsyncSession, by_settings: Collection[int]) -> tuple[int, int]:
    """Count the specialists who cannot be written to any more, and those of whose visits nobody hears.

    `by_settings` are those whom ADMIN_IDS makes owners; they and all owners and admins are told where the
    specialist cannot be.
    """
    [row] = await fetch(session, _REACH, {"by_settings": sorted(by_settings)})
    return row.lost, row.unheard


async def count_failed(session: AsyncSession) -> int:
    """Count the commands that failed for good."""
    counting = select(func.count()).where(DeadCommand.business_id == scope(session))
    return await session.scalar(counting) or 0


async def load_open_refunds(session: AsyncSession) -> tuple[int, float]:
    """Return how many payments somebody has to send back, and for how many seconds the first has waited."""
    [row] = await fetch(session, _REFUNDS, {})
    return int(row.open), float(row.age)

"""The next free times for somebody who did not get what they wanted, and the buttons that lead to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.booking import ShowSoonest, ShowSummary
from shared.i18n.translator import Translator
from worker.scheduling.asker import Asker
from worker.scheduling.engine import starts
from worker.scheduling.following import load_schedule
from worker.scheduling.soonest import spread
from worker.ui.view import Button, Keyboard

NEAR: Final = timedelta(days=13)
"""So far other times are looked for; further ahead lies a tap more."""


@dataclass(frozen=True, slots=True)
class Missed:
    """What somebody did not get."""

    service_id: int
    specialist_id: int
    customer_id: int
    start: datetime
    zone: ZoneInfo
    places: int = 1


async def next_free(session: AsyncSession, missed: Missed, now: datetime) -> list[datetime]:
    """Find the next free times for the same, with the same specialist, spread over the days."""
    zone = missed.zone
    today = now.astimezone(zone).date()
    schedule = await load_schedule(
        session,
        (missed.service_id,),
        today,
        today + NEAR,
        Asker(now, missed.customer_id, places=missed.places),
        specialist_id=missed.specialist_id,
    )
    if schedule is None:
        return []
    found = starts(schedule.queries(now), today, today + NEAR)
    instants = (datetime.fromtimestamp(start, UTC) for start in found)
    return spread((start for start in instants if start != missed.start), zone)


def next_rows(
    texts: Translator, service_id: int, specialist_id: int, free: Sequence[datetime], zone: ZoneInfo
) -> Keyboard:
    """Make the buttons of the next free times, and of all others."""
    who = {"service_id": service_id, "specialist_id": specialist_id}
    rows = [[Button(_moment(texts, start, zone), ShowSummary(start=start, **who))] for start in free]
    return [*rows, [Button(texts.text("Other times"), ShowSoonest(**who))]]


def _moment(texts: Translator, start: datetime, zone: ZoneInfo) -> str:
    local = start.astimezone(zone)
    return texts.text("{day}, {time}", day=texts.title(texts.short_day(local.date())), time=texts.time(local))

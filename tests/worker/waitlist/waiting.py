"""A day that is full, people who wish for a time of it, and what they are offered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range, insert

from shared.buttons import unpack
from shared.contracts.base import Command
from shared.contracts.booking import ShowSoonest
from shared.contracts.cancelling import Cancel
from shared.contracts.menu import ShowHome
from shared.contracts.waitlist import DeclineOffer, JoinWaitlist, TakeOffer
from tests.worker.shop import Shop, at
from tests.worker.stage import Answer, Stage
from worker.db.models.catalogue import ScheduleException
from worker.db.models.flows import Timer
from worker.db.models.waitlist import WaitlistEntry, WaitlistOffer
from worker.outbox import writer
from worker.outbox.message import TimerSetting

DAY = at("10:00").date()
GUEST = 2050
"""Who has booked what others wish for."""


@dataclass(frozen=True)
class Offered:
    """What the bot offers somebody in a message."""

    message: int
    text: str
    buttons: dict[str, str | None]

    def command(self, label: str) -> Command:
        return unpack(str(self.buttons[label]))


async def fill(stage: Stage, *clocks: str, person: int = GUEST, days: int = 3) -> list[int]:
    """Let somebody book all of a day of Alice's, who works for just as many cuts as there are clocks."""
    await open_for(stage.shop, *clocks, days=days)
    await stage.meet(person)
    await stage.type(ShowHome(), person)
    return [await stage.shop.book(stage.shop.wish("Cut", "Alice", clock, days), person) for clock in clocks]


async def open_for(shop: Shop, *clocks: str, days: int = 3, specialist: str = "Alice") -> None:
    """Let a specialist work on a day for just the cuts that begin then."""
    minutes = [hour * 60 + minute for hour, minute in (map(int, each.split(":")) for each in clocks)]
    values = {
        "business_id": shop.business_id,
        "specialist_id": shop.specialists[specialist],
        "day": at("10:00", days).date(),
        "minutes": [Range(minute, minute + 45) for minute in minutes],
    }
    async with shop.sessions.begin() as session:
        await session.execute(insert(ScheduleException).values(values))


def wish_for(
    shop: Shop, service: str = "Cut", specialist: str | None = "Alice", days: int = 3
) -> JoinWaitlist:
    who = None if specialist is None else shop.specialists[specialist]
    day = at("10:00", days).date()
    return JoinWaitlist(service_id=shop.services[service], specialist_id=who, first_day=day, last_day=day)


async def join(stage: Stage, *people: int, **wish: Any) -> list[int]:  # noqa: ANN401 - as wish_for takes them
    """Let people wish for a time, one after the other; return their wishes."""
    for person in people:
        await stage.meet(person)
        answer = await stage.tap(wish_for(stage.shop, **wish), person)
        assert answer.toast == "You will be told here when a place frees up.", answer
        stage.shop.clock.advance(timedelta(seconds=1))
    return [each.id for each in await entries(stage.shop)][-len(people) :]


async def free(stage: Stage, booking: int) -> None:
    """Cancel a visit as its customer does, and let the timers run."""
    visit = await stage.shop.booking(booking)
    answer = await stage.tap(Cancel(booking_id=booking, version=visit.version), visit.customer_id)
    assert answer.toast == "Cancelled.", answer
    await settle(stage)


async def settle(stage: Stage) -> None:
    """Let timers and messages run until nothing is due."""
    while await stage.parts.timers.run_once() == 0.0 or await due(stage):
        pass
    await stage.parts.poller.run_once()


async def due(stage: Stage) -> bool:
    async with stage.shop.sessions() as session:
        own = Timer.business_id == stage.shop.business_id
        soon = Timer.due_at <= stage.shop.clock.now()
        return (await session.scalar(select(Timer.id).where(own, soon).limit(1))) is not None


async def entries(shop: Shop) -> Sequence[WaitlistEntry]:
    async with shop.sessions() as session:
        own = WaitlistEntry.business_id == shop.business_id
        return (await session.scalars(select(WaitlistEntry).where(own).order_by(WaitlistEntry.id))).all()


async def offers(shop: Shop) -> list[tuple[int, str, datetime]]:
    """Return to whom what was offered, in order, and how it stands."""
    async with shop.sessions() as session:
        own = WaitlistOffer.business_id == shop.business_id
        found = await session.scalars(select(WaitlistOffer).where(own).order_by(WaitlistOffer.id))
        return [(each.customer_id, each.state, each.start) for each in found]


async def open_offer(stage: Stage, person: int) -> Offered:
    """Return the newest message that offers somebody a time."""
    message = next(
        each for each in reversed(stage.messages(person)) if "A place has come free" in each.get("text", "")
    )
    number = int(message["message_id"])
    return Offered(number, message["text"], stage.buttons(number, person))


async def answer(stage: Stage, person: int, label: str = "Take it") -> Answer:
    """Tap a button of the newest offer."""
    offered = await open_offer(stage, person)
    command = offered.command(label)
    assert isinstance(command, TakeOffer | DeclineOffer)
    found = await stage.tap(command, person, offered.message)
    await settle(stage)
    return found


async def live(shop: Shop) -> list[tuple[int, str, datetime | None]]:
    """Return whose visits and holds there are."""
    return [(each.customer_id, each.status, each.during.lower) for each in await shop.live()]


def soonest(**what: int) -> ShowSoonest:
    return ShowSoonest(**what)


async def run_timer(stage: Stage, command: Command) -> None:
    """Have a timer run a command at once, and what follows from it."""
    now = stage.shop.clock.now()
    async with stage.shop.sessions.begin() as session:
        await writer.enqueue(session, [], now, timers={"test": TimerSetting(command, now)})
    await settle(stage)


def dies(*_: object) -> None:
    """Stand for what kills a worker in the middle."""
    raise RuntimeError("killed in the middle")

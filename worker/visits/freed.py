"""A time that is free again is offered to whoever waits for it: a timer asks, once for each such time."""

from collections.abc import Sequence
from datetime import datetime

from shared.contracts.earlier import EndEarlier
from shared.contracts.swapping import EndSwaps
from shared.contracts.waitlist import OfferFreed, SettleGivenWay
from worker.outbox.message import TimerSetting
from worker.runtime.context import RequestContext
from worker.visits.parts import VisitPart
from worker.visits.repository import Visit


def freed(context: RequestContext, visit: Visit) -> None:
    """Have the time offered that a visit takes no more: `visit` is as it was. What has begun is left."""
    for key, setting in freeing([visit], context.now).items():
        context.set_timer(key, setting.command, setting.due_at)


def freeing(visits: Sequence[Visit], now: datetime) -> dict[str, TimerSetting]:
    """Make the timers, by their keys, that have the times of visits offered that take them no more."""
    taken = {(each.specialist_id, each.start, each.end) for visit in visits for each in _all_of(visit)}
    timers = dict(offering(*each, now) for each in sorted(taken) if each[1] > now)
    return timers | unsettling(visits, now)


def unsettling(visits: Sequence[Visit], now: datetime) -> dict[str, TimerSetting]:
    """Make the timers that end what was offered in the place of visits, or asked about their times.

    The visits are as they were.
    """
    earlier = {f"earlier:{each.id}": EndEarlier(booking_id=each.id) for each in visits if each.wants_earlier}
    swaps = {f"swaps:{each.id}": EndSwaps(booking_id=each.id) for each in visits if each.in_swap}
    return {key: TimerSetting(command, now) for key, command in {**earlier, **swaps}.items()}


def _all_of(visit: Visit) -> Sequence[Visit | VisitPart]:
    return [visit, *visit.parts]


def offering(
    specialist_id: int, start: datetime, end: datetime, now: datetime, *, asked: bool = False
) -> tuple[str, TimerSetting]:
    """Make the timer, behind its key, that has a stretch of a specialist's time offered.

    `asked` where the staff have had their time to choose to whom, if they do.
    """
    command = OfferFreed(specialist_id=specialist_id, start=start, end=end, asked=asked)
    key = f"freed:{specialist_id}:{int(start.timestamp())}:{int(end.timestamp())}"
    return key, TimerSetting(command, now)


def given_way(customer_id: int, now: datetime) -> dict[str, TimerSetting]:
    """Make the timer that settles what a customer was offered, where they have got a time by another way."""
    return {f"given_way:{customer_id}": TimerSetting(SettleGivenWay(customer_id=customer_id), now)}

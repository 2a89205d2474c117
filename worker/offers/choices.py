"""Where the business has its staff choose, they are asked first to whom a freed time is offered."""

from datetime import datetime

from worker.notices.repository import load_desk
from worker.notices.rules import recipients
from worker.offers import promises, repository
from worker.offers.repository import StaffChoice
from worker.offers.rules import choice_times
from worker.offers.stretch import FreedStretch
from worker.runtime.context import RequestContext
from worker.visits.freed import offering


async def ask_staff(context: RequestContext, freed: FreedStretch, latest: datetime) -> bool:
    """Ask the staff to whom to offer a part of a stretch that can be booked until `latest`.

    Tells whether it waits for them: they choose here, there is time for it, and somebody can be asked.
    """
    within = await repository.load_choose_within(context.session)
    if within is None:
        return False
    if await repository.load_open_choice(context.session, freed) is not None:
        return True
    times = choice_times(context.now, latest, context.zone, within)
    desk = await load_desk(context.session, freed.specialist_id, context.settings.admin_ids)
    chats = [each.chat_id for each in recipients(desk, by=None)]
    if times is None or not chats:
        return False
    choice = StaffChoice(
        id=await repository.add_choice(context.session, freed, times.deadline, context.now),
        specialist_id=freed.specialist_id,
        freed_from=freed.begin,
        freed_until=freed.end,
        deadline=times.deadline,
    )
    promises.of_choice(context, choice, chats, times.told_at)
    return True


async def settle(context: RequestContext, choice: StaffChoice, state: str) -> bool:
    """Write what came of what the staff were asked; False where that is written already."""
    context.cancel_timer(promises.choice_key(choice.id))
    return await repository.settle_choice(context.session, choice.id, state)


async def leave_to_line(context: RequestContext, choice: StaffChoice) -> bool:
    """Have the line decide about what the staff were asked; False where that is settled already."""
    if not await settle(context, choice, repository.LAPSED):
        return False
    freed = choice.freed
    key, timer = offering(freed.specialist_id, freed.begin, freed.end, context.now, asked=True)
    context.set_timer(key, timer.command, timer.due_at)
    return True

"""What is sent after a visit: made when it is sent, so that it is still wanted and true."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from shared.contracts.booking import ShowSoonest
from worker.aftercare import promises, repository, views
from worker.aftercare.repository import AfterVisit
from worker.aftercare.rules import RatingReader
from worker.db.models.booking import Status
from worker.db.models.delivery import State
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.own_texts.replies import own_words
from worker.own_texts.rules import OwnTextKind
from worker.runtime.repository import load_facts
from worker.scheduling.asker import Asker
from worker.scheduling.engine import starts
from worker.scheduling.following import load_schedule
from worker.scheduling.repository import Schedule
from worker.scheduling.soonest import spread
from worker.scheduling.views import Chosen
from worker.ui.phrases import visit_line
from worker.ui.view import View
from worker.visits.messages import texts_for, visit_about
from worker.visits.repository import Visit

NEAR: Final = timedelta(days=13)
"""How far behind the day times are looked for."""


@dataclass(frozen=True, slots=True)
class AgainOffer:
    """Times to come again, and with whom: None is with anyone."""

    schedule: Schedule
    specialist_id: int | None
    times: list[datetime]


class _AfterVisitMessage(MessageHandler[View]):
    """A message of its own."""

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Send it."""
        return await messenger.send(claimed.message.chat_id, content)


class HowWasItMessage(_AfterVisitMessage):
    """Asks a customer how a visit was."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Make it, unless somebody has answered, nobody wants to know, or they want no such messages."""
        visit, after = await _been(context, claimed)
        if visit is None or after is None or after.rated or after.ratings is RatingReader.NOBODY:
            return State.VOID
        texts = texts_for(context, visit)
        own = await own_words(context.session, context.translators, OwnTextKind.AFTER_VISIT, visit, texts)
        return views.how_was_it(texts, visit, own)


class RatedMessage(_AfterVisitMessage):
    """Tells who reads it what a customer said."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Make it of all that was said by then, for somebody who works here still."""
        visit = await visit_about(context, claimed)
        rating = None if visit is None else await repository.load_rating(context.session, visit.id)
        facts = await load_facts(context.session, claimed.message.chat_id)
        if visit is None or rating is None or facts.user is None or facts.business is None:
            return State.VOID
        manages = facts.roles | context.environment.roles_by_settings(facts.user.id)
        if not manages and facts.specialist_id != visit.specialist_id:
            return State.VOID
        user, house = facts.user, facts.business.language
        texts = context.translators.choose(user.language, user.language_hint, house)
        return views.rated(texts, visit, rating)


class AgainMessage(_AfterVisitMessage):
    """Tells a customer that it is time to come again, with times."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Make it, unless they have been here since or will be, or there is nothing to offer."""
        visit, after = await _been(context, claimed)
        if visit is None or after is None or after.again_after is None or after.came_again or after.paused:
            return State.VOID
        day = date.fromisoformat(claimed.message.payload["day"])
        offer = await _offer(context, visit, day, visit.specialist_id) or await _offer(
            context, visit, day, None
        )
        if offer is None:
            return State.VOID
        texts = texts_for(context, visit)
        zone = ZoneInfo(visit.timezone)
        title = visit_line(texts, visit.services, visit.specialists)
        chosen = Chosen(title, zone, context.now.astimezone(zone).date())
        asked = ShowSoonest(service_id=visit.service_id, specialist_id=offer.specialist_id, added=visit.added)
        return views.again(texts, visit, chosen, asked, offer.times)


async def _been(context: MessageContext, claimed: ClaimedMessage) -> tuple[Visit | None, AfterVisit | None]:
    """Load a visit that has been, and what is wanted after it; nothing of whom no such messages reach."""
    visit = await visit_about(context, claimed)
    if visit is None or visit.status is not Status.DONE:
        return None, None
    after = await repository.load_after(context.session, visit.id)
    return (visit, after) if after is not None and after.willing else (None, None)


async def _offer(
    context: MessageContext, visit: Visit, day: date, specialist_id: int | None
) -> AgainOffer | None:
    zone = ZoneInfo(visit.timezone)
    first = max(day, context.now.astimezone(zone).date())
    asker, last = Asker(context.now, visit.customer_id), first + NEAR
    schedule = await load_schedule(
        context.session,
        [visit.service_id, *(each.service_id for each in visit.parts)],
        first,
        last,
        asker,
        specialist_id=specialist_id,
    )
    if schedule is None or not schedule.calendars:
        return None
    free = starts(schedule.queries(context.now), first, last)
    times = spread((datetime.fromtimestamp(start, UTC) for start in free), zone)
    return AgainOffer(schedule, specialist_id, times) if times else None


MESSAGES: Final[tuple[MessageType[Any], ...]] = (
    MessageType(promises.HOW_WAS_IT, Priority.REMINDER, HowWasItMessage()),
    MessageType(promises.RATED, Priority.REMINDER, RatedMessage()),
    MessageType(promises.AGAIN, Priority.BROADCAST, AgainMessage()),
)

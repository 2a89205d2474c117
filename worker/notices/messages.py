"""What the people who work here are told: made when it is sent, for whoever is responsible then."""

from datetime import datetime
from typing import Any, Final

from worker.db.models.delivery import State
from worker.notices import views
from worker.notices.promises import NOTICE, StaffNews, passed_on
from worker.notices.repository import load_desk, load_reason
from worker.notices.rules import Desk, recipients
from worker.outbox.handler import NOT_KNOWN_HERE, Later, MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.ui.view import View
from worker.visits import repository
from worker.visits.repository import Visit


class StaffNotice(MessageHandler[View]):
    """What happened to a visit, for its specialist or those who manage."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State | Later:
        """Make it for somebody who is responsible now; else it is promised to those who are."""
        notice, chat_id = StaffNews.of(claimed), claimed.message.chat_id
        if notice.what not in views.HEADLINES:
            return NOT_KNOWN_HERE
        desk = await _desk(context, notice, chat_id)
        mine = next((each for each in recipients(desk, notice.by) if each.chat_id == chat_id), None)
        if mine is None:
            await context.enqueue(passed_on(notice, desk))
            return State.VOID
        visit = await repository.load(context.session, notice.booking_id)
        if visit is None or _is_late_no_more(notice, visit):
            return State.VOID
        reason = await _reason(context, notice)
        texts = context.translators.choose(*desk.languages, visit.customer_languages[-1])
        was = None if notice.was is None else datetime.fromisoformat(notice.was)
        at, following = datetime.fromisoformat(notice.at), await _following(context, notice, visit)
        freed = notice.why == "unconfirmed"
        news = views.News(notice.what, at, was, desk.specialist, mine.instead, following, reason, freed)
        return views.notice(texts, visit, news)

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Send it."""
        return await messenger.send(claimed.message.chat_id, content)

    async def on_unreachable(self, context: MessageContext, claimed: ClaimedMessage) -> None:
        """Promise it to those who are responsible where this one is out of reach."""
        notice = StaffNews.of(claimed)
        await context.enqueue(passed_on(notice, await _desk(context, notice)))


MESSAGES: Final[tuple[MessageType[Any], ...]] = (MessageType(NOTICE, Priority.REPLY, StaffNotice()),)


def _is_late_no_more(notice: StaffNews, visit: Visit) -> bool:
    """Tell whether somebody was to be late for a visit that is off or elsewhere by now."""
    return notice.what == "late" and (visit.late_by is None or not visit.is_live)


async def _following(context: MessageContext, notice: StaffNews, visit: Visit) -> list[Visit]:
    """Load what the specialist has while a visit would still last whose customer is late."""
    if notice.what != "late" or visit.late_by is None:
        return []
    end, until = visit.end, visit.end + visit.late_by
    found = await repository.load_between(context.session, end, until, visit.specialist_id, context.now)
    return [each for each in found if each.id != visit.id and each.start >= end]


async def _reason(context: MessageContext, notice: StaffNews) -> str | None:
    told = notice.what == "explained"
    return await load_reason(context.session, notice.booking_id) if told else None


async def _desk(context: MessageContext, notice: StaffNews, reader: int | None = None) -> Desk:
    return await load_desk(context.session, notice.specialist_id, context.settings.admin_ids, reader)

"""What the people who work here are told: made when it is sent, for whoever is responsible then."""

from datetime import datetime
from typing import Any, Final

from worker.db.models.delivery import State
from worker.notices.promises import NOTICE, StaffNews, passed_on
from worker.notices.repository import load_desk
from worker.notices.rules import Desk, recipients
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.staff import views
from worker.ui.view import View
from worker.visits import repository


class StaffNotice(MessageHandler[View]):
    """What happened to a visit, for its specialist or those who manage."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Make it for somebody who is responsible now; else it is promised to those who are."""
        notice, chat_id = StaffNews.of(claimed), claimed.message.chat_id
        desk = await _desk(context, notice, chat_id)
        mine = next((each for each in recipients(desk, notice.by) if each.chat_id == chat_id), None)
        if mine is None:
            await context.enqueue(passed_on(notice, desk))
            return State.VOID
        visit = await repository.load(context.session, notice.booking_id)
        if visit is None:
            return State.VOID
        texts = context.translators.choose(*desk.languages, visit.customer_languages[-1])
        was = None if notice.was is None else datetime.fromisoformat(notice.was)
        news = views.News(notice.what, datetime.fromisoformat(notice.at), was, desk.specialist, mine.instead)
        return views.notice(texts, visit, news)

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Send it."""
        return await messenger.send(claimed.message.chat_id, content)

    async def on_unreachable(self, context: MessageContext, claimed: ClaimedMessage) -> None:
        """Promise it to those who are responsible where this one is out of reach."""
        notice = StaffNews.of(claimed)
        await context.enqueue(passed_on(notice, await _desk(context, notice)))


MESSAGES: Final[tuple[MessageType[Any], ...]] = (MessageType(NOTICE, Priority.REPLY, StaffNotice()),)


async def _desk(context: MessageContext, notice: StaffNews, reader: int | None = None) -> Desk:
    return await load_desk(context.session, notice.specialist_id, context.settings.admin_ids, reader)

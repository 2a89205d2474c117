"""What the people who work here are told: made when it is sent, for whoever is responsible then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from shared.i18n.translator import Translator
from worker.db.models.delivery import State
from worker.notices import views
from worker.notices.promises import NOTICE, StaffNews, passed_on
from worker.notices.repository import (
    NOTICED,
    WaitingNotice,
    load_desk,
    load_reason,
    load_waiting,
    mark_told,
    put_off,
)
from worker.notices.rules import Desk, Recipient, recipients
from worker.notices.views import NewsItem
from worker.outbox.handler import NOT_KNOWN_HERE, Later, MessageContext, MessageHandler, MessageType
from worker.outbox.message import PUT_OFF, ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.parts.repository import load_between
from worker.preferences.rules import Preferences, told_at
from worker.ui.view import View
from worker.visits import repository
from worker.visits.repository import Visit
from worker.visits.rules import pieces, seen_by

AT_ONCE: Final = frozenset({"late"})
"""What never waits: it is about right now."""
MOST_TOGETHER: Final = 12
"""So many notices fit a message, whatever names are in them; the others come in the next one."""


@dataclass(frozen=True, slots=True)
class StaffWord:
    """What is told, and the ids of the other notices that it tells."""

    view: View
    also: Sequence[int] = ()


class StaffNotice(MessageHandler[StaffWord]):
    """What happened to a visit, for its specialist or those who manage.

    A reader may want news to wait. Those that waited come together: the first of them tells the others too,
    and notes them as told in the transaction that notes itself.
    """

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> StaffWord | State | Later:
        """Make it for somebody who is responsible now; else it is promised to those who are."""
        notice, chat_id = StaffNews.of(claimed), claimed.message.chat_id
        if notice.what not in views.HEADLINES:
            return NOT_KNOWN_HERE
        desk = await _desk(context, notice, chat_id)
        if _role(desk, notice, chat_id) is None:
            await context.enqueue(passed_on(notice, desk))
            return State.VOID
        item = await _item(context, notice, desk, chat_id)
        if item is None:
            return State.VOID
        noticed = _noticed(claimed.message.payload, context.now)
        told = _told_at(notice, desk, noticed)
        if told > context.now:
            await put_off(context.session, claimed.id, claimed.attempts, noticed, told)
            return Later(told, "its reader wants it to wait")
        texts = context.translators.choose(*desk.languages, item.visit.customer_languages[-1])
        if PUT_OFF in claimed.message.payload:
            return await _together(context, claimed, texts, item)
        return StaffWord(views.notice(texts, item.visit, item.news))

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: StaffWord) -> int | None:
        """Send it."""
        return await messenger.send(claimed.message.chat_id, content.view)

    def follows_up(self, content: StaffWord) -> bool:
        """Tell whether others are told with it."""
        return bool(content.also)

    async def on_sent(
        self, context: MessageContext, claimed: ClaimedMessage, content: StaffWord, message_id: int | None
    ) -> None:
        """Note the others as told."""
        del claimed
        await mark_told(context.session, content.also, context.now, message_id)

    async def on_unreachable(self, context: MessageContext, claimed: ClaimedMessage) -> None:
        """Promise it to those who are responsible where this one is out of reach."""
        notice = StaffNews.of(claimed)
        await context.enqueue(passed_on(notice, await _desk(context, notice)))


MESSAGES: Final[tuple[MessageType[Any], ...]] = (MessageType(NOTICE, Priority.REPLY, StaffNotice()),)


async def _together(
    context: MessageContext, claimed: ClaimedMessage, texts: Translator, item: NewsItem
) -> StaffWord | State:
    """Tell everything that waits for the reader and whose time has come; nothing that is told by now."""
    chat_id = claimed.message.chat_id
    waiting = await load_waiting(context.session, chat_id, NOTICE)
    if claimed.id not in {each.id for each in waiting}:
        return State.VOID
    items = {claimed.id: item}
    for each in waiting:
        if len(items) < MOST_TOGETHER and each.id not in items:
            other = await _waiting_item(context, each, chat_id)
            items |= {} if other is None else {each.id: other}
    if len(items) == 1:
        return StaffWord(views.notice(texts, item.visit, item.news))
    also = [each for each in items if each != claimed.id]
    return StaffWord(views.together(texts, [items[each] for each in sorted(items)]), also)


async def _waiting_item(context: MessageContext, waiting: WaitingNotice, chat_id: int) -> NewsItem | None:
    """Read a notice that waits; None of one whose time has not come, or that ends otherwise by itself."""
    notice = StaffNews.read(waiting.key, waiting.booking_id, waiting.payload)
    if notice.what not in views.HEADLINES:
        return None
    desk = await _desk(context, notice, chat_id)
    if _told_at(notice, desk, _noticed(waiting.payload, context.now)) > context.now:
        return None
    return await _item(context, notice, desk, chat_id)


async def _item(context: MessageContext, notice: StaffNews, desk: Desk, chat_id: int) -> NewsItem | None:
    """Make what is told of a visit; None where the reader is not responsible, or it is no longer so."""
    mine = _role(desk, notice, chat_id)
    visit = await repository.load(context.session, notice.booking_id)
    if mine is None or visit is None or _is_late_no_more(notice, visit):
        return None
    reason = await _reason(context, notice)
    was = None if notice.was is None else datetime.fromisoformat(notice.was)
    at, following = datetime.fromisoformat(notice.at), await _following(context, notice, visit)
    freed = notice.why == "unconfirmed"
    starts = [datetime.fromisoformat(each) for each in notice.starts]
    news = views.News(notice.what, at, was, desk.specialist, mine.instead, following, reason, freed, starts)
    if notice.beside:
        news = replace(news, beside=await repository.load_several(context.session, notice.beside))
    return NewsItem(seen_by(visit, notice.specialist_id), news)


def _role(desk: Desk, notice: StaffNews, chat_id: int) -> Recipient | None:
    """Say why somebody is told; None of who is not responsible any more."""
    return next((each for each in recipients(desk, notice.by) if each.chat_id == chat_id), None)


def _noticed(payload: Mapping[str, Any], now: datetime) -> datetime:
    return datetime.fromisoformat(payload[NOTICED]) if NOTICED in payload else now


def _told_at(notice: StaffNews, desk: Desk, noticed: datetime) -> datetime:
    """Return when the reader wants it told; at once that somebody runs late."""
    if notice.what in AT_ONCE:
        return noticed
    starts = [datetime.fromisoformat(each) for each in (notice.at, notice.was) if each is not None]
    quiet = None
    if desk.quiet_from is not None and desk.quiet_until is not None:
        quiet = desk.quiet_from, desk.quiet_until
    chosen = Preferences(quiet=quiet, digest=desk.digest)
    return told_at(noticed, min(starts), chosen, ZoneInfo(desk.timezone))


def _is_late_no_more(notice: StaffNews, visit: Visit) -> bool:
    """Tell whether somebody was to be late for a visit that is off or elsewhere by now."""
    return notice.what == "late" and (visit.late_by is None or not visit.is_live)


async def _following(context: MessageContext, notice: StaffNews, visit: Visit) -> list[Visit]:
    """Load what the specialist has while a visit would still last whose customer is late."""
    if notice.what != "late" or visit.late_by is None:
        return []
    found: dict[int, Visit] = {}
    for own in (each for each in pieces(visit) if each.specialist_id == notice.specialist_id):
        until = own.end + visit.late_by
        beside = await load_between(context.session, own.end, until, own.specialist_id, context.now)
        found |= {each.id: each for each in beside if each.id != visit.id and each.start >= own.end}
    return list(found.values())


async def _reason(context: MessageContext, notice: StaffNews) -> str | None:
    told = notice.what == "explained"
    return await load_reason(context.session, notice.booking_id) if told else None


async def _desk(context: MessageContext, notice: StaffNews, reader: int | None = None) -> Desk:
    return await load_desk(context.session, notice.specialist_id, context.settings.admin_ids, reader)

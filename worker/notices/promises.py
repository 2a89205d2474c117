"""The word about a visit that is promised to whoever is responsible for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final, Self

from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.delivery import SubjectType
from worker.notices.repository import load_desk
from worker.notices.rules import Desk, Recipient, recipients
from worker.outbox import repository as outbox
from worker.outbox.message import Chat, ClaimedMessage, OutboxMessage, Subject
from worker.outbox.repository import TakenBack
from worker.runtime.context import RequestContext

NOTICE: Final = "staff.notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffNews:
    """What happened to a visit: told as it was then, whatever has become of the visit since."""

    key: str
    """What makes it this notice; nobody gets one twice."""
    booking_id: int
    what: str
    at: str
    was: str | None
    specialist_id: int
    """Whose visit it was then."""
    by: int | None = None
    """Who did it."""
    why: str | None = None
    """What it came of, where nobody did it."""
    starts: Sequence[str] = ()
    """When the visits begin, where it is about several of them."""
    beside: Sequence[int] = ()
    """The numbers of the others, where it is about visits of several people."""

    @classmethod
    def of(cls, claimed: ClaimedMessage) -> Self:
        """Read it from what was promised."""
        message = claimed.message
        subject = message.subject
        return cls.read(message.key, subject.id if subject else 0, message.payload)

    @classmethod
    def read(cls, key: str, booking_id: int, payload: Mapping[str, Any]) -> Self:
        """Read it from a row of the outbox."""
        names = ("what", "at", "was", "specialist_id", "by", "why")
        known: dict[str, Any] = {name: payload.get(name) for name in names}
        several = {name: payload.get(name, ()) for name in ("starts", "beside")}
        return cls(key=payload.get("key", key), booking_id=booking_id, **several, **known)

    def to(self, recipient: Recipient) -> OutboxMessage:
        """Make the promise to one of those who are told."""
        return OutboxMessage(
            kind=NOTICE,
            destination=Chat(recipient.chat_id),
            key=f"{self.key}:{recipient.chat_id}",
            subject=Subject(SubjectType.BOOKING, self.booking_id),
            payload={name: value for name, value in asdict(self).items() if name != "booking_id"},
        )


async def promise(
    context: RequestContext, news: StaffNews, direct: int | None, due_at: datetime | None = None
) -> None:
    """Promise a word about a visit to its specialist, whose chat is `direct`; without one, to who manages.

    Whether the specialist is still there and in reach is looked at again when it is sent.
    """
    for message in await _messages(context, news, direct):
        context.enqueue(replace(message, due_at=due_at))


async def _messages(context: RequestContext, news: StaffNews, direct: int | None) -> list[OutboxMessage]:
    if direct is not None:
        return [] if direct == news.by else [news.to(Recipient(direct))]
    desk = await load_desk(context.session, news.specialist_id, context.settings.admin_ids)
    return list(passed_on(news, desk))


async def take_back(
    session: AsyncSession, booking_id: int, *what: str, now: datetime
) -> Mapping[str, TakenBack]:
    """Take back what is promised to be said of a visit, unless somebody has begun to send it.

    Returns by what it says the first of each that was taken back.
    """
    taken = await outbox.take_back(session, Subject(SubjectType.BOOKING, booking_id), NOTICE, *what, now=now)
    latest_first = sorted(taken, key=lambda each: each.due_at, reverse=True)
    return {each.payload["what"]: each for each in latest_first}


async def is_unheard_of(session: AsyncSession, booking_id: int, now: datetime) -> bool:
    """Take back that a visit was booked and what changed of it; tell whether nobody has heard of it."""
    what = ("booked", "moved", "noted", "resized")
    booked = (await take_back(session, booking_id, *what, now=now)).get("booked")
    return booked is not None and not booked.known


def passed_on(news: StaffNews, desk: Desk) -> Iterator[OutboxMessage]:
    """Make the promises to whoever is responsible now."""
    return map(news.to, recipients(desk, news.by))

"""The word about a visit that is promised to whoever is responsible for it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final, Self

from worker.db.models.delivery import SubjectType
from worker.outbox.message import Chat, ClaimedMessage, OutboxMessage, Subject
from worker.runtime.context import RequestContext
from worker.staff.repository import load_desk
from worker.staff.rules import Desk, Recipient, recipients
from worker.visits.repository import Visit

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
    specialist_id: int | None = None
    """Whose visit it was then; None in a notice of a release that did not say."""
    by: int | None = None
    """Who did it."""

    @classmethod
    def of(cls, claimed: ClaimedMessage) -> Self:
        """Read it from what was promised."""
        message = claimed.message
        known = {name: message.payload.get(name) for name in ("what", "at", "was", "specialist_id", "by")}
        subject = message.subject
        key = message.payload.get("key", message.key)
        return cls(key=key, booking_id=subject.id if subject else 0, **known)  # type: ignore[arg-type]

    def to(self, recipient: Recipient) -> OutboxMessage:
        """Make the promise to one of those who are told."""
        return OutboxMessage(
            kind=NOTICE,
            destination=Chat(recipient.chat_id),
            key=f"{self.key}:{recipient.chat_id}",
            subject=Subject(SubjectType.BOOKING, self.booking_id),
            payload={name: value for name, value in asdict(self).items() if name != "booking_id"},
        )


async def promise_notice(
    context: RequestContext,
    visit: Visit,
    what: str,
    *,
    was: datetime | None = None,
    cause: int | None = None,
    due_at: datetime | None = None,
) -> None:
    """Promise a word about a visit to its specialist; where there is no way to them, to those who manage.

    Whether the specialist is still there and in reach is looked at again when it is sent.
    """
    notice = StaffNews(
        key=f"notice:{what}:{visit.id}:{visit.version if cause is None else cause}",
        booking_id=visit.id,
        what=what,
        at=visit.start.isoformat(),
        was=was.isoformat() if was else None,
        specialist_id=visit.specialist_id,
        by=context.user.id or None,
    )
    for message in await _messages(context, visit, notice):
        context.enqueue(replace(message, due_at=due_at))


async def _messages(context: RequestContext, visit: Visit, notice: StaffNews) -> list[OutboxMessage]:
    if visit.specialist_active and visit.specialist_telegram_id is not None:
        direct = Recipient(visit.specialist_telegram_id)
        return [] if direct.chat_id == notice.by else [notice.to(direct)]
    desk = await load_desk(context.session, visit.specialist_id, context.settings.admin_ids)
    return list(passed_on(notice, desk))


def passed_on(notice: StaffNews, desk: Desk) -> Iterator[OutboxMessage]:
    """Make the promises to whoever is responsible now."""
    return map(notice.to, recipients(desk, notice.by))

"""What a handler is given: the transaction, the time, who asks, and of which business."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.base import Audience, Command
from shared.envelope import Envelope
from shared.i18n.translator import Translator, Translators
from shared.settings import WorkerSettings
from worker.events.author import Author, ChangeSource
from worker.outbox import writer
from worker.outbox.message import Chat, ClaimedMessage, OutboxMessage, Promised, Subject, TimerSetting
from worker.pause import Pause
from worker.runtime.conversation import Conversation
from worker.runtime.environment import Environment
from worker.runtime.repository import UNFOUNDED, BusinessProfile, User


def audience_of(roles: frozenset[str], specialist_id: int | None) -> Audience:
    """Return which menus, help and typed commands a person is shown."""
    if roles:
        return Audience.ADMINS
    return Audience.EVERYONE if specialist_id is None else Audience.STAFF


@dataclass(frozen=True, slots=True)
class RequestContext:
    """One command's surroundings."""

    session: AsyncSession
    now: datetime
    envelope: Envelope
    business: BusinessProfile
    user: User
    texts: Translator
    environment: Environment
    specialist_id: int | None
    """The specialist the person is, if any."""
    roles: frozenset[str]
    """What else the person is here: owner, admin."""
    conversation: Conversation | None = None
    """The question that is open for the person."""
    messages: list[OutboxMessage] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    timers: dict[str, TimerSetting | None] = field(default_factory=dict)
    """By key what is to be run when; None cancels."""
    voided: list[Promised] = field(default_factory=list)
    """What is no longer to be sent of what was promised before."""
    customer: User | None = None
    """For whom the person asks, being staff; None for themselves."""

    @property
    def zone(self) -> ZoneInfo:
        """The business's time zone."""
        return self.business.zone

    @property
    def today(self) -> date:
        """The date by the business's clock."""
        return self.now.astimezone(self.zone).date()

    @property
    def booked_for(self) -> User:
        """Whose visit it is that is asked for."""
        return self.customer or self.user

    @property
    def pause(self) -> Pause | None:
        """The pause that is in force: customers can book and move nothing."""
        found = self.business.pause
        return found if found.holds(self.now, self.zone) else None

    @property
    def is_founded(self) -> bool:
        """Whether a business file has been applied: only what sets the business up runs before."""
        return self.business is not UNFOUNDED

    @property
    def settings(self) -> WorkerSettings:
        """The process's settings."""
        return self.environment.settings

    @property
    def translators(self) -> Translators:
        """Every language that is spoken here."""
        return self.environment.translators.in_year(self.today.year)

    @property
    def is_admin(self) -> bool:
        """Whether the person runs the business, as an admin or as an owner."""
        return bool(self.roles)

    @property
    def audience(self) -> Audience:
        """Which menus, help and typed commands the person is shown."""
        return audience_of(self.roles, self.specialist_id)

    @property
    def author(self) -> Author:
        """Who it is who changes the business by this command."""
        return Author(self.user.id or None, ChangeSource.CHAT, self.envelope.command.kind)

    @property
    def tapped_message_id(self) -> int | None:
        """The message whose button was tapped: the answer takes its place."""
        return self.envelope.tapped_message_id

    def left(self) -> tuple[int, int, int, dict[str, TimerSetting | None]]:
        """Return how much is to be written so far: messages, events, what is taken back, and which timers."""
        return len(self.messages), len(self.events), len(self.voided), dict(self.timers)

    def enqueue(self, message: OutboxMessage) -> None:
        """Promise a message in this transaction; one for at once is delivered right after the commit.

        It carries the update that caused it: whoever delivers it, one search of the log finds both. What is
        for at once and for who asked goes into the topic in which they did.
        """
        payload = {**message.payload, "update_id": self.envelope.update_id}
        asked = self.envelope.reply_to
        here = message.due_at is None and message.destination == Chat(asked.chat_id)
        to = Chat(asked.chat_id, asked.thread_id) if here else message.destination
        self.messages.append(replace(message, payload=payload, destination=to))

    def void(self, kind: str, subject: Subject) -> None:
        """Take back what was promised of one kind about a subject before, and is not sent yet."""
        self.voided.append(Promised(kind, subject))

    def note(self, booking_id: int, kind: str, **data: Any) -> None:  # noqa: ANN401 - JSON
        """Note who did what to a booking, or that it came by itself, of a timer."""
        self.note_by(self.user.id or None, booking_id, kind, **data)

    def note_by(self, actor_id: int | None, booking_id: int, kind: str, **data: Any) -> None:  # noqa: ANN401 - JSON
        """Note what somebody did to a booking, who need not be the one who asks now."""
        source = "chat" if self.user.id else "timer"
        event = {"booking_id": booking_id, "kind": kind, "actor_id": actor_id, "source": source}
        self.events.append({**event, "data": data, "at": self.now})

    def set_timer(self, key: str, command: Command, due_at: datetime) -> None:
        """Have a command run at a time; the timer of the same key is moved there."""
        self.timers[key] = TimerSetting(command, due_at)

    def cancel_timer(self, key: str) -> None:
        """Have the timer of a key not run, if it has not run yet."""
        self.timers[key] = None

    async def write_down(self) -> list[ClaimedMessage]:
        """Write what was noted and promised, as the last thing that this transaction does.

        Returns what is delivered right after the commit.
        """
        return await writer.write(
            self.session, self.messages, self.now, self.events, self.timers, self.voided
        )

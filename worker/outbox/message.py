"""A message that is promised, as code has it; the table is `worker.db.models.delivery.Outbox`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from shared.contracts.base import Command
from worker.db.models.delivery import Outbox, State, SubjectType
from worker.due.rows import ClaimedRow, DueRows


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat at Telegram, or a topic in it."""

    id: int
    thread_id: int | None = None
    """The topic; None for the chat itself."""

    @property
    def is_anybodys(self) -> bool:
        """Whether there is such a chat: nobody, and people without Telegram, have none."""
        return self.id > 0


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An address that is called over HTTP."""

    url: str


THREAD: Final = "thread_id"
"""Where a message's payload keeps its topic."""

PUT_OFF: Final = "put_off"
"""Where a message's payload keeps until when (Unix seconds) its reader wants it to wait."""

type Destination = Chat | WebAddress


@dataclass(frozen=True, slots=True)
class Subject:
    """What a message is about: a row of another table."""

    type: SubjectType
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxMessage:
    """What is promised. What it says is made when it is sent, by the handler of its kind."""

    kind: str
    """The name of its MessageType."""
    destination: Destination
    key: str
    """What makes it this message: a second one of the same key is not promised."""
    subject: Subject | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    """What its handler has to know, as JSON."""
    due_at: datetime | None = None
    """When it is to be sent; None for at once."""
    expires_at: datetime | None = None
    """From when on it is of no use: it is dropped if it could not be sent before."""

    @property
    def chat_id(self) -> int:
        """The chat it goes to. Raises TypeError for what goes elsewhere."""
        if isinstance(self.destination, Chat):
            return self.destination.id
        raise TypeError(f"{self.kind} goes to no chat")


@dataclass(frozen=True, slots=True)
class Promised:
    """What may be promised of one kind about a subject."""

    kind: str
    subject: Subject


@dataclass(frozen=True, slots=True)
class TimerSetting:
    """A command that is to be run at a time."""

    command: Command
    due_at: datetime


@dataclass(slots=True)
class ClaimedMessage(ClaimedRow):
    """A message that its claimer may send until the claim is over."""

    message: OutboxMessage
    faults: int = 0
    """How often it failed by its own fault."""

    @property
    def may_have_been_sent(self) -> bool:
        """Whether another claimer may have sent it: it is no row that its own writer is just delivering."""
        return self.attempts > 0

    @property
    def about(self) -> dict[str, str | int]:
        """What every log line about it says: one search follows a tap to its last delivery."""
        message = self.message
        about: dict[str, str | int] = {"kind": message.kind, "outbox_id": self.id}
        if message.subject is not None:
            about[f"{message.subject.type}_id"] = message.subject.id
        if (update_id := message.payload.get("update_id")) is not None:
            about["update_id"] = update_id
        return about


_COLUMNS: Final = (
    *(Outbox.kind, Outbox.chat_id, Outbox.url, Outbox.dedupe_key),
    *(Outbox.subject_type, Outbox.subject_id, Outbox.payload, Outbox.expires_at, Outbox.faults),
)


def _claimed(  # noqa: PLR0913, PLR0917 - the columns of a row, which have no names there
    row_id: int,
    attempts: int,
    due_at: datetime,
    until: datetime,
    taken_over: bool,  # noqa: FBT001 - a column
    kind: str,
    chat_id: int | None,
    url: str | None,
    key: str,
    subject_type: str | None,
    subject_id: int | None,
    payload: dict[str, Any],
    expires_at: datetime | None,
    faults: int,
) -> ClaimedMessage:
    message = OutboxMessage(
        kind=kind,
        destination=WebAddress(str(url)) if chat_id is None else Chat(chat_id, payload.get(THREAD)),
        key=key,
        subject=_subject(subject_type, subject_id),
        payload=payload,
        due_at=due_at,
        expires_at=expires_at,
    )
    return ClaimedMessage(row_id, attempts, due_at, until, taken_over, message, faults)


def _subject(name: str | None, row_id: int | None) -> Subject | None:
    return None if name is None or row_id is None else Subject(SubjectType(name), row_id)


OUTBOX: Final = DueRows(
    Outbox, _claimed, _COLUMNS, pending=lambda table: table.state == State.PENDING, in_order_of="chat_id"
)
"""The outbox's due rows; those of one chat are claimed in their order."""

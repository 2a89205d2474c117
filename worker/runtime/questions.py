"""Asking a person something, and what becomes of the question."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from shared.contracts.base import Command
from shared.contracts.chat import ExpireQuestion
from worker.outbox.message import Chat, OutboxMessage
from worker.runtime import repository
from worker.runtime.context import RequestContext
from worker.runtime.conversation import OPEN_FOR, Conversation

QUESTION_CLOSED: Final = "chat.question_closed"


class Ending(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    STOPPED = "stopped"
    EXPIRED = "expired"


async def ask(context: RequestContext, command: Command) -> None:
    """Let the person's next words complete a command, for an hour."""
    person_id, expires_at = context.user.id, context.now + OPEN_FOR
    await repository.open_conversation(context.session, person_id, command, context.now, expires_at)
    expire = ExpireQuestion(person_id=person_id, opened_at=context.now)
    context.set_timer(_key(person_id), expire, expires_at)


async def close(context: RequestContext, conversation: Conversation, ending: Ending) -> bool:
    """End a person's open question, and have its message say how. False where it has ended by now."""
    person_id = context.user.id
    closed = await repository.close_conversation(context.session, person_id, conversation.opened_at)
    if closed is None:
        return False
    context.cancel_timer(_key(person_id))
    _tell(context, person_id, closed, ending)
    return True


async def expire(context: RequestContext, person_id: int, opened_at: datetime) -> None:
    """End a question that was not answered in time, unless it has ended or given way to another one."""
    conversation = await repository.close_conversation(context.session, person_id, opened_at)
    if conversation is not None:
        _tell(context, person_id, conversation, Ending.EXPIRED)


def _tell(context: RequestContext, person_id: int, conversation: Conversation, ending: Ending) -> None:
    if conversation.message_id is None or conversation.message_id == context.tapped_message_id:
        return  # where its own button was tapped, the answer takes its place
    message = OutboxMessage(
        kind=QUESTION_CLOSED,
        destination=Chat(person_id),
        key=f"question:{person_id}:{conversation.message_id}",
        payload={
            "message_id": conversation.message_id,
            "ending": ending,
            "keyboard": conversation.has_keyboard,
        },
        due_at=context.now,
    )
    context.enqueue(message)


def _key(person_id: int) -> str:
    return f"question:{person_id}"

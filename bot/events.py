"""What an update is about: who caused it, and where the answer goes."""

from bot.lean_aiogram import CallbackQuery, ChatMemberUpdated, InlineQuery, Message, PreCheckoutQuery
from bot.payload import InvalidUpdateError
from shared.envelope import Actor, ReplyTo

type Event = Message | CallbackQuery | ChatMemberUpdated | PreCheckoutQuery | InlineQuery


def actor(event: Event) -> Actor:
    """Describe the person as Telegram does. Raises InvalidUpdateError where there is none."""
    person = event.from_user
    if person is None:
        raise InvalidUpdateError("nobody sent this")
    return Actor(
        id=person.id,
        first_name=person.first_name,
        last_name=person.last_name,
        username=person.username,
        language_code=person.language_code,
    )


def reply_to(event: Event, thread_id: int | None = None) -> ReplyTo:
    """Name the chat and the topic in it, for a tap its message and itself, and what waits elsewhere."""
    if isinstance(event, PreCheckoutQuery):
        return ReplyTo(chat_id=event.from_user.id, checkout_id=event.id)
    if isinstance(event, InlineQuery):
        return ReplyTo(chat_id=event.from_user.id, inline_query_id=event.id)
    if isinstance(event, Message) and event.guest_query_id is not None:
        return ReplyTo(chat_id=actor(event).id, guest_query_id=event.guest_query_id)
    if not isinstance(event, CallbackQuery):
        return ReplyTo(chat_id=event.chat.id, thread_id=thread_id)
    if event.message is None:
        return ReplyTo(chat_id=event.from_user.id, callback_id=event.id)
    chat_id, message_id = event.message.chat.id, event.message.message_id
    return ReplyTo(chat_id=chat_id, message_id=message_id, callback_id=event.id, thread_id=thread_id)

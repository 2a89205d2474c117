"""From an update's event to the command it stands for, as the contracts say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.events import Event
from bot.lean_aiogram import (
    CallbackQuery,
    ChatMemberUpdated,
    InlineQuery,
    Message,
    PreCheckoutQuery,
    Router,
    SuccessfulPayment,
)
from shared.buttons import UnreadableButtonError, unpack
from shared.contracts import CONTRACTS
from shared.contracts.base import Command, Typed
from shared.contracts.chat import (
    LONGEST_TEXT,
    ExplainButton,
    Say,
    SharedContact,
    SharedDocument,
    SharedLocation,
)
from shared.contracts.inline import AnswerGuest, FindFree
from shared.contracts.payments import CheckPayment, NotePayment
from shared.contracts.people import SetReachable
from shared.links import follow

ARGUMENT: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What a deep link may carry: https://core.telegram.org/bots/features#deep-linking."""
MENTION: Final = re.compile(r"@\w+")
LINKED: Final = "start"
"""What Telegram has people send who open a link to the bot."""
REACHABLE: Final[Mapping[str, bool]] = {"kicked": False, "member": True}
"""The statuses that a private chat knows."""

TYPED: Final[Mapping[str, tuple[type[Command], Typed]]] = {
    typed.name: (spec.command, typed)
    for contract in CONTRACTS
    for spec in contract.specs
    for typed in spec.typed
}


@dataclass(frozen=True, slots=True)
class TypedText:
    """A text that begins with a slash, taken apart."""

    name: str
    mention: str
    argument: str

    def is_for(self, username: str | None) -> bool:
        """Tell whether it is meant for us; before our name is known, every command is."""
        return not self.mention or username is None or self.mention == username.casefold()


def typed_text(text: str | None) -> TypedText | None:
    """Take a text apart; None where it is no command."""
    if not text or not text.startswith("/"):
        return None
    head, *rest = text.split(maxsplit=1)
    name, _, mention = head[1:].casefold().partition("@")
    return TypedText(name, mention, rest[0].strip() if rest else "")


async def from_message(message: Message, username: str | None) -> Command | None:
    """Return what was typed, said or paid; None where it is meant for another bot."""
    if message.successful_payment is not None:
        return _paid(message.successful_payment)
    typed = typed_text(message.text)
    if typed is None:
        return _said(message)
    if not typed.is_for(username):
        return None
    if typed.name not in TYPED:
        return Say(text=(message.text or "")[:LONGEST_TEXT], unknown_command=True)
    linked = follow(typed.argument) if typed.name == LINKED else None
    if linked is not None:
        return linked
    command, form = TYPED[typed.name]
    return command(**form.fields, **_argument(form, typed.argument))


def _argument(form: Typed, argument: str) -> dict[str, str]:
    if form.argument is None or not ARGUMENT.fullmatch(argument):
        return {}
    return {form.argument: argument}


def _said(message: Message) -> Say:
    contact, location = message.contact, message.location
    replied = message.reply_to_message
    return Say(
        text=(message.text or "")[:LONGEST_TEXT],
        contact=contact and SharedContact(phone_number=contact.phone_number[:64], user_id=contact.user_id),
        location=location and SharedLocation(latitude=location.latitude, longitude=location.longitude),
        photo=message.photo[-1].file_id if message.photo else None,
        reply_to_message_id=None if replied is None else replied.message_id,
        document=_document(message),
    )


def _document(message: Message) -> SharedDocument | None:
    sent = message.document
    if sent is None:
        return None
    return SharedDocument(file_id=sent.file_id, name=sent.file_name or "", size=sent.file_size or 0)


def _paid(payment: SuccessfulPayment) -> NotePayment:
    return NotePayment(
        currency=payment.currency,
        amount=payment.total_amount,
        payload=payment.invoice_payload,
        charge_id=payment.telegram_payment_charge_id,
        provider_charge_id=payment.provider_payment_charge_id,
    )


async def from_checkout(query: PreCheckoutQuery) -> Command:
    """Return the question whether somebody may pay."""
    return CheckPayment(currency=query.currency, amount=query.total_amount, payload=query.invoice_payload)


async def from_inline(query: InlineQuery) -> Command:
    """Return the search for what is free that somebody types in another chat."""
    return FindFree(text=query.query)


async def from_guest(message: Message) -> Command:
    """Return what a message asks that calls the bot into another chat: whom it calls is no part of it."""
    return AnswerGuest(text=MENTION.sub(" ", message.text or "").strip())


async def from_tap(query: CallbackQuery) -> Command:
    """Return the command that a button carries; what nobody can read is explained."""
    try:
        return unpack(query.data or "")
    except UnreadableButtonError:
        return ExplainButton()


async def from_membership(change: ChatMemberUpdated) -> Command | None:
    """Return what Telegram says of a person: that they blocked the bot, or let it write again."""
    reachable = REACHABLE.get(change.new_chat_member.status)
    return None if reachable is None else SetReachable(reachable=reachable)


def make_router() -> Router:
    """Make the router: one handler for each type of update that leads to commands."""
    router = Router(name="contracts")
    router.message.register(from_message)
    router.callback_query.register(from_tap)
    router.my_chat_member.register(from_membership)
    router.pre_checkout_query.register(from_checkout)
    router.inline_query.register(from_inline)
    router.guest_message.register(from_guest)
    return router


async def route(router: Router, update_type: str, event: Event, username: str | None) -> Command | None:
    """Return the command an update of this type stands for; None where it stands for none."""
    answer = await router.propagate_event(update_type, event, username=username)
    return answer if isinstance(answer, Command) else None

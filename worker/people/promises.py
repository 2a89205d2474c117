"""The promise that a person is shown the menu of what they may do, in their language."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from shared.i18n.translator import Translator
from worker.outbox import writer
from worker.outbox.message import Chat, OutboxMessage
from worker.people import repository
from worker.people.repository import Right
from worker.people.rules import menu_name
from worker.runtime.context import RequestContext

MENU: Final = "people.menu"


def is_menu_wrong(context: RequestContext, texts: Translator) -> bool:
    """Tell whether the person, spoken to in `texts`, needs another menu than was last promised."""
    return _needed(context, texts) != context.user.menu


async def promise_menu(context: RequestContext, texts: Translator) -> None:
    """Promise the person the menu that they need. Which one that is, is looked up again when it is sent."""
    await repository.set_menu(context.session, context.user.id, _needed(context, texts))
    key = f"menu:{context.user.id}:{context.envelope.update_id}"
    context.enqueue(OutboxMessage(kind=MENU, destination=Chat(context.user.id), key=key))


async def promise_menus(session: AsyncSession, changed: Collection[Right], now: datetime) -> None:
    """Promise their menus to people whose rights the business file has given or taken."""
    messages = [
        OutboxMessage(
            kind=MENU, destination=Chat(person_id), key=f"menu:{person_id}:{now.isoformat()}", due_at=now
        )
        for person_id in sorted({person_id for person_id, _ in changed})
    ]
    await writer.enqueue(session, messages, now)


def _needed(context: RequestContext, texts: Translator) -> str | None:
    public = context.translators.of_public_menu(context.user.language_hint)
    return menu_name(context.audience, texts, public)

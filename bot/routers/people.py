"""What Telegram says of a person: that they blocked the bot, or let it write again."""

from bot.lean_aiogram import ChatMemberUpdated, Router
from shared.commands import SetReachable

STATUSES = {"kicked": False, "member": True}


async def speaks_of_reach(change: ChatMemberUpdated) -> bool | dict[str, bool]:
    """Pass the two statuses a private chat knows."""
    reachable = STATUSES.get(change.new_chat_member.status)
    return False if reachable is None else {"reachable": reachable}


async def set_reachable(_: ChatMemberUpdated, *, reachable: bool) -> SetReachable:
    """Take note of it."""
    return SetReachable(reachable=reachable)


def router() -> Router:
    """Make the router."""
    routes = Router(name="people")
    routes.my_chat_member.register(set_reachable, speaks_of_reach)
    return routes

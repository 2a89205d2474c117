"""aiogram's routers and types, imported without what they cost as they come.

At its end `aiogram.types` rebuilds some 440 pydantic models, one by one: two thirds of the seconds and
100 MiB of what the import costs, for models a front end never makes. Here that is held back and only
Update is rebuilt, which contains all that is parsed. Everything in `bot` imports aiogram from here.
"""

from bot.unbuilt import never_rebuilding

with never_rebuilding():
    from aiogram import Router, types
    from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, Update

Update.model_rebuild(_types_namespace=vars(types))

__all__ = ["CallbackQuery", "ChatMemberUpdated", "Message", "Router", "Update"]

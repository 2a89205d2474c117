"""All routers together: an update's event in, a command out."""

from bot.events import Event
from bot.lean_aiogram import UNHANDLED, Router
from bot.routers import admin, booking, buttons, fallback, menu, people, staff
from shared.commands import AnyCommand

CAPABILITIES = (buttons, menu, booking, staff, admin, people, fallback)
"""In the order they are asked: taps are most of the traffic, the fallback takes what is left."""


def root_router() -> Router:
    """Put the capabilities together."""
    root = Router(name="root")
    root.include_routers(*(capability.router() for capability in CAPABILITIES))
    return root


async def route(root: Router, kind: str, event: Event, username: str | None) -> AnyCommand | None:
    """Return the command an update of this kind stands for; None where it stands for none."""
    answer = await root.propagate_event(kind, event, username=username)
    if answer is UNHANDLED:
        return None
    command: AnyCommand = answer
    return command

"""Who this bot is. The id stands in the token; the name is learnt from Telegram when it answers."""

from dataclasses import dataclass


@dataclass(slots=True)
class Identity:
    """The bot's id, and its username once it is known."""

    bot_id: int
    username: str | None = None

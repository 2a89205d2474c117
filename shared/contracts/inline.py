"""What people ask of the bot in other chats: in inline queries while they type, in messages to a guest."""

from typing import Final

from pydantic import Field

from shared.contracts.base import Command, Contract, Spec

LONGEST_QUERY: Final = 256
"""Characters of an inline query: Telegram's limit. Of a message to a guest no more are read."""
QUERY_SECONDS: Final = 30.0
"""For so long Telegram's apps may wait for the answer to what is being typed."""
GUEST_SECONDS: Final = 60.0
"""An answer in a chat that comes later is no answer any more."""


class FindFree(Command, kind="inline.find", only_shows=True, lives=QUERY_SECONDS):
    """`@bot friday` while it is typed in any chat: what is free then, to choose from."""

    text: str = Field(max_length=LONGEST_QUERY)


class AnswerGuest(Command, kind="inline.guest", lives=GUEST_SECONDS):
    """A message in a chat that the bot is no part of, and that calls it: what is free, as one card."""

    text: str = Field(max_length=LONGEST_QUERY)


CONTRACT = Contract("inline", (Spec(FindFree), Spec(AnswerGuest)))

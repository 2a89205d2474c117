"""A one-time link for an empty database: who opens it becomes the owner and sets the shop up."""

import secrets
from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from shared.clock import Clock
from shared.settings import CommonSettings, load
from shared.telegram.client import TelegramClient
from shared.telegram.errors import TelegramError
from worker.command_line import UsageError
from worker.db.engine import Sessions
from worker.db.models.catalogue import Business
from worker.db.models.people import FOUNDER
from worker.db.scope import scope
from worker.team import repository
from worker.team.repository import NewInvitation
from worker.team.rules import code_of, hash_of
from worker.team.views import address_of

HOLDS: Final = timedelta(days=1)


async def claim(sessions: Sessions, clock: Clock) -> str:
    """Make the link and return it; links that were made before open nothing any more.

    Raises UsageError where there is a shop already, and where Telegram does not say what the bot is called.
    """
    settings = load(CommonSettings)
    token = settings.bot_token.get_secret_value()
    bot = await _bot(token, settings.telegram_api_url)
    code = code_of(seed := secrets.token_hex(16), token)
    async with sessions.begin() as session:
        if await session.get(Business, scope(session)) is not None:
            raise UsageError("There is a shop already: its owners invite people, /admin, Team, Invite.")
        await _replace(session, seed, hash_of(code), clock)
    return address_of(bot, code)


async def _replace(session: AsyncSession, seed: str, code_hash: str, clock: Clock) -> None:
    now = clock.now()
    await repository.revoke_founders(session, now)
    new = NewInvitation(
        role=FOUNDER, seed=seed, code_hash=code_hash, invited_by=None, created_at=now, expires_at=now + HOLDS
    )
    await repository.create(session, new)


async def _bot(token: str, api: str) -> str:
    try:
        async with TelegramClient(token, api) as client:
            me = await client.call("getMe")
    except TelegramError as error:
        raise UsageError(f"Telegram does not say what the bot is called: {error}") from error
    return f"https://t.me/{me['username']}"

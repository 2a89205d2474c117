"""Telegram's ids of the files that were sent, by what is in them: the same bytes are uploaded once."""

from collections.abc import Awaitable
from hashlib import sha256
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from worker.ui.view import Media

KEPT_SECONDS: Final = 30 * 24 * 3600


class FileIds:
    """One bot's files in Redis. Where Redis does not know, or is away, a file is uploaded again."""

    def __init__(self, redis: Redis, bot_id: int) -> None:
        self._redis = redis
        self._prefix = f"bellhop:file:{bot_id}:"

    async def find(self, media: Media) -> str | None:
        """Return Telegram's id of a file; None where it is not known."""
        found = await _unless_away(self._redis.get(self._key(media)))
        return found.decode() if isinstance(found, bytes) else None

    async def keep(self, media: Media, file_id: str) -> None:
        """Keep the id of a file that was sent."""
        await _unless_away(self._redis.set(self._key(media), file_id, ex=KEPT_SECONDS))

    async def forget(self, media: Media) -> None:
        """Forget an id that Telegram no longer knows."""
        await _unless_away(self._redis.delete(self._key(media)))

    def _key(self, media: Media) -> str:
        file = media.file
        described = f"{media.type}/{file.media_type}/{file.name}/"
        return self._prefix + sha256(described.encode() + file.content).hexdigest()


async def _unless_away(asking: Awaitable[object]) -> object:
    try:
        return await asking
    except (RedisError, OSError):
        return None

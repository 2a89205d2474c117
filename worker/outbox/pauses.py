"""Pauses that Telegram asked for, kept in PostgreSQL: an emptied Redis forgets none that is long."""

from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from shared.clock import Clock
from worker.db.engine import Sessions
from worker.db.models.delivery import SendPause

KEPT_FROM_SECONDS = 3.0
"""Shorter pauses are over before an emptied Redis would be noticed."""


class PauseStore:
    """One bot's pauses."""

    def __init__(self, sessions: Sessions, clock: Clock, bot_id: int) -> None:
        self._sessions = sessions
        self._clock = clock
        self._bot_id = bot_id

    async def keep(self, chat_id: int, seconds: float) -> None:
        """Keep a pause; of two for one chat the longer one stays. Those that are over go."""
        if seconds < KEPT_FROM_SECONDS:
            return
        now = self._clock.now()
        until = now + timedelta(seconds=seconds)
        statement = insert(SendPause).values(bot_id=self._bot_id, chat_id=chat_id, until=until)
        async with self._sessions.begin() as session:
            await session.execute(delete(SendPause).where(SendPause.until < now))
            await session.execute(
                statement.on_conflict_do_update(
                    index_elements=[SendPause.bot_id, SendPause.chat_id],
                    set_={"until": func.greatest(SendPause.until, statement.excluded.until)},
                )
            )

    async def load(self) -> dict[int, float]:
        """Return the seconds that are left of each pause, by chat."""
        now = self._clock.now()
        statement = select(SendPause.chat_id, SendPause.until).where(
            SendPause.bot_id == self._bot_id, SendPause.until > now
        )
        async with self._sessions() as session:
            rows = (await session.execute(statement)).all()
        return {chat_id: (until - now).total_seconds() for chat_id, until in rows}

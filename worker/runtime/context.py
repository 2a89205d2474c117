"""What a handler is given: the transaction, the time, who asks, and of which business."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.base import Audience
from shared.envelope import Envelope
from shared.i18n.translator import Translator, Translators
from shared.settings import WorkerSettings
from worker import ledger
from worker.outbox import repository as outbox
from worker.outbox.repository import Promise
from worker.runtime.environment import Environment
from worker.runtime.repository import BusinessProfile, User


@dataclass(frozen=True, slots=True)
class RequestContext:
    """One command's surroundings."""

    session: AsyncSession
    now: datetime
    envelope: Envelope
    business: BusinessProfile
    user: User
    texts: Translator
    environment: Environment
    specialist_id: int | None
    """The specialist the person is, if any."""
    roles: frozenset[str]
    """What else the person is here: owner, admin."""
    promised: list[dict[str, Any]] = field(default_factory=list)
    """What is delivered right after the commit: rows of the outbox, as the scheduled ones."""
    scheduled: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def zone(self) -> ZoneInfo:
        """The business's time zone."""
        return self.business.zone

    @property
    def settings(self) -> WorkerSettings:
        """The process's settings."""
        return self.environment.settings

    @property
    def translators(self) -> Translators:
        """Every language that is spoken here."""
        return self.environment.translators

    @property
    def is_admin(self) -> bool:
        """Whether the person runs the business, as an admin or as an owner."""
        return bool(self.roles)

    @property
    def audience(self) -> Audience:
        """Which menus, help and typed commands the person is shown."""
        if self.is_admin:
            return Audience.ADMINS
        return Audience.EVERYONE if self.specialist_id is None else Audience.STAFF

    @property
    def tapped_message_id(self) -> int | None:
        """The message whose button was tapped: the answer takes its place."""
        return self.envelope.tapped_message_id

    def promise(
        self,
        kind: str,
        chat_id: int,
        key: str,
        *,
        booking_id: int | None = None,
        payload: dict[str, Any] | None = None,
    ) -> None:
        """Promise a message in this transaction; it is delivered right after the commit.

        Until then, and while it is delivered, it is claimed: then any sweep takes it.
        """
        self.promised.append(
            {
                "kind": kind,
                "chat_id": chat_id,
                "booking_id": booking_id,
                "payload": self._traceable(payload or {}),
                "dedupe_key": key,
                "due_at": self.now + outbox.CLAIM,
            }
        )

    def schedule(
        self,
        kind: str,
        chat_id: int,
        key: str,
        *,
        booking_id: int,
        due_at: datetime,
        expires_at: datetime,
        payload: dict[str, Any],
    ) -> None:
        """Promise a message for later; it is dropped if it cannot go out before `expires_at`."""
        self.scheduled.append(
            {
                "kind": kind,
                "chat_id": chat_id,
                "booking_id": booking_id,
                "payload": self._traceable(payload),
                "dedupe_key": key,
                "due_at": due_at,
                "expires_at": expires_at,
            }
        )

    def note(self, booking_id: int, kind: str, data: dict[str, Any]) -> None:
        """Note who did what to a booking."""
        self.events.append(
            {
                "booking_id": booking_id,
                "kind": kind,
                "actor_id": self.user.id,
                "source": "chat",
                "data": data,
                "at": self.now,
            }
        )

    async def write_down(self) -> list[Promise]:
        """Write what was noted and promised, as the last thing that this transaction does.

        Returns what is delivered right after the commit.
        """
        ids = await ledger.write(self.session, self.events, [*self.promised, *self.scheduled])
        return [Promise(id=ids[row["dedupe_key"]], **row) for row in self.promised]

    def _traceable(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Add the update that caused the promise: whoever delivers it, one search finds both."""
        return payload | {"update_id": self.envelope.update_id}

"""Invitations: what their links carry, and where each stands."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final

from worker import link_codes
from worker.db.models.people import FOUNDER

DAYS: Final = (1, 7, 30)
"""How long an invitation can hold."""


class InvitationState(StrEnum):
    """Where an invitation stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REVOKED = "revoked"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class InvitationData:
    """An invitation as it is stored."""

    id: int
    role: str
    specialist_id: int | None
    specialist_name: str | None
    """Of the specialist that the person will be."""
    seed: str
    expires_at: datetime
    revoked_at: datetime | None
    accepted_at: datetime | None
    person_id: int | None
    """Who accepted it; None also for whom was forgotten."""
    invited_by: int | None
    accepted_by: str
    """The name of who accepted it, as it shows."""

    @property
    def is_founders(self) -> bool:
        """Whether it opens an empty database to its first owner."""
        return self.role == FOUNDER

    def was_accepted_by(self, person_id: int) -> bool:
        """Tell whether it was this person who accepted it."""
        return self.accepted_at is not None and self.person_id == person_id

    def state(self, now: datetime) -> InvitationState:
        """Tell where it stands now."""
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
        if self.revoked_at is not None:
            return InvitationState.REVOKED
        return InvitationState.EXPIRED if now >= self.expires_at else InvitationState.OPEN


def code_of(seed: str, bot_token: str) -> str:
    """Return the code of an invitation's link."""
    return link_codes.code_of(f"invitation:{seed}", bot_token)


def hash_of(code: str) -> str:
    """Return under what an invitation is found that has this code."""
    return sha256(code.encode()).hexdigest()

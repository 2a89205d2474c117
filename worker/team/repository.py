"""Invitations, and who works here."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.team import TeamRole
from worker.db.engine import AnyRow
from worker.db.models.catalogue import Specialist
from worker.db.models.people import FOUNDER, Invitation, Person, RoleGrant
from worker.db.scope import scope
from worker.team.rules import InvitationData
from worker.ui.names import shown_name

SAME_TAP: Final = timedelta(seconds=10)
"""So soon nobody means another invitation of the same kind."""
_SHOWN: Final = (
    Invitation.id,
    Invitation.role,
    Invitation.specialist_id,
    func.coalesce(Specialist.name, Invitation.specialist_name),
    Invitation.seed,
    Invitation.expires_at,
    Invitation.revoked_at,
    Invitation.accepted_at,
    Invitation.person_id,
    Invitation.invited_by,
    *(Person.first_name, Person.last_name, Person.username),
)


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """An invitation that is about to be written."""

    role: str
    seed: str
    code_hash: str
    invited_by: int | None
    created_at: datetime
    expires_at: datetime
    specialist_id: int | None = None
    specialist_name: str | None = None


async def create(session: AsyncSession, new: NewInvitation) -> int:
    """Write an invitation; return its number."""
    statement = insert(Invitation).values(business_id=scope(session), **asdict(new)).returning(Invitation.id)
    return int((await session.execute(statement)).scalar_one())


async def was_just_made(session: AsyncSession, new: NewInvitation) -> bool:
    """Tell whether the twin of the same tap has made such an invitation already."""
    same = (
        Invitation.role == new.role,
        Invitation.invited_by == new.invited_by,
        Invitation.specialist_id.is_not_distinct_from(new.specialist_id),
        Invitation.specialist_name.is_not_distinct_from(new.specialist_name),
        Invitation.created_at > new.created_at - SAME_TAP,
        _is_undecided(),
    )
    own = Invitation.business_id == scope(session)
    return bool(await session.scalar(select(exists().where(own, *same))))


async def count_open(session: AsyncSession, now: datetime) -> int:
    """Count the invitations that somebody could still accept."""
    which = (Invitation.business_id == scope(session), Invitation.expires_at > now, _is_undecided())
    return await session.scalar(select(func.count()).select_from(Invitation).where(*which)) or 0


async def find(session: AsyncSession, code_hash: str, *, lock: bool = False) -> InvitationData | None:
    """Load the invitation whose link has this code, locked where it is to be changed."""
    found = await _load(session, Invitation.code_hash == code_hash, lock=lock)
    return found[0] if found else None


async def load(session: AsyncSession, invitation_id: int, *, lock: bool = False) -> InvitationData | None:
    """Load an invitation by its number, locked where it is to be changed."""
    found = await _load(session, Invitation.id == invitation_id, lock=lock)
    return found[0] if found else None


async def load_newest(session: AsyncSession, now: datetime, limit: int) -> list[InvitationData]:
    """Return the newest invitations that owners have made, the open ones first."""
    return await _load(session, Invitation.role != FOUNDER, open_first=now, limit=limit)


async def accept(session: AsyncSession, invitation_id: int, person_id: int, now: datetime) -> None:
    """Note who accepted an invitation."""
    await _set(session, Invitation.id == invitation_id, accepted_at=now, person_id=person_id)


async def revoke(session: AsyncSession, invitation_id: int, now: datetime) -> None:
    """Note that an invitation opens nothing any more."""
    await _set(session, Invitation.id == invitation_id, revoked_at=now)


async def revoke_founders(session: AsyncSession, now: datetime) -> None:
    """Note that no earlier link to an empty database opens anything, nor what was accepted of it."""
    await _set(session, Invitation.role == FOUNDER, Invitation.revoked_at.is_(None), revoked_at=now)


async def forget(session: AsyncSession, before: datetime, limit: int) -> int:
    """Remove invitations that have been over since then; return how many went."""
    own = Invitation.business_id == scope(session)
    old = select(Invitation.id).where(own, Invitation.expires_at < before).limit(limit)
    gone = await session.execute(
        delete(Invitation).where(own, Invitation.id.in_(old)).returning(Invitation.id)
    )
    return len(gone.all())


async def load_owners(session: AsyncSession) -> Sequence[int]:
    """Return the owners by the business file."""
    own = RoleGrant.business_id == scope(session)
    owners = select(RoleGrant.person_id).where(own, RoleGrant.role == TeamRole.OWNER)
    return (await session.scalars(owners)).all()


async def _load(
    session: AsyncSession,
    which: ColumnElement[bool],
    *,
    lock: bool = False,
    open_first: datetime | None = None,
    limit: int = 1,
) -> list[InvitationData]:
    statement = (
        select(*_SHOWN)
        .outerjoin(Person, _is_person(Invitation.business_id, Invitation.person_id))
        .outerjoin(
            Specialist,
            and_(Specialist.business_id == Invitation.business_id, Specialist.id == Invitation.specialist_id),
        )
        .where(Invitation.business_id == scope(session), which)
        .order_by(Invitation.id.desc())
        .limit(limit)
    )
    if open_first is not None:
        is_open = and_(Invitation.expires_at > open_first, _is_undecided())
        statement = statement.order_by(None).order_by(is_open.desc(), Invitation.id.desc())
    if lock:
        statement = statement.with_for_update(of=Invitation)
    return [_invitation(row) for row in await session.execute(statement)]


def _invitation(row: AnyRow) -> InvitationData:
    *known, first, last, username = row
    values = [*known, shown_name((first, last, username))]
    return InvitationData(*values)


async def _set(session: AsyncSession, *which: ColumnElement[bool], **values: object) -> None:
    await session.execute(
        update(Invitation).where(Invitation.business_id == scope(session), *which).values(**values)
    )


def _is_undecided() -> ColumnElement[bool]:
    return and_(Invitation.revoked_at.is_(None), Invitation.accepted_at.is_(None))


def _is_person(business_id: Any, person_id: Any) -> ColumnElement[bool]:  # noqa: ANN401 - columns
    return and_(Person.business_id == business_id, Person.id == person_id)

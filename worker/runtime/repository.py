"""Who asks, and of which business: one statement a command."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, and_, bindparam, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.base import Command
from shared.envelope import NOBODY, Envelope
from worker.db.engine import AnyRow, fetch
from worker.db.models.base import BusinessColumn
from worker.db.models.catalogue import Business, Specialist
from worker.db.models.delivery import ProcessedUpdate
from worker.db.models.flows import OpenConversation
from worker.db.models.people import Person, RoleGrant
from worker.db.scope import BUSINESS_ID, scope
from worker.pause import NO_PAUSE, Pause
from worker.runtime.conversation import Conversation, state_of


@dataclass(frozen=True, slots=True)
class BusinessProfile:
    """The business as a command needs it."""

    name: str
    zone: ZoneInfo
    currency: str
    language: str
    pause: Pause = NO_PAUSE


UNFOUNDED: Final = BusinessProfile("", ZoneInfo("UTC"), "EUR", "en")
"""What stands for the business to whoever sets it up, while no business file has been applied."""


@dataclass(frozen=True, slots=True)
class User:
    """What is known of a person; the id is also their private chat's."""

    id: int
    first_name: str
    last_name: str | None
    username: str | None
    language_hint: str | None
    """The language of their Telegram app."""
    language: str | None
    """The language they chose here."""
    reachable: bool
    menu: str | None
    """The command menu that was promised for them alone; None is the public one."""
    blocked: bool = False
    """Whether the staff has it that they call instead of booking here."""


NOBODYS_USER: Final = User(NOBODY, "", None, None, None, None, reachable=False, menu=None)
"""Who a command is by that no person asked for."""


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What the database says of whoever asks, before the command runs."""

    business: BusinessProfile | None
    """None until a business file has been applied."""
    user: User | None
    """None where the person has never been here."""
    specialist_id: int | None
    """The specialist the person is, while active."""
    roles: frozenset[str]
    """What the business file makes of the person: owner, admin."""
    conversation: Conversation | None
    """The question that is open for the person."""
    repeated: bool = False
    """Whether the update took effect before."""


_BUSINESS: Final = (
    Business.name,
    Business.timezone,
    Business.currency,
    Business.language,
    Business.paused,
    Business.paused_until,
    Business.pause_text,
)
USER_COLUMNS: Final = (
    Person.id,
    Person.first_name,
    Person.last_name,
    Person.username,
    Person.language_hint,
    Person.language,
    Person.reachable,
    Person.menu,
    Person.blocked_at.is_not(None).label("blocked"),
)
_ASKER: Final = select(
    BUSINESS_ID.label("business_id"), bindparam("user_id", type_=BigInteger).label("id")
).subquery()


def _of_asker(table: type[BusinessColumn], person_id: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    return and_(table.business_id == _ASKER.c.business_id, person_id == _ASKER.c.id)


_ROLES: Final = func.array(
    select(RoleGrant.role).where(_of_asker(RoleGrant, RoleGrant.person_id)).scalar_subquery()
)
_CONVERSATION: Final = (
    OpenConversation.kind,
    OpenConversation.state,
    OpenConversation.message_id,
    OpenConversation.opened_at,
    OpenConversation.expires_at,
)
# Built once: every command asks it. Of plain columns: a class of the ORM would double its CPU.
_FACTS: Final = (
    select(*_BUSINESS, *USER_COLUMNS, Specialist.id, _ROLES, *_CONVERSATION)
    .select_from(_ASKER)
    .outerjoin(Business, Business.id == _ASKER.c.business_id)
    .outerjoin(Person, _of_asker(Person, Person.id))
    .outerjoin(Specialist, _of_asker(Specialist, Specialist.telegram_id) & Specialist.active)
    .outerjoin(OpenConversation, _of_asker(OpenConversation, OpenConversation.person_id))
)
_CLAIM: Final = (
    insert(ProcessedUpdate)
    .values(bot_id=bindparam("bot_id"), update_id=bindparam("update_id"))
    .on_conflict_do_nothing()
    .returning(ProcessedUpdate.update_id)
    .cte("claim")
)
# What is said of who asks may be a moment older than the end of a wait for another run of the same command:
# where that one took effect nothing is done here, and where it did not it has changed nothing.
_CLAIM_AND_FACTS: Final = _FACTS.add_columns(exists().where(_CLAIM.c.update_id.is_not(None)).label("claimed"))


async def load_facts(session: AsyncSession, user_id: int) -> RequestFacts:
    """Load the business, the person and their rights."""
    [row] = await fetch(session, _FACTS, {"user_id": user_id})
    return _facts(row)


async def claim_once(session: AsyncSession, envelope: Envelope) -> RequestFacts:
    """Mark the update as processed in this transaction, unless it took effect before, and load the facts.

    A transaction that runs the same update at the same time waits here for the other's end.
    """
    values: Mapping[str, int] = {
        "bot_id": envelope.bot_id,
        "update_id": envelope.update_id,
        "user_id": envelope.actor.id,
    }
    [row] = await fetch(session, _CLAIM_AND_FACTS, values)
    return replace(_facts(row), repeated=not row.claimed)


def _facts(row: AnyRow) -> RequestFacts:
    name, timezone, currency, language, *rest = row
    pause, rest = rest[:3], rest[3:]
    business = (
        None if name is None else BusinessProfile(name, ZoneInfo(timezone), currency, language, Pause(*pause))
    )
    user = None if rest[0] is None else User(*rest[: len(USER_COLUMNS)])
    specialist_id, roles, *question = rest[len(USER_COLUMNS) :][: 2 + len(_CONVERSATION)]
    conversation = None if question[0] is None else Conversation(*question)
    return RequestFacts(business, user, specialist_id, frozenset(roles), conversation)


async def open_conversation(
    session: AsyncSession, person_id: int, command: Command, now: datetime, expires_at: datetime
) -> None:
    """Let the next thing that a person says complete a command; a question that was open gives way."""
    values = {
        "kind": command.kind,
        "state": state_of(command),
        "message_id": None,
        "opened_at": now,
        "expires_at": expires_at,
    }
    statement = insert(OpenConversation).values(business_id=scope(session), person_id=person_id, **values)
    key = [OpenConversation.business_id, OpenConversation.person_id]
    await session.execute(statement.on_conflict_do_update(index_elements=key, set_=values))


async def note_question(session: AsyncSession, person_id: int, message_id: int) -> None:
    """Note which message asks the question that is open for a person."""
    await session.execute(
        update(OpenConversation)
        .where(_is_open_for(session, person_id), OpenConversation.message_id.is_(None))
        .values(message_id=message_id)
    )


async def close_conversation(
    session: AsyncSession, person_id: int, opened_at: datetime
) -> Conversation | None:
    """End and return the question that was opened for a person then; None where it has ended by now."""
    statement = delete(OpenConversation).where(
        _is_open_for(session, person_id), OpenConversation.opened_at == opened_at
    )
    row = (await session.execute(statement.returning(*_CONVERSATION))).one_or_none()
    return None if row is None else Conversation(*row)


def _is_open_for(session: AsyncSession, person_id: int) -> ColumnElement[bool]:
    return and_(OpenConversation.business_id == scope(session), OpenConversation.person_id == person_id)

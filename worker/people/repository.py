"""People as Telegram describes them, what they chose here, and forgetting them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, exists, func, literal, or_, select, union_all, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.envelope import NOBODY, Actor
from worker.db.engine import AnyRow
from worker.db.models.base import BusinessColumn
from worker.db.models.booking import Booking, BookingAnswer, BookingEvent
from worker.db.models.catalogue import Specialist
from worker.db.models.delivery import Outbox, State
from worker.db.models.gathering import Gathering, GatheringPlace
from worker.db.models.payments import Payment
from worker.db.models.people import FOUNDER, Invitation, Person, RoleGrant
from worker.db.models.waitlist import WaitlistEntry
from worker.db.scope import scope
from worker.events.repository import forget_named
from worker.runtime.repository import USER_COLUMNS, User

NOBODYS_NAME: Final = "—"
SPECIALIST: Final = "specialist"

type Right = tuple[int, str]
"""A person, and what they are here: a role, or SPECIALIST."""


def is_known(person: User | None, actor: Actor) -> bool:
    """Tell whether the actor is stored just as Telegram describes them now."""
    return person is not None and (
        person.first_name,
        person.last_name,
        person.username,
        person.language_hint,
        person.reachable,
    ) == (actor.first_name, actor.last_name, actor.username, actor.language_code, True)


async def save_person(session: AsyncSession, actor: Actor) -> User:
    """Store the actor as Telegram describes them now; whoever writes to us can be reached."""
    described = {
        "first_name": actor.first_name,
        "last_name": actor.last_name,
        "username": actor.username,
        "language_hint": actor.language_code,
        "reachable": True,
    }
    statement = (
        insert(Person)
        .values(business_id=scope(session), id=actor.id, **described)
        .on_conflict_do_update(index_elements=[Person.business_id, Person.id], set_=described)
        .returning(*USER_COLUMNS)
    )
    row: AnyRow = (await session.execute(statement)).one()
    return User(*row)


async def load_person(session: AsyncSession, person_id: int) -> User | None:
    """Load a person; None for one who has never used the bot."""
    row = (await session.execute(select(*USER_COLUMNS).where(_is(session, person_id)))).one_or_none()
    return None if row is None else User(*row)


async def set_reachable(session: AsyncSession, person_id: int, *, reachable: bool) -> None:
    """Note that the person can or cannot be written to."""
    await session.execute(update(Person).where(_is(session, person_id)).values(reachable=reachable))


async def set_blocked(session: AsyncSession, person_id: int, since: datetime | None) -> None:
    """Note since when the person is to call instead of booking here; None lets them book again."""
    changed = update(Person).where(_is(session, person_id))
    await session.execute(changed.values(blocked_at=since, blocked_reason=None))


async def set_blocked_reason(session: AsyncSession, person_id: int, reason: str) -> bool:
    """Note why a person is to call instead of booking here; False for whom that is not so."""
    blocked = update(Person).where(_is(session, person_id), Person.blocked_at.is_not(None))
    found = await session.execute(blocked.values(blocked_reason=reason).returning(Person.id))
    return found.one_or_none() is not None


async def replace_staff_note(
    session: AsyncSession, person_id: int, before: str | None, note: str | None
) -> bool:
    """Put the staff's note of a person in place of the one that was read; False where it is another now."""
    unchanged = update(Person).where(_is(session, person_id), Person.staff_note.is_not_distinct_from(before))
    found = await session.execute(unchanged.values(staff_note=note).returning(Person.id))
    return found.one_or_none() is not None


async def set_phone(session: AsyncSession, person_id: int, phone: str) -> bool:
    """Note by which number a person is called; False where somebody of that name and number is there."""
    try:
        async with session.begin_nested():
            await session.execute(update(Person).where(_is(session, person_id)).values(phone=phone))
    except IntegrityError:
        return False
    return True


async def set_language(session: AsyncSession, person_id: int, language: str) -> None:
    """Note the language the person chose."""
    await session.execute(update(Person).where(_is(session, person_id)).values(language=language))


async def is_founder(session: AsyncSession, person_id: int) -> bool:
    """Tell whether somebody has accepted to be the first owner, and nobody has taken that back."""
    which = (Invitation.role == FOUNDER, Invitation.person_id == person_id, Invitation.revoked_at.is_(None))
    return bool(
        await session.scalar(select(exists().where(Invitation.business_id == scope(session), *which)))
    )


async def load_rights(session: AsyncSession) -> set[Right]:
    """Return what the business file makes of people who have used the bot and can be written to."""
    here = and_(Person.business_id == scope(session), Person.reachable)
    roles = select(Person.id, RoleGrant.role).join(RoleGrant, _of_person(RoleGrant, RoleGrant.person_id))
    works = select(Person.id, literal(SPECIALIST)).join(
        Specialist, _of_person(Specialist, Specialist.telegram_id) & Specialist.active
    )
    rows = await session.execute(union_all(roles.where(here), works.where(here)))
    return {(person_id, right) for person_id, right in rows}


async def load_managers(session: AsyncSession, by_settings: Collection[int]) -> Sequence[int]:
    """Return the owners and admins who can be written to; `by_settings` are those of ADMIN_IDS."""
    granted = select(RoleGrant.person_id).where(RoleGrant.business_id == scope(session))
    manages = or_(Person.id.in_(granted), Person.id.in_(by_settings))
    own = and_(Person.business_id == scope(session), Person.reachable)
    return (await session.scalars(select(Person.id).where(own, manages).order_by(Person.id))).all()


async def set_menu(session: AsyncSession, person_id: int, menu: str | None) -> None:
    """Note which command menu the person has for themselves."""
    await session.execute(update(Person).where(_is(session, person_id)).values(menu=menu))


def _is(session: AsyncSession, person_id: int) -> ColumnElement[bool]:
    return and_(Person.business_id == scope(session), Person.id == person_id)


async def forget(session: AsyncSession, before: datetime, limit: int) -> int:
    """Forget people who have not been here since; return how many were looked at.

    Their visits stay for the statistics, under the name of nobody; what says who came goes.
    """
    chosen = await _lock_quiet_people(session, before, limit)
    if chosen:
        # Asked again now that they are locked: someone may have booked between the question and the lock.
        still = select(Person.id).where(_are(session, chosen), _quiet(before))
        await forget_people(session, (await session.scalars(still)).all())
    return len(chosen)


async def _lock_quiet_people(session: AsyncSession, before: datetime, limit: int) -> Sequence[int]:
    """Choose people and keep them from booking for the moment; who is just booking is left out."""
    own = Person.business_id == scope(session)
    quiet = select(Person.id).where(own, _quiet(before)).order_by(Person.id).limit(limit)
    return (await session.scalars(quiet.with_for_update(skip_locked=True))).all()


def _quiet(before: datetime) -> ColumnElement[bool]:
    """Tell people without a visit or a message since, who wait for nothing and do not work here."""
    visits = exists().where(_of_person(Booking, Booking.customer_id), func.upper(Booking.during) >= before)
    awaits = exists().where(
        _of_person(Outbox, Outbox.chat_id), or_(Outbox.state == State.PENDING, Outbox.created_at >= before)
    )
    wishes = exists().where(_of_person(WaitlistEntry, WaitlistEntry.customer_id))
    works = or_(
        exists().where(_of_person(Specialist, Specialist.telegram_id)),
        exists().where(_of_person(RoleGrant, RoleGrant.person_id)),
    )
    return and_(Person.id != NOBODY, Person.created_at < before, ~visits, ~awaits, ~wishes, ~works)


def _of_person(table: type[BusinessColumn], person_id: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    return and_(table.business_id == Person.business_id, person_id == Person.id)


def _are(session: AsyncSession, people: Sequence[int]) -> ColumnElement[bool]:
    return and_(Person.business_id == scope(session), Person.id.in_(people))


OF_CUSTOMERS: Final = (
    "card_message_id",
    "card_copies",
    "calendar_message_id",
    "note",
    "companions",
    "rating_words",
)
"""What a visit loses with its customer."""


async def let_nobody_in(session: AsyncSession) -> None:
    """Have the row whose number stands for nobody: of visits of the forgotten, and of what is kept."""
    nobody = {"business_id": scope(session), "id": NOBODY, "first_name": NOBODYS_NAME, "reachable": False}
    await session.execute(insert(Person).values(nobody).on_conflict_do_nothing())


async def forget_people(session: AsyncSession, people: Sequence[int]) -> None:
    """Forget who people are; their visits become nobody's."""
    await let_nobody_in(session)
    await session.execute(
        update(BookingEvent)
        .where(BookingEvent.business_id == scope(session), BookingEvent.actor_id.in_(people))
        .values(actor_id=NOBODY)
    )
    theirs = select(Booking.id).where(Booking.business_id == scope(session), Booking.customer_id.in_(people))
    own = BookingAnswer.business_id == scope(session)
    await session.execute(delete(BookingAnswer).where(own, BookingAnswer.booking_id.in_(theirs)))
    await session.execute(
        update(Booking)
        .where(Booking.business_id == scope(session), Booking.customer_id.in_(people))
        .values(dict.fromkeys(OF_CUSTOMERS) | {"customer_id": NOBODY})
    )
    paid = update(Payment).where(Payment.business_id == scope(session), Payment.person_id.in_(people))
    await session.execute(paid.values(person_id=NOBODY, answers=None, shown_in=None, invoice_message_id=None))
    await forget_named(session, people)
    begun = update(Gathering).where(
        Gathering.business_id == scope(session), Gathering.organizer_id.in_(people)
    )
    await session.execute(begun.values(organizer_id=NOBODY))
    joined = GatheringPlace.customer_id.in_(people)
    left = update(GatheringPlace).where(GatheringPlace.business_id == scope(session), joined)
    await session.execute(left.values(customer_id=None, message_id=None))
    for column in (Invitation.person_id, Invitation.invited_by):
        named = update(Invitation).where(Invitation.business_id == scope(session), column.in_(people))
        await session.execute(named.values({column: None}))
    await session.execute(delete(Person).where(_are(session, people)))

"""Deposits, as they are kept."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, func, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.booking import Awaited, Booking, KeptFor, Status
from worker.db.models.payments import Payment, PaymentState
from worker.db.models.people import Person, RoleGrant
from worker.db.scope import scope
from worker.deposit import Money
from worker.payments.rules import IN_FLIGHT
from worker.retention.repository import remove
from worker.runtime.environment import OWNER
from worker.ui.names import shown_name
from worker.visits.answers import VisitAnswer, answers_of, stored
from worker.visits.deposits import DEPOSIT_STATE
from worker.visits.repository import Visit, is_booking

MOST_REFUNDS: Final = 500


@dataclass(frozen=True, slots=True)
class Charge:
    """What a payment that was made is known by."""

    id: str
    """At Telegram."""
    provider_id: str
    """At the payment provider."""


@dataclass(frozen=True, slots=True)
class AskedDeposit:
    """A deposit as it was asked for."""

    id: int
    person_id: int
    booking_id: int | None
    service_id: int | None
    specialist_id: int | None
    location_id: int | None
    start: datetime | None
    places: int
    """Of a group."""
    money: Money
    state: PaymentState
    pay_by: datetime | None
    """Until when the money may be asked for; None of what the release before asked for."""
    keeps: bool
    answers: Sequence[VisitAnswer]
    """What was answered before; nothing once it is paid."""
    shown_in: int | None
    """The message that says that the time is held."""
    invoice_message_id: int | None
    allowed_at: datetime | None
    """When Telegram was last told that it may take the money; None where it never was."""


@dataclass(frozen=True, slots=True)
class Refund:
    """Money that somebody has to send back."""

    id: int
    person_id: int
    name: str
    """Of who paid, as it shows; empty where none does."""
    money: Money
    booking_id: int | None
    """The visit that was cancelled; None where none came of the payment."""
    charge: Charge
    paid_at: datetime


async def has_been_here(session: AsyncSession, person_id: int) -> bool:
    """Tell whether somebody has had a visit here."""
    visit = and_(Booking.business_id == scope(session), Booking.customer_id == person_id)
    return bool(await session.scalar(select(exists().where(visit, Booking.status == Status.DONE))))


async def hold(session: AsyncSession, booking_id: int, until: datetime) -> None:
    """Make a hold of a visit that was just placed: it is booked once it is paid for."""
    await session.execute(
        update(Booking)
        .where(is_booking(session, booking_id))
        .values(status=Status.HELD, kept_until=until, kept_for=KeptFor.PAYMENT)
    )


async def allow(session: AsyncSession, payment_id: int, booking_id: int, now: datetime) -> None:
    """Note that the money may be taken, and keep the hold for as long as the news of it may take."""
    await session.execute(_change(session, payment_id, allowed_at=now))
    agreed = and_(Booking.status == Status.PENDING, Booking.awaits == Awaited.PAYMENT)
    held = and_(is_booking(session, booking_id), or_(Booking.status == Status.HELD, agreed))
    longer = func.greatest(Booking.kept_until, now + IN_FLIGHT)
    await session.execute(update(Booking).where(held).values(kept_until=longer))


async def ask(
    session: AsyncSession, visit: Visit, money: Money, shown_in: int | None, pay_by: datetime, *, keeps: bool
) -> AskedDeposit:
    """Keep that a deposit is asked for a time that is held until then."""
    values = {
        "business_id": scope(session),
        "person_id": visit.customer_id,
        "booking_id": visit.id,
        "service_id": visit.service_id,
        "specialist_id": visit.specialist_id,
        "location_id": visit.location_id,
        "start": visit.start,
        "answers": stored(visit.answers),
        "places": visit.places,
        "amount": money.amount,
        "currency": money.currency,
        "state": PaymentState.ASKED,
        "pay_by": pay_by,
        "keeps": keeps,
        "shown_in": shown_in,
    }
    row = (await session.execute(insert(Payment).values(values).returning(Payment))).scalar_one()
    return _asked(row)


async def load(session: AsyncSession, payment_id: int | None, *, lock: bool = False) -> AskedDeposit | None:
    """Load a deposit; with `lock`, nobody else changes it before this transaction ends."""
    if payment_id is None:
        return None
    finding = select(Payment).where(_is(session, payment_id))
    row = (await session.execute(finding.with_for_update() if lock else finding)).scalar_one_or_none()
    return None if row is None else _asked(row)


async def load_payer(session: AsyncSession, asked: AskedDeposit) -> str:
    """Return the name of who is to pay, as it shows; empty where none does."""
    names = select(Person.first_name, Person.last_name, Person.username)
    finding = names.where(Person.business_id == scope(session), Person.id == asked.person_id)
    found = (await session.execute(finding)).one_or_none()
    return "" if found is None else shown_name(found)


async def load_open(session: AsyncSession, person_id: int, service_id: int, start: datetime) -> int | None:
    """Return the deposit that somebody is asked for that time; None where they are not."""
    own = and_(Payment.business_id == scope(session), Payment.person_id == person_id)
    which = (Payment.service_id == service_id, Payment.start == start, Payment.state == PaymentState.ASKED)
    finding = select(Payment.id).where(own, *which).order_by(Payment.id.desc()).limit(1)
    return (await session.execute(finding)).scalar_one_or_none()


async def load_asked_for(session: AsyncSession, booking_id: int) -> int | None:
    """Return the deposit that is asked for a visit; None where none is."""
    which = (Payment.business_id == scope(session), Payment.booking_id == booking_id)
    finding = select(Payment.id).where(*which, Payment.state == PaymentState.ASKED)
    return (await session.execute(finding.order_by(Payment.id.desc()).limit(1))).scalar_one_or_none()


async def lapse(session: AsyncSession, payment_id: int) -> None:
    """Note that a deposit was not paid."""
    await session.execute(_change(session, payment_id, state=PaymentState.LAPSED))


async def note_invoice(session: AsyncSession, payment_id: int, message_id: int) -> None:
    """Note which message is the invoice."""
    await session.execute(_change(session, payment_id, invoice_message_id=message_id))


async def is_known(session: AsyncSession, charge: Charge) -> bool:
    """Tell whether a payment was noted before."""
    which = (Payment.business_id == scope(session), Payment.charge_id == charge.id)
    return bool(await session.scalar(select(exists().where(*which))))


async def take(
    session: AsyncSession, payment_id: int, charge: Charge, booking_id: int | None, now: datetime
) -> None:
    """Note that a deposit was paid: for a visit, or for none, and then it is to be returned."""
    state = PaymentState.TO_RETURN if booking_id is None else PaymentState.PAID
    paid = {"charge_id": charge.id, "provider_charge_id": charge.provider_id, "paid_at": now}
    taken = {"state": state, "booking_id": booking_id, "answers": None, **paid}
    await session.execute(_change(session, payment_id, **taken))


async def note_stray(
    session: AsyncSession, person_id: int, money: Money, charge: Charge, now: datetime
) -> int | None:
    """Keep money that nobody had asked for, to be returned; None where it is known already."""
    values = {
        "business_id": scope(session),
        "person_id": person_id,
        "amount": money.amount,
        "currency": money.currency,
        "state": PaymentState.TO_RETURN,
        "charge_id": charge.id,
        "provider_charge_id": charge.provider_id,
        "paid_at": now,
    }
    key = [Payment.business_id, Payment.charge_id]
    statement = insert(Payment).values(values).on_conflict_do_nothing(index_elements=key)
    return (await session.execute(statement.returning(Payment.id))).scalar_one_or_none()


async def waive(session: AsyncSession, payment_id: int) -> None:
    """Forget that a deposit was asked for."""
    await session.execute(_change(session, payment_id, state=PaymentState.LAPSED, booking_id=None))


async def mark_returned(session: AsyncSession, payment_id: int, now: datetime) -> None:
    """Note that the money was sent back."""
    await session.execute(_change(session, payment_id, state=PaymentState.RETURNED, returned_at=now))


async def load_refunds(session: AsyncSession, payment_id: int | None = None) -> list[Refund]:
    """Load what is to be returned, the oldest first; one of them where it is named."""
    state: ColumnElement[str] = literal_column(DEPOSIT_STATE)
    which = [] if payment_id is None else [Payment.id == payment_id]
    statement = (
        select(Payment, Person.first_name, Person.last_name, Person.username)
        .join(Person, and_(Person.business_id == Payment.business_id, Person.id == Payment.person_id))
        .outerjoin(
            Booking, and_(Booking.business_id == Payment.business_id, Booking.id == Payment.booking_id)
        )
        .where(
            Payment.business_id == scope(session),
            Payment.charge_id.is_not(None),
            Payment.state != PaymentState.RETURNED,
            state == PaymentState.TO_RETURN,
            *which,
        )
        .order_by(Payment.id)
        .limit(MOST_REFUNDS)
    )
    return [_refund(row, shown_name(name)) for row, *name in await session.execute(statement)]


async def load_owners(session: AsyncSession, by_settings: Collection[int]) -> Sequence[int]:
    """Return the owners who can be written to; `by_settings` are those of ADMIN_IDS."""
    granted = select(RoleGrant.person_id).where(
        RoleGrant.business_id == scope(session), RoleGrant.role == OWNER
    )
    owns = or_(Person.id.in_(granted), Person.id.in_(by_settings))
    own = and_(Person.business_id == scope(session), Person.reachable)
    return (await session.scalars(select(Person.id).where(own, owns).order_by(Person.id))).all()


async def remove_unpaid(session: AsyncSession, before: datetime, limit: int) -> int:
    """Remove deposits that were never paid; what was paid stays for the books."""
    never = (Payment.state.in_((PaymentState.ASKED, PaymentState.LAPSED)), Payment.created_at < before)
    return await remove(session, Payment.id, limit, *never)


def _is(session: AsyncSession, payment_id: int) -> ColumnElement[bool]:
    return and_(Payment.business_id == scope(session), Payment.id == payment_id)


def _change(session: AsyncSession, payment_id: int, **values: object) -> Any:  # noqa: ANN401 - an UPDATE
    return update(Payment).where(_is(session, payment_id)).values(**values)


def _asked(row: Payment) -> AskedDeposit:
    return AskedDeposit(
        row.id,
        row.person_id,
        row.booking_id,
        row.service_id,
        row.specialist_id,
        row.location_id,
        row.start,
        row.places,
        Money(row.amount, row.currency),
        PaymentState(row.state),
        row.pay_by,
        row.keeps,
        answers_of(row.answers or ()),
        row.shown_in,
        row.invoice_message_id,
        row.allowed_at,
    )


def _refund(row: Payment, name: str) -> Refund:
    charge = Charge(row.charge_id or "", row.provider_charge_id or "")
    paid_at = row.paid_at or row.created_at
    return Refund(
        row.id, row.person_id, name, Money(row.amount, row.currency), row.booking_id, charge, paid_at
    )

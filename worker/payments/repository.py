"""Deposits, as they are kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.payments import Payment, PaymentState
from worker.db.scope import scope
from worker.payments.rules import Money


@dataclass(frozen=True, slots=True)
class Charge:
    """What a payment that was made is known by."""

    id: str
    """At Telegram."""
    provider_id: str
    """At the payment provider."""


async def note_stray(
    session: AsyncSession, person_id: int, money: Money, charge: Charge, now: datetime
) -> bool:
    """Keep money that nobody had asked for, to be returned; False where it is known already."""
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
    return (await session.execute(statement.returning(Payment.id))).first() is not None

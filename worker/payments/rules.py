"""Decisions about deposits, without I/O."""

import re
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from worker.db.models.payments import PaymentState
from worker.deposit import DepositTerms, Money

TO_PAY: Final = timedelta(minutes=15)
"""For so long a time is held for whoever is paying."""
TO_PAY_FOR_REQUEST: Final = timedelta(hours=12)
"""For so long a request is kept that was accepted: its customer does not look at it just then."""
IN_FLIGHT: Final = timedelta(minutes=3)
"""For so long it is held at least once Telegram was told to take the money: the news of it takes a moment."""
PAYLOAD: Final = re.compile(r"pay:(\d{1,18})")


class Unpayable(StrEnum):
    """Why money may not be taken."""

    UNKNOWN = "unknown"
    SOMEBODY_ELSES = "somebody_elses"
    PAID = "paid"
    LAPSED = "lapsed"
    """The time is held no longer, or only for money that is on its way."""
    OTHER_AMOUNT = "other_amount"


class Owed(Protocol):
    """A deposit that was asked for, as far as a payment has to fit it."""

    @property
    def person_id(self) -> int:
        """Who is to pay."""
        ...

    @property
    def money(self) -> Money:
        """How much."""
        ...

    @property
    def state(self) -> PaymentState:
        """Where it stands."""
        ...

    @property
    def pay_by(self) -> datetime | None:
        """Until when the money may be asked for."""
        ...


def payload_of(payment_id: int) -> str:
    """Return what an invoice carries for us: which deposit it is."""
    return f"pay:{payment_id}"


def payment_in(payload: str) -> int | None:
    """Return the deposit that an invoice is of; None of what is not ours."""
    found = PAYLOAD.fullmatch(payload)
    return None if found is None else int(found[1])


def pay_until(start: datetime, terms: DepositTerms, now: datetime) -> datetime:
    """Return until when a time is held for payment: never later than it can be booked."""
    return min(now + TO_PAY, start - terms.min_notice)


def pay_request_until(start: datetime, terms: DepositTerms, now: datetime) -> datetime:
    """Return until when a request is kept for payment: no later than the notice, unless that is very near."""
    latest = min(now + TO_PAY_FOR_REQUEST, start - terms.min_notice)
    return max(latest, min(now + TO_PAY, start))


def refusal(
    owed: Owed | None, payer: int, units: int, currency: str, now: datetime, *, held: bool
) -> Unpayable | None:
    """Return why money may not be taken for a deposit; None where it may.

    Not past its time, though the time may be held for longer: each yes prolongs the hold, and who asks again
    and again without paying would keep it for ever.
    """
    if owed is None:
        return Unpayable.UNKNOWN
    if owed.person_id != payer:
        return Unpayable.SOMEBODY_ELSES
    if owed.state not in {PaymentState.ASKED, PaymentState.LAPSED}:
        return Unpayable.PAID
    if (owed.money.units, owed.money.currency) != (units, currency):
        return Unpayable.OTHER_AMOUNT
    in_time = owed.pay_by is None or now < owed.pay_by
    return None if held and in_time and owed.state is PaymentState.ASKED else Unpayable.LAPSED

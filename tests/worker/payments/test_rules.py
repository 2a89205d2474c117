"""What is paid ahead, and which money is taken."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from shared.telegram.currencies import DIGITS
from worker.db.models.payments import PaymentState
from worker.deposit import Deposit, Money
from worker.payments.rules import Unpayable, payload_of, payment_in, refusal
from worker.price import Price

AMOUNTS = st.decimals(0, 10_000, places=2)
DEPOSITS = st.builds(Deposit, amount=AMOUNTS.filter(bool)) | st.builds(Deposit, share=st.integers(1, 100))
PRICES = st.none() | st.builds(
    lambda least, more: Price(least, None if more is None else least + more), AMOUNTS, st.none() | AMOUNTS
)


@given(DEPOSITS, PRICES, st.sampled_from(sorted(DIGITS)))
def test_a_deposit_is_never_nothing_never_more_than_the_price_and_can_be_counted(
    deposit: Deposit, price: Price | None, currency: str
) -> None:
    due = deposit.due(price, currency)
    if due is None:
        return
    assert due.amount > 0
    assert due.units is not None
    assert Money.of_units(due.units, currency) == due
    if price is not None and price.highest is not None and currency == "EUR":
        assert due.amount <= price.highest
    assert Deposit.of(deposit.stored) == deposit


def test_shares_are_of_the_least_price_and_of_no_price_there_is_none() -> None:
    fifth, full = Deposit(share=20), Deposit(share=100)
    assert fifth.due(Price.exact(Decimal(35)), "EUR") == Money(Decimal(7), "EUR")
    assert full.due(Price(Decimal(70), None), "EUR") == Money(Decimal(70), "EUR")
    assert fifth.due(Price.exact(Decimal("33.33")), "JPY") == Money(Decimal(7), "JPY")
    assert Deposit(amount=Decimal(10)).due(Price.exact(Decimal(8)), "EUR") == Money(Decimal(8), "EUR")
    assert Deposit(amount=Decimal(10)).due(None, "EUR") == Money(Decimal(10), "EUR")
    for none in (fifth.due(None, "EUR"), full.due(Price.exact(Decimal(0)), "EUR"), full.due(None, "XTR")):
        assert none is None


PAY_BY = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)


class Asked:
    """A deposit that was asked for."""

    def __init__(self, state: PaymentState) -> None:
        self.person_id, self.money, self.state = 7, Money(Decimal(10), "EUR"), state
        self.pay_by: datetime | None = PAY_BY


@given(
    asked=st.none() | st.builds(Asked, st.sampled_from(PaymentState)),
    payer=st.sampled_from([7, 8]),
    units=st.sampled_from([1000, 999]),
    currency=st.sampled_from(["EUR", "USD"]),
    now=st.sampled_from([PAY_BY - timedelta(seconds=1), PAY_BY]),
    held=st.booleans(),
)
def test_money_is_taken_only_for_what_was_asked_of_whom_and_is_held(
    asked: Asked | None, payer: int, units: int, currency: str, now: datetime, *, held: bool
) -> None:
    fits = asked is not None and (payer, units, currency) == (7, 1000, "EUR")
    may = fits and held and now < PAY_BY and asked is not None and asked.state is PaymentState.ASKED
    why = refusal(asked, payer, units, currency, now, held=held)
    assert (why is None) == may
    if asked is None:
        assert why is Unpayable.UNKNOWN


@given(st.text(max_size=30), st.integers(0, 10**18 - 1))
def test_an_invoice_carries_the_number_of_its_deposit(other: str, number: int) -> None:
    assert payment_in(payload_of(number)) == number
    assert payment_in(f"{other}pay:1") is None or not other

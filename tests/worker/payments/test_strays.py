"""Payments that nobody asked for: none is taken, and what came all the same is to be returned."""

from sqlalchemy import select

from shared.contracts.payments import NotePayment
from tests.worker.payments.paying import pay, send_invoice
from tests.worker.shop import ANNA
from tests.worker.stage import Stage
from worker.db.models.payments import Payment

PAID = NotePayment(currency="EUR", amount=1050, payload="p999", charge_id="tg1", provider_charge_id="pr1")


async def payments(stage: Stage) -> list[Payment]:
    async with stage.shop.sessions() as session:
        own = select(Payment).where(Payment.business_id == stage.shop.business_id).order_by(Payment.id)
        return list(await session.scalars(own))


async def test_an_invoice_that_is_not_ours_is_not_paid(stage: Stage) -> None:
    for payload in ("p999", "p", "", "someone else's", "p99999999999999999999999"):
        checkout, taken = await pay(stage, await send_invoice(stage, payload or " "))
        assert (checkout.state, taken) == ("refused", None)
        assert checkout.error == "This can no longer be paid. Nothing was charged."
    assert await payments(stage) == []


async def test_money_that_came_all_the_same_is_to_be_returned_once(stage: Stage) -> None:
    for _ in range(2):
        await stage.run(stage.envelope(PAID))
    [stray] = await payments(stage)
    assert (stray.person_id, str(stray.amount), stray.currency) == (ANNA, "10.50", "EUR")
    assert (stray.state, stray.charge_id, stray.provider_charge_id) == ("to_return", "tg1", "pr1")
    told = [text for text in stage.texts() if "You get your money back" in text]
    assert len(told) == 1

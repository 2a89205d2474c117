"""A customer pays ahead: the time is held, the invoice paid, the visit booked."""

import pytest

from tests.client import Json, text_of
from tests.e2e import walk
from tests.e2e.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_deposit_is_paid_in_the_chat_and_books_the_visit(stage: Stage) -> None:
    anna = await stage.customer()
    menu = await walk.open_menu(anna)
    soonest = await walk.follow(anna, menu, ["Book a visit", "The full works", "Anyone"])
    summary = await walk.tap(anna, soonest, next(iter(walk.free_times(soonest).values())))
    assert "💳 Deposit: €10" in text_of(summary)
    held = await walk.tap(anna, summary, "Confirm")
    assert text_of(held).startswith("⏳ Held for you until")
    event = await anna.wait_event("message", lambda event: "invoice" in event["message"])
    number = event["message"]["message_id"]
    assert await pay(stage, anna.number, number, declined=True) == "declined"
    assert await pay(stage, anna.number, number) == "paid"
    booked = await anna.wait_event(
        "message", lambda event: "Booked. See you then!" in event["message"].get("text", "")
    )
    assert "💳 Deposit: €10, paid" in text_of(booked["message"])


async def pay(stage: Stage, person: int, invoice: int, *, declined: bool = False) -> str:
    """Pay an invoice, and return how that ended: Telegram gives the bot ten seconds."""
    body: Json = {"message_id": invoice, "declined": declined}
    begun = await stage.api.call("POST", f"chats/{person}/pay", body)
    ended = await stage.api.call("GET", f"payments/{begun['pre_checkout_query_id']}", timeout=20)
    return str(ended["state"])

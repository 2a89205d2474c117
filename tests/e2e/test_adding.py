"""Staff book for somebody in the chat: whom they write down, and who is told."""

import pytest

from sandbox.options import OWNER_ID
from tests.client import text_of
from tests.e2e import walk
from tests.e2e.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_an_owner_books_for_somebody_without_telegram(stage: Stage) -> None:
    olivia = await stage.api.known_user(OWNER_ID)
    await olivia.say("/add")
    await olivia.wait_message("Who is the visit for?")
    await olivia.say("Wilhelmina 0151 0000")
    await olivia.wait_message("There is no such phone number.")
    await olivia.say("Wilhelmina 0151 23456789")
    services = await olivia.wait_message("For Wilhelmina, +4915123456789")
    soonest = await walk.follow(olivia, services, ["Haircut", "Anyone"])
    start = next(iter(walk.free_times(soonest).values()))
    summary = await walk.tap(olivia, soonest, start)
    assert "For Wilhelmina" in text_of(summary)
    told, card = await walk.tap_and_hear(olivia, summary, "Confirm")
    assert told["text"] == "Booked! The customer has no Telegram: nothing is sent to them."
    assert "Wilhelmina" in text_of(card)
    assert "+4915123456789 (no Telegram)" in text_of(card)
    again = await walk.follow(olivia, card, ["Customer", "Book again"])
    assert "For Wilhelmina" in text_of(again)

"""What a service asks, through the running system: a choice, the phone by the button below the input."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.client import text_of
from tests.e2e import walk
from tests.e2e.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

SERVICE = "Hot towel shave"
"""No other walk books it."""
ASK = """
    INSERT INTO service_question
    SELECT business_id, id, place, ask, type, choices, false, true, '', '', false
    FROM service, (VALUES (1, 'How long is your hair?', 'text', ARRAY['Short', 'Long']),
        (2, 'Your phone', 'phone', ARRAY[]::text[])) AS asked(place, ask, type, choices)
    WHERE name = $1
"""


@pytest_asyncio.fixture(loop_scope="session")
async def asking(stage: Stage) -> AsyncIterator[Stage]:
    await stage.fetch(ASK, SERVICE)
    yield stage
    await stage.fetch("DELETE FROM service_question")


async def test_questions_between_the_time_and_the_card(asking: Stage) -> None:
    anna = await asking.customer("Henrietta")
    first = (await walk.choose(anna, SERVICE)).screen
    assert "How long is your hair?" in text_of(first)
    await anna.press_only("Short", first)
    phone = await anna.wait_message("Your phone")
    number = {"phone_number": "4915112345678", "first_name": "Henrietta", "user_id": anna.number}
    pressed = {"message_id": phone["message_id"], "text": "Share my number", "contact": number}
    await asking.api.call("POST", f"chats/{anna.number}/press", pressed)
    summary = await anna.wait_message("Is this right?", button="Confirm")
    assert "❓ How long is your hair? Short\n❓ Your phone +4915112345678" in text_of(summary)
    card = await walk.tap(anna, summary, "Confirm")
    assert "Booked. See you then!" in text_of(card)
    assert "❓ Your phone +4915112345678" in text_of(card)
    await anna.wait_message("Thank you.")
    chat = await asking.api.call("GET", f"chats/{anna.number}", limit=1)
    assert chat["keyboard"] is None

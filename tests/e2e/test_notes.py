"""A customer's note through the running system: asked for on the card, typed, read by the specialist."""

import pytest

from tests.client import ChatUser, Json, buttons, text_of
from tests.e2e import walk
from tests.e2e.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

ALICE = 1001
NOTE = "Please no <b>hairspray</b> & no perfume"


async def answer(person: ChatUser, question: Json, text: str) -> None:
    """Reply to a question, as the open box to reply does."""
    body = {"text": text, "reply_to": question["message_id"]}
    await person.api.call("POST", f"chats/{person.number}/messages", body)


async def now(person: ChatUser, message: Json) -> Json:
    """Return a message as it is by now."""
    [found] = [each for each in await person.messages() if each["message_id"] == message["message_id"]]
    return found


async def asked(person: ChatUser, card: Json, button: str) -> Json:
    """Tap a button that asks; return the question."""
    await person.press(button, card)
    question = await person.wait_message("What should Alice know before the visit?", button="Cancel")
    assert question["reply_markup"]["force_reply"] is True
    return question


async def test_a_note_from_the_card_to_the_specialists_day(stage: Stage) -> None:
    alice = await stage.api.known_user(ALICE)
    await walk.open_menu(alice)
    anna = await stage.customer("Henrietta")
    card = (await walk.book(anna, who="Alice")).screen
    question = await asked(anna, card, "Add a note")
    assert text_of(await now(anna, card)) == text_of(card)

    await answer(anna, question, NOTE)
    kept = await anna.wait_message("Kept. Alice can read it.")
    assert f"📝 {NOTE}" in text_of(kept)
    shown = await anna.wait_edit(f"📝 {NOTE}", button="Change the note")
    assert shown["message_id"] == card["message_id"]
    while buttons(await now(anna, question)):
        await walk.next_edit(anna, question)
    assert "What should Alice know" in text_of(await now(anna, question))

    notice = await alice.wait_message("Note to a visit")
    assert f"📝 {NOTE}" in text_of(notice)
    assert f"Haircut, Henrietta\n📝 {NOTE}" in text_of(await walk.tap(alice, notice, "The day"))

    await anna.press("Undo", kept)
    undone = await anna.wait_edit("There is no note to this visit.")
    assert undone["message_id"] == kept["message_id"]
    assert "There is no note to this visit." in text_of(await alice.wait_message("Note to a visit"))


async def test_a_question_that_is_left_says_so(stage: Stage) -> None:
    anna = await stage.customer()
    card = (await walk.book(anna, who="Alice")).screen
    question = await asked(anna, card, "Add a note")
    sticker = {"sticker": {"emoji": "💇"}}
    await anna.api.call("POST", f"chats/{anna.number}/messages", sticker)
    await anna.wait_message("Please write the answer as a text message.")
    await anna.say("/help")
    stopped = await anna.wait_edit("Stopped. Nothing was changed.")
    assert stopped["message_id"] == question["message_id"]
    await anna.say("hello")
    assert "buttons and commands" in text_of(await anna.wait_message("buttons and commands"))

    question = await asked(anna, card, "Add a note")
    stopped = await walk.tap(anna, question, "Cancel")
    assert text_of(stopped) == "Stopped. Nothing was changed."
    notes = "SELECT count(*) FROM booking WHERE customer_id = $1 AND note IS NOT NULL"
    assert await stage.count(notes, anna.number) == 0


async def test_the_place_on_the_map_and_back(stage: Stage) -> None:
    anna = await stage.customer()
    card = (await walk.book(anna, who="Alice")).screen
    await anna.press("Map", card)
    pin = await anna.wait_message(button="Show the visit")
    assert pin["venue"]["title"]
    await anna.press("Show the visit", pin)
    again = await anna.wait_message("See you then!")
    await anna.wait_event("delete", lambda event: event["message_id"] == pin["message_id"])
    assert text_of(again) == text_of(card)

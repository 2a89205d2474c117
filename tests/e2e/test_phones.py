"""What phones send, through the whole system."""

import pytest

from tests.client import text_of
from tests.e2e import walk
from tests.e2e.forging import Forger
from tests.e2e.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

PHOTO = {"photo": [{"file_id": "p", "file_unique_id": "p", "width": 90, "height": 90}]}


async def test_an_album_is_answered_once_and_service_messages_never(stage: Stage) -> None:
    person = await stage.customer()
    await walk.open_menu(person)
    said = Forger(stage).message(person, "")
    del said["text"]
    for number in range(10):
        await stage.send_update(
            {"message": {**said, **PHOTO, "media_group_id": "7", "message_id": number + 1}}
        )
    for kind in ("gift", "refunded_payment", "a_kind_of_tomorrow"):
        await stage.send_update({"message": {**said, kind: {}}})
    await person.say("/help")
    await person.wait_message(button="Menu")
    await person.wait_message("/book")
    answers = [text_of(each) for each in await person.messages() if not each["outgoing"]]
    assert len(answers) == 3
    assert "I did not ask for that" in answers[1]


async def test_a_visit_booked_in_a_topic_is_confirmed_there(stage: Stage) -> None:
    person = await stage.customer()
    await walk.open_menu(person)
    thread = (await stage.api.call("POST", f"chats/{person.number}/topics", {"name": "Hair"}))["thread"]
    await person.say("/book", thread)
    services = await person.wait_message(button=walk.HAIRCUT)
    weeks = await walk.follow(person, services, [walk.HAIRCUT, walk.ANYONE, walk.OTHER_DAYS])
    summary = await walk.choose_time(person, await walk.tap(person, weeks, walk.turned(weeks)))
    await walk.tap(person, summary.screen, "Confirm")
    event = await person.wait_event("message", lambda event: "document" in event["message"])
    for message in (services, event["message"]):
        assert message["message_thread_id"] == thread

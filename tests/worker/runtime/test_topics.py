"""Topics of a chat: what is asked in one is answered there, and what comes by itself comes to the chat."""

from datetime import timedelta

import pytest

from sandbox.emulator import acting
from shared.contracts.booking import ShowServices
from shared.contracts.notes import WriteNote
from shared.envelope import Envelope, ReplyTo
from tests.worker.shop import ANNA, at
from tests.worker.stage import CLAIM_OVER, Stage


@pytest.fixture
def thread(stage: Stage) -> int:
    emulator = stage.telegram.emulator
    return acting.open_topic(emulator, emulator.bot(None), ANNA, "Hair")


def threads(stage: Stage) -> list[int | None]:
    return [message.get("message_thread_id") for message in stage.messages()]


async def booked_in(stage: Stage, thread: int) -> None:
    await stage.run(stage.envelope(stage.booking(), to=ReplyTo(chat_id=ANNA, thread_id=thread)))


async def test_what_is_typed_in_a_topic_is_answered_there(stage: Stage, thread: int) -> None:
    await stage.run(stage.envelope(ShowServices(), to=ReplyTo(chat_id=ANNA, thread_id=thread)))
    await stage.run(stage.envelope(ShowServices()))
    assert threads(stage) == [thread, None]


async def test_card_and_file_come_to_the_topic_and_reminders_to_the_chat(stage: Stage, thread: int) -> None:
    await booked_in(stage, thread)
    assert threads(stage) == [thread, thread]
    await stage.advance_to(at("10:00", 3) - timedelta(hours=1))
    *_, reminder = stage.messages()
    assert "message_thread_id" not in reminder


async def test_what_a_tap_in_a_topic_adds_is_added_there(stage: Stage, thread: int) -> None:
    await booked_in(stage, thread)
    card = stage.messages()[0]["message_id"]
    tapped = await stage.tapped(WriteNote(booking_id=(await stage.newest()).id), message=card)
    to = tapped.reply_to.model_copy(update={"thread_id": thread})
    await stage.run(tapped.model_copy(update={"reply_to": to}))
    assert threads(stage)[-1] == thread


async def test_who_delivers_later_knows_the_topic(stage: Stage, thread: int) -> None:
    await stage.fault("error", "sendMessage", status=500)
    await booked_in(stage, thread)
    await stage.advance(CLAIM_OVER)
    assert threads(stage) == [thread, thread]


async def test_a_topic_that_is_gone_leaves_nobody_without_an_answer(stage: Stage, thread: int) -> None:
    emulator = stage.telegram.emulator
    acting.delete_topic(emulator, emulator.bot(None), ANNA, thread)
    await booked_in(stage, thread)
    assert threads(stage) == [None, None]


def test_an_envelope_of_the_release_before_has_no_topic(stage: Stage) -> None:
    written = stage.envelope(ShowServices()).model_dump(mode="json")
    del written["reply_to"]["thread_id"], written["album"]
    assert Envelope.model_validate(written).reply_to == ReplyTo(chat_id=ANNA)

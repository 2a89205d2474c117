"""Questions that people answer in their own words: how each way through one ends, and what it says then."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.booking import ShowServices
from shared.contracts.chat import (
    CancelConversation,
    ExpireQuestion,
    ExplainButton,
    ExplainCell,
    Say,
    SharedContact,
    SharedLocation,
    SkipQuestion,
)
from shared.contracts.menu import ShowHelp, ShowHome
from shared.contracts.notes import LONGEST_NOTE, AskNote
from shared.contracts.people import ChooseLanguage, SetReachable
from shared.envelope import AnyCommand, Envelope
from tests.kit.promises import Message, a_visit
from tests.worker.booking.outcomes import blocked
from tests.worker.shop import ANNA, BEN
from tests.worker.stage import CLAIM_OVER, Stage
from worker.db.models.flows import OpenConversation
from worker.notes.promises import NOTED
from worker.outbox.message import Chat
from worker.runtime.conversation import OPEN_FOR
from worker.runtime.jobs.leases import NullLease
from worker.runtime.put_off import ShowLaterError

A_SECOND = timedelta(seconds=1)
STOPPED = "Stopped. Nothing was changed."
EXPIRED = "This question was not answered in time, and nothing was changed."
NOTHING_ASKED = "There is nothing to answer at the moment."


class Asked:
    """A visit whose customer was asked for a note."""

    def __init__(self, stage: Stage, booking: int, question: int) -> None:
        self.stage = stage
        self.booking = booking
        self.question = question

    async def say(self, text: str = "", **more: object) -> str:
        """Say something; return the answer."""
        return await self.stage.type(Say(text=text, **more))

    async def note(self) -> str | None:
        return (await self.stage.shop.booking(self.booking)).note

    async def ended(self) -> str:
        """Return what the question's message says once it has no buttons of a question any more."""
        await self.stage.advance(A_SECOND)
        [message] = [each for each in self.stage.messages() if each["message_id"] == self.question]
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        assert "Cancel" not in {button["text"] for row in rows for button in row}
        return str(message["text"])

    async def still_open(self) -> bool:
        async with self.stage.shop.sessions() as session:
            return await opened(session) is not None


async def opened(session: AsyncSession) -> OpenConversation | None:
    """Return the question that is open for whoever it is."""
    return (await session.scalars(select(OpenConversation))).one_or_none()


@pytest.fixture
async def asked(stage: Stage) -> Asked:
    booking = await stage.book()
    return await ask(stage, booking)


async def ask(stage: Stage, booking: int) -> Asked:
    await stage.tap(AskNote(booking_id=booking))
    return Asked(stage, booking, int(stage.messages()[-1]["message_id"]))


async def test_what_is_said_next_is_the_answer(asked: Asked) -> None:
    assert "Kept" in await asked.say("hello", reply_to_message_id=asked.question)
    assert "What should Barber & Co know" in await asked.ended()
    assert await asked.note() == "hello"
    assert "buttons and commands" in await asked.say("and more")
    assert await asked.note() == "hello"
    await asked.stage.promised(of=ExpireQuestion.kind)


@pytest.mark.parametrize(
    "said",
    [
        Say(photo="file"),
        Say(contact=SharedContact(phone_number="+49 30 1", user_id=ANNA)),
        Say(location=SharedLocation(latitude=52.5, longitude=13.4)),
        Say(),  # a sticker, a voice message: nothing that is read
        Say(text=" \n "),
        Say(text="\0"),
    ],
    ids=["photo", "contact", "location", "sticker", "blank", "zero"],
)
async def test_what_is_no_text_is_no_answer(asked: Asked, said: Say) -> None:
    assert await asked.stage.type(said) == "Please write the answer as a text message."
    assert asked.stage.messages()[-1].get("reply_markup") is None  # a box to reply, and no buttons
    assert await asked.still_open()
    await asked.say("hello")
    assert await asked.note() == "hello"


async def test_an_answer_that_is_too_long(asked: Asked) -> None:
    assert await asked.say("x" * (LONGEST_NOTE + 1)) == "That is too long: 500 characters at most, please."
    wrong = asked.stage.messages()[-1]["message_id"]
    await asked.say("x" * LONGEST_NOTE, reply_to_message_id=wrong)
    assert await asked.note() == "x" * LONGEST_NOTE


async def test_zero_bytes_are_left_out(asked: Asked) -> None:
    await asked.say("a\0b")
    assert await asked.note() == "ab"


async def test_a_question_that_has_to_be_answered_cannot_be_skipped(asked: Asked) -> None:
    await asked.stage.tap(SkipQuestion(), message=asked.question)
    assert asked.stage.texts()[-1] == "This question has to be answered."
    assert await asked.still_open()


async def test_cancel_beside_the_question(asked: Asked) -> None:
    answer = await asked.stage.tap(CancelConversation(), message=asked.question)
    assert answer.text == STOPPED
    assert not await asked.still_open()
    assert "buttons and commands" in await asked.say("hello")
    assert await asked.note() is None


@pytest.mark.parametrize(
    "said",
    [
        {"photo": "file"},
        {"contact": SharedContact(phone_number="+49", user_id=ANNA)},
        {"location": SharedLocation(latitude=1, longitude=2)},
        {"photo": "file", "reply_to_message_id": 1},
    ],
    ids=str,
)
async def test_what_nobody_asked_for_gets_a_sentence(stage: Stage, said: dict[str, Any]) -> None:
    assert await stage.type(Say(**said)) == "I did not ask for that and have not kept it."


async def test_cancel_typed(asked: Asked) -> None:
    assert await asked.stage.type(CancelConversation()) == STOPPED
    assert await asked.ended() == STOPPED
    assert await asked.stage.type(CancelConversation()) == NOTHING_ASKED
    assert (await asked.stage.tap(CancelConversation(), message=asked.question)).text == NOTHING_ASKED
    assert (await asked.stage.tap(SkipQuestion())).text == NOTHING_ASKED


@pytest.mark.parametrize(
    "elsewhere",
    [ShowHome(), ShowServices(), ChooseLanguage(language="en"), ChooseLanguage(language="xx")],
    ids=["reads", "reads too", "writes", "changes nothing"],
)
@pytest.mark.parametrize("tapped", [True, False])
async def test_what_leads_elsewhere_ends_it(asked: Asked, elsewhere: AnyCommand, *, tapped: bool) -> None:
    await (asked.stage.tap(elsewhere) if tapped else asked.stage.type(elsewhere))
    assert await asked.ended() == STOPPED
    assert not await asked.still_open()
    assert "buttons and commands" in await asked.say("hello")
    assert await asked.note() is None


@pytest.mark.parametrize(
    "beside",
    [
        Say(text="/unknown", unknown_command=True),
        ExplainCell(cell="weekday"),
        ExplainButton(),
        SetReachable(reachable=True),
    ],
    ids=lambda command: command.kind,
)
async def test_what_leads_nowhere_leaves_it_open(asked: Asked, beside: AnyCommand) -> None:
    await asked.stage.run(asked.stage.envelope(beside))
    assert await asked.still_open()
    await asked.say("hello")
    assert await asked.note() == "hello"


async def test_an_hour_of_silence_ends_it(asked: Asked) -> None:
    await asked.stage.advance(OPEN_FOR - A_SECOND)
    assert await asked.still_open()
    await asked.stage.advance(A_SECOND)
    assert await asked.ended() == EXPIRED
    assert not await asked.still_open()
    assert await asked.say("hello", reply_to_message_id=asked.question) == NOTHING_ASKED
    assert "buttons and commands" in await asked.say("hello")
    assert await asked.note() is None


async def test_an_answer_before_the_timer_noticed(asked: Asked) -> None:
    asked.stage.shop.clock.advance(OPEN_FOR)
    assert await asked.say("hello") == "That came too late: please begin again from the menu."
    assert await asked.ended() == EXPIRED
    assert (await asked.note(), await asked.still_open()) == (None, False)


async def test_an_answer_while_the_timer_ends_the_question(asked: Asked) -> None:
    stage = asked.stage
    async with stage.shop.sessions() as ending:
        await ending.delete(await opened(ending))
        await ending.flush()
        async with asyncio.timeout(20), asyncio.TaskGroup() as group:
            answering = group.create_task(asked.say("hello"))
            await blocked(stage.shop)
            await ending.commit()
        assert answering.result() == "That came too late: please begin again from the menu."
    assert await asked.note() is None


async def test_nobody_but_a_timer_ends_somebodys_question(asked: Asked) -> None:
    async with asked.stage.shop.sessions() as session:
        opened_at = await session.scalar(select(OpenConversation.opened_at))
    assert opened_at is not None
    await asked.stage.meet(BEN)
    expire = ExpireQuestion(person_id=ANNA, opened_at=opened_at)
    assert await asked.stage.type(expire, BEN) == "That is done by itself, and by nobody."
    assert await asked.still_open()


async def test_a_second_question_takes_the_firsts_place(asked: Asked) -> None:
    stage = asked.stage
    other = await ask(stage, await stage.book("12:00"))
    first = await ask(stage, asked.booking)
    second = await ask(stage, other.booking)
    assert [await each.ended() for each in (asked, other, first)] == [STOPPED] * 3
    earlier = await second.say("for the first", reply_to_message_id=first.question)
    assert earlier == "That replies to an earlier message. Please answer what I asked last."
    assert (await first.note(), await second.note()) == (None, None)
    await second.say("for the second", reply_to_message_id=stage.messages()[-1]["message_id"])
    assert (await first.note(), await second.note()) == (None, "for the second")


async def test_the_second_questions_hour_is_its_own(asked: Asked) -> None:
    stage = asked.stage
    await stage.advance(OPEN_FOR / 2)
    second = await ask(stage, asked.booking)
    await stage.advance(OPEN_FOR / 2)
    assert await second.still_open()
    assert await asked.ended() == STOPPED
    await stage.advance(OPEN_FOR / 2)
    assert await second.ended() == EXPIRED


async def test_the_same_answer_twice_is_written_once(asked: Asked) -> None:
    stage = asked.stage
    answer = stage.envelope(Say(text="hello"))
    async with stage.promising(Message(kind=NOTED, to=Chat(ANNA), about=a_visit(asked.booking))):
        await stage.run(answer)
    before = stage.texts()
    async with stage.promising():
        await stage.run(answer)
    assert stage.texts() == before
    assert (await stage.events()).count("noted") == 1


async def test_two_workers_with_the_same_answer_write_it_once(asked: Asked) -> None:
    answer = asked.stage.envelope(Say(text="hello"))
    await asyncio.gather(*(asked.stage.run(answer) for _ in range(2)))
    assert (await asked.stage.events()).count("noted") == 1
    assert sum("Kept" in text for text in asked.stage.texts()) == 1


async def decide_only(stage: Stage, envelope: Envelope) -> None:
    """Let a worker commit a command and die before it answers anybody."""
    await stage.parts.decider.decide(envelope, NullLease())


async def test_a_worker_that_dies_with_a_question_leaves_it_to_the_next_one(stage: Stage) -> None:
    booking = await stage.book()
    asking = await stage.tapped(AskNote(booking_id=booking))
    await decide_only(stage, asking)
    await stage.run(asking)
    asked = Asked(stage, booking, int(stage.messages()[-1]["message_id"]))
    assert "What should Barber & Co know" in stage.texts()[-1]
    before = stage.texts()
    await stage.run(asking)
    assert stage.texts() == before
    await stage.type(ShowHelp())
    assert await asked.ended() == STOPPED


async def test_a_repeated_command_asks_nothing_that_another_one_asked(stage: Stage) -> None:
    booking = await stage.book()
    choice = stage.envelope(ChooseLanguage(language="ru"))
    await stage.run(choice)
    await decide_only(stage, stage.envelope(AskNote(booking_id=booking)))
    before = stage.texts()
    await stage.run(choice)
    assert stage.texts() == before


async def test_a_worker_that_dies_with_an_answer_has_promised_to_say_so(asked: Asked) -> None:
    stage = asked.stage
    answer = stage.envelope(Say(text="hello"))
    await decide_only(stage, answer)
    await stage.run(answer)
    await stage.advance(CLAIM_OVER)
    assert "Kept. Barber & Co can read it.\n📝 hello" in stage.texts()
    assert "What should Barber & Co know" in await asked.ended()
    assert (await stage.events()).count("noted") == 1


async def test_a_question_that_telegram_did_not_take_is_asked_later(stage: Stage) -> None:
    booking = await stage.book()
    await stage.fault("error", "sendMessage", status=500)
    asking = stage.envelope(AskNote(booking_id=booking))
    with pytest.raises(ShowLaterError) as later:
        await stage.parts.runner.run(asking)
    await stage.run(later.value.envelope)
    asked = Asked(stage, booking, int(stage.messages()[-1]["message_id"]))
    await asked.say("hello", reply_to_message_id=asked.question)
    assert await asked.note() == "hello"
    assert "What should Barber & Co know" in await asked.ended()


async def test_a_question_of_a_newer_release_is_given_up(asked: Asked) -> None:
    async with asked.stage.shop.sessions.begin() as session:
        await session.execute(update(OpenConversation).values(kind="visits.of_tomorrow"))
    answer = await asked.say("hello")
    assert answer == "I no longer know what I asked. Please begin again from the menu."
    assert await asked.ended() == STOPPED
    assert "buttons and commands" in await asked.say("hello")


async def test_each_person_has_a_question_of_their_own(asked: Asked) -> None:
    stage = asked.stage
    await stage.meet(BEN)
    assert "buttons and commands" in await stage.type(Say(text="hello"), BEN)
    assert await asked.still_open()
    assert await asked.note() is None

"""What completes a question's command, for every form of an answer."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contracts.base import Answer, AnswerType, Command
from shared.contracts.chat import Say, SharedContact, SharedLocation, SkipQuestion
from tests.worker.shop import ANNA, BEN
from worker.runtime import conversation
from worker.runtime.conversation import Conversation, Misfit, completed

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
ASKED = 100
"""The message that asks."""
PLACE = SharedLocation(latitude=52.5, longitude=13.4)


class Fill(Command, kind="test.fill"):
    """A command that a question completes."""

    booking_id: int
    value: str | SharedLocation | None = None
    place: SharedLocation | None = None


answers = st.builds(
    Answer,
    field=st.just("value"),
    type=st.sampled_from(AnswerType),
    longest=st.integers(1, 20),
    optional=st.booleans(),
    location=st.sampled_from([None, "place"]),
)
contacts = st.builds(
    SharedContact, phone_number=st.text(min_size=1, max_size=9), user_id=st.sampled_from([ANNA, BEN, None])
)
said = st.just(SkipQuestion()) | st.builds(
    Say,
    text=st.text(max_size=25),
    contact=st.none() | contacts,
    location=st.none() | st.just(PLACE),
    photo=st.none() | st.just("file"),
    reply_to_message_id=st.none() | st.integers(ASKED - 1, ASKED + 1),
)


def asked(message_id: int | None = ASKED) -> Conversation:
    return Conversation("test.fill", {"booking_id": 7}, message_id, NOW, NOW)


def what_answers(answer: Answer, said: Say) -> object:
    """Return what of a message the question asks for."""
    match answer.type:
        case AnswerType.TEXT:
            return said.text.replace("\0", "").strip() or None
        case AnswerType.CONTACT:
            return said.contact and said.contact.phone_number
        case AnswerType.PHONE if said.contact is not None:
            return "+" + said.contact.phone_number.strip().lstrip("+")
        case AnswerType.PHONE:
            return said.text.replace("\0", "").strip() or None
        case AnswerType.LOCATION:
            return said.location
        case AnswerType.PHOTO:
            return said.photo


def is_text(answer: Answer, said: Say) -> bool:
    return answer.type is AnswerType.TEXT or (answer.type is AnswerType.PHONE and said.contact is None)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answer=answers, said=said)
def test_an_answer_is_what_was_asked_for_or_a_misfit(
    monkeypatch: pytest.MonkeyPatch, answer: Answer, said: Say | SkipQuestion
) -> None:
    questions: Mapping[str, Any] = {Fill.kind: (Fill, answer)}
    monkeypatch.setattr(conversation, "QUESTIONS", questions)
    came_of_it = completed(asked(), said, ANNA)
    if isinstance(said, SkipQuestion):
        assert came_of_it == (Fill(booking_id=7) if answer.optional else Misfit.REQUIRED)
        return
    if said.reply_to_message_id == ASKED - 1:
        assert came_of_it is Misfit.EARLIER
        return
    if answer.location is not None and said.location is not None:
        assert came_of_it == Fill(booking_id=7, place=PLACE)
        return
    wanted = what_answers(answer, said)
    somebody_elses = said.contact is not None and said.contact.user_id != ANNA
    if answer.type in {AnswerType.CONTACT, AnswerType.PHONE} and somebody_elses:
        assert came_of_it is Misfit.SOMEBODY_ELSES
    elif wanted is None:
        assert came_of_it is Misfit.WRONG_FORM
    elif is_text(answer, said) and len(str(wanted)) > answer.longest:
        assert came_of_it is Misfit.TOO_LONG
    else:
        assert came_of_it == Fill(booking_id=7, value=wanted)


def test_until_its_message_is_known_any_reply_answers_a_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "QUESTIONS", {Fill.kind: (Fill, Answer("value"))})
    early = Say(text="hello", reply_to_message_id=1)
    assert completed(asked(None), early, ANNA) == Fill(booking_id=7, value="hello")


def test_a_question_that_this_release_does_not_ask() -> None:
    assert completed(asked(), Say(text="hello"), ANNA) is Misfit.UNKNOWN


def test_it_knows_its_command() -> None:
    assert asked().asks(Fill(booking_id=7)) is False  # the answer's field is a part of the state
    whole = Conversation("test.fill", {"booking_id": 7, "value": None, "place": None}, ASKED, NOW, NOW)
    assert whole.asks(Fill(booking_id=7))
    assert not whole.asks(Fill(booking_id=8))

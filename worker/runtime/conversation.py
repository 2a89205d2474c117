"""A question that is open for a person, and the command that their answer completes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from pydantic import ValidationError

from shared.contracts import CONTRACTS
from shared.contracts.base import KIND, Answer, AnswerType, Command
from shared.contracts.chat import Say, SkipQuestion

OPEN_FOR: Final = timedelta(hours=1)
"""So long a question waits for its answer."""

QUESTIONS: Final[Mapping[str, tuple[type[Command], Answer]]] = {
    spec.command.kind: (spec.command, spec.answer)
    for contract in CONTRACTS
    for spec in contract.specs
    if spec.answer is not None
}
"""The commands that a question completes, by their kinds."""


class Misfit(StrEnum):
    """Why what was said is no answer to the question."""

    WRONG_FORM = "wrong_form"
    TOO_LONG = "too_long"
    SOMEBODY_ELSES = "somebody_elses"
    """A contact that is not the sender's own."""
    REQUIRED = "required"
    """The question may not be skipped."""
    EARLIER = "earlier"
    """It replies to a message of before the question."""
    UNKNOWN = "unknown"
    """This release asks no such question."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """The question that is open for one person."""

    kind: str
    """The kind of the command that the answer completes."""
    state: Mapping[str, Any]
    """The command's fields, without the answer."""
    message_id: int | None
    """The message that asks; None until it is sent."""
    opened_at: datetime
    expires_at: datetime

    def asks(self, command: Command) -> bool:
        """Tell whether it is this command that the answer completes."""
        return self.kind == command.kind and self.state == state_of(command)

    def answer_type(self) -> AnswerType:
        """In what form the question is answered."""
        return QUESTIONS[self.kind][1].type if self.kind in QUESTIONS else AnswerType.TEXT

    @property
    def has_keyboard(self) -> bool:
        """Whether it put a keyboard below the input, which stays there until a message takes it away."""
        return self.answer_type() is AnswerType.PHONE

    def longest(self) -> int:
        """How many characters an answer may have."""
        return QUESTIONS[self.kind][1].longest if self.kind in QUESTIONS else 0


def state_of(command: Command) -> dict[str, Any]:
    """Return the fields of a command that is to be completed, as JSON."""
    fields = command.model_dump(mode="json")
    return {name: value for name, value in fields.items() if name != KIND}


def completed(conversation: Conversation, said: Command, person_id: int) -> Command | Misfit:
    """Return the command that what was said completes, or why it completes none."""
    if conversation.kind not in QUESTIONS:
        return Misfit.UNKNOWN
    if isinstance(said, Say) and _replies_to_earlier(said, conversation):
        return Misfit.EARLIER
    command, answer = QUESTIONS[conversation.kind]
    found = _found(answer, said, person_id)
    if isinstance(found, Misfit):
        return found
    try:
        return command.model_validate({**conversation.state, **found})
    except ValidationError:
        return Misfit.WRONG_FORM


def _replies_to_earlier(said: Say, conversation: Conversation) -> bool:
    """Tell whether somebody answers an earlier question: a chat's messages are numbered in their order."""
    replied, asked = said.reply_to_message_id, conversation.message_id
    return replied is not None and asked is not None and replied < asked


def _found(answer: Answer, said: Command, person_id: int) -> dict[str, Any] | Misfit:
    """Return the field that the answer fills, with what it holds."""
    if answer.location is not None and isinstance(said, Say) and said.location is not None:
        return {answer.location: said.location}
    value = _value(answer, said, person_id)
    return value if isinstance(value, Misfit) else {answer.field: value}


def _value(answer: Answer, said: Command, person_id: int) -> object:
    if isinstance(said, SkipQuestion):
        return None if answer.optional else Misfit.REQUIRED
    if not isinstance(said, Say):
        return Misfit.WRONG_FORM
    match answer.type:
        case AnswerType.TEXT:
            return _text(said.text, answer.longest)
        case AnswerType.CONTACT if said.contact is not None and said.contact.user_id != person_id:
            return Misfit.SOMEBODY_ELSES
        case AnswerType.CONTACT:
            found: object = said.contact and said.contact.phone_number
        case AnswerType.PHONE:
            return _phone(said, answer.longest, person_id)
        case AnswerType.LOCATION:
            found = said.location
        case AnswerType.PHOTO:
            found = said.photo
    return Misfit.WRONG_FORM if found is None else found


def _phone(said: Say, longest: int, person_id: int) -> str | Misfit:
    """Return the number of one's own contact, which Telegram writes with or without its plus, or the text."""
    if said.contact is None:
        return _text(said.text, longest)
    if said.contact.user_id != person_id:
        return Misfit.SOMEBODY_ELSES
    return "+" + said.contact.phone_number.strip().lstrip("+")


def _text(text: str, longest: int) -> str | Misfit:
    text = text.replace("\0", "").strip()  # PostgreSQL keeps no zero bytes
    if not text:
        return Misfit.WRONG_FORM
    return text if len(text) <= longest else Misfit.TOO_LONG

"""What a service asks before it is booked: an entry of the business file, and the field that lists them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from ruamel.yaml.comments import CommentedSeq

from shared.i18n.marking import text_noop
from worker.business.fields import FieldType, FileEntry, MemberRows, MembersType, Row, ValueKind, field
from worker.business.lists import NOTHING_SAID, on_one_line, read_each
from worker.business.ordered import in_order
from worker.business.problems import UnfitError, did_you_mean
from worker.business.source import Cursor
from worker.business.values import SWITCH, scalar, text_line
from worker.business.wording import Wording
from worker.db.models.catalogue import LONGEST_QUESTION, QuestionType, ServiceQuestion
from worker.pattern import is_pattern

MOST_QUESTIONS: Final = 10
"""With their answers they fit one message."""
MOST_CHOICES: Final = 20
LONGEST_CHOICE: Final = 60
LONGEST_HINT: Final = 120
ROWS: Final = MemberRows(ServiceQuestion, "place", "service_id")
_CHOICE: Final = text_line(LONGEST_CHOICE, needed=True)
_LINES_OR_COMMAS: Final = re.compile(r"\s*\n\s*")


def _pattern(text: str) -> str:
    if not is_pattern(text):
        raise UnfitError(Wording.NOT_A_PATTERN, text)
    return text


def _type(text: str) -> str:
    known = [each.value for each in QuestionType]
    if text.casefold() not in known:
        raise UnfitError(Wording.NOT_A_QUESTION_TYPE, text, hint=did_you_mean(text, known))
    return text.casefold()


def _choices(at: Cursor) -> tuple[str, ...]:
    found = read_each(at.items(), _CHOICE.read, MOST_CHOICES)
    folded = [each.casefold() for each in found]
    if twice := next((each for each in found if folded.count(each.casefold()) > 1), None):
        raise UnfitError(Wording.CHOICE_TWICE, twice)
    return tuple(found)


def _said_choices(text: str) -> list[str]:
    if text == NOTHING_SAID:
        return []
    parts = _LINES_OR_COMMAS.split(text) if "\n" in text else text.split(",")
    return [each.strip() for each in parts]


PATTERN: Final = replace(text_line(), read=lambda at: _pattern(text_line().read(at)))
QUESTION_TYPE: Final = scalar(
    "`text`, `phone` or `photo`",
    _type,
    kind=ValueKind.QUESTION_TYPE,
    presets=tuple(each.value for each in QuestionType),
)
CHOICES: Final[FieldType[tuple[str, ...]]] = FieldType(
    form=f"up to {MOST_CHOICES} texts",
    read=_choices,
    write=lambda value: on_one_line(CommentedSeq(value)),
    show=lambda value: ", ".join(value) or "none",
    store=list,
    load=tuple,
    kind=ValueKind.CHOICES,
    said=_said_choices,
)


class QuestionEntry(FileEntry):
    """What customers are asked before they confirm."""

    label = text_noop("question")
    table = ServiceQuestion

    ask: str = field(
        text_line(LONGEST_QUESTION, needed=True), "the question itself", unique=Wording.QUESTION_TAKEN
    )
    type: str = field(
        QUESTION_TYPE, "what answers it; a phone number is kept as `+49…`", default=QuestionType.TEXT.value
    )
    choices: tuple[str, ...] = field(CHOICES, "the answers to choose from; none is any text", default=())
    several: bool = field(SWITCH, "whether several of them may be chosen", default=False)
    required: bool = field(SWITCH, "whether nothing is booked without an answer", default=False)
    pattern: str = field(
        PATTERN, "a regular expression that the whole answer has to fit, as `[0-9]{5}`", default=""
    )
    hint: str = field(
        text_line(LONGEST_HINT),
        "what is said beneath the question, and where an answer does not fit",
        default="",
    )
    first_visit: bool = field(
        SWITCH, "whether only who has no other visit here is asked, as for a first one", default=False
    )

    @classmethod
    def conflicts(cls, values: Row) -> Iterator[tuple[Sequence[str], Wording]]:
        """Refuse what is asked in two ways at once."""
        if {"type", "choices"} <= values.keys() and values["choices"] and values["type"] != QuestionType.TEXT:
            yield ("choices", "type"), Wording.CHOICES_OF_TEXT
        written = {"type", "choices"} <= values.keys() and (values["type"], values["choices"])
        if values.get("pattern") and written not in {False, (QuestionType.TEXT, ())}:
            yield ("pattern",), Wording.PATTERN_OF_TEXT


QUESTIONS: Final[MembersType[tuple[QuestionEntry, ...]]] = in_order(QuestionEntry, ROWS, MOST_QUESTIONS)
"""The type of the field that says what a service asks before it is booked."""

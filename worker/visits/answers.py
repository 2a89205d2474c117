"""What a customer answered before they booked, as it stands on cards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shared.i18n.translator import Html, Translator
from worker.db.models.catalogue import QuestionType
from worker.ui.phrases import shortened

CARD_WIDTH: Final = 100
"""UTF-16 units of an answer on a card; staff read the whole of it behind 'Answers'."""
STORED_ANSWERS: Final = (
    "ARRAY(SELECT ARRAY[booking_answer.question, booking_answer.type, booking_answer.answer]"
    " FROM booking_answer WHERE booking_answer.business_id = booking.business_id"
    " AND booking_answer.booking_id = booking.id ORDER BY booking_answer.place)"
)

ASKS: Final = (
    "EXISTS (SELECT FROM service_question WHERE service_question.business_id = booking.business_id"
    " AND service_question.service_id = booking.service_id)"
)


@dataclass(frozen=True, slots=True)
class VisitAnswer:
    """An answer, and the question in the words in which it was asked."""

    question: str
    type: QuestionType
    answer: str
    """What was said; of a photo Telegram's id of it."""

    def said(self, texts: Translator, width: int = CARD_WIDTH) -> str:
        """Say it in a line."""
        if self.type is QuestionType.PHOTO:
            return texts.text("a photo")
        return shortened(self.answer, width)


def answers_of(rows: Sequence[Sequence[str]]) -> tuple[VisitAnswer, ...]:
    """Read them from their three columns."""
    return tuple(VisitAnswer(question, QuestionType(type_), answer) for question, type_, answer in rows)


def stored(answers: Sequence[VisitAnswer]) -> list[list[str]]:
    """Return the three columns of which they are read."""
    return [[each.question, each.type.value, each.answer] for each in answers]


def answer_lines(texts: Translator, answers: Sequence[VisitAnswer], width: int = CARD_WIDTH) -> list[Html]:
    """Each question with its answer."""
    return [
        texts.html("❓ {question} <b>{answer}</b>", question=each.question, answer=each.said(texts, width))
        for each in answers
    ]

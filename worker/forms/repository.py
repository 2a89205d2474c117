"""What a service asks of a customer, and what they answered."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import BigInteger, Boolean, Text, bindparam, insert, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.engine import fetch
from worker.db.models.booking import BookingAnswer
from worker.db.models.catalogue import QuestionType
from worker.db.scope import BUSINESS_ID, scope
from worker.forms.rules import IntakeQuestion
from worker.visits.answers import VisitAnswer

_QUESTIONS: Final = (
    text("""
    SELECT question.ask, question.type, question.choices, question.several, question.required,
        question.pattern, question.hint, (
            SELECT booking_answer.answer FROM booking_answer
            JOIN booking ON booking.business_id = booking_answer.business_id
                AND booking.id = booking_answer.booking_id
            WHERE booking_answer.business_id = :business AND booking.customer_id = :customer_id
                AND booking.status <> 'held' AND booking_answer.question = question.ask
                AND booking_answer.type = question.type
            ORDER BY booking_answer.booking_id DESC LIMIT 1
        ) AS earlier
    FROM service_question AS question
    WHERE question.business_id = :business AND question.service_id = :service_id
        AND NOT (question.first_visit AND EXISTS (
            SELECT FROM booking WHERE booking.business_id = :business
                AND booking.customer_id = :customer_id AND booking.status IN ('confirmed', 'done')
                AND booking.id <> :booking_id))
    ORDER BY question.place
    """)
    .bindparams(
        BUSINESS_ID,
        bindparam("service_id", type_=BigInteger),
        bindparam("customer_id", type_=BigInteger),
        bindparam("booking_id", type_=BigInteger),
    )
    .columns(
        ask=Text, type=Text, choices=ARRAY(Text), several=Boolean, required=Boolean, pattern=Text, hint=Text,
        earlier=Text,
    )
)  # fmt: skip


async def load_questions(
    session: AsyncSession, service_id: int, customer_id: int, booking_id: int | None = None
) -> list[IntakeQuestion]:
    """Load what a service asks of a customer before a visit, in its order, with what they answered last time.

    `booking_id` is the visit itself where it is written already.
    """
    about = {"service_id": service_id, "customer_id": customer_id, "booking_id": booking_id or 0}
    rows = await fetch(session, _QUESTIONS, about)
    return [
        IntakeQuestion(
            ask=row.ask,
            type=QuestionType(row.type),
            choices=tuple(row.choices),
            several=row.several,
            required=row.required,
            pattern=row.pattern,
            hint=row.hint,
            earlier=row.earlier,
        )
        for row in rows
    ]


async def write_answers(session: AsyncSession, booking_id: int, answers: Sequence[VisitAnswer]) -> None:
    """Keep what was answered with the visit that was booked."""
    rows = [
        {
            "business_id": scope(session),
            "booking_id": booking_id,
            "place": place,
            "question": each.question,
            "type": each.type.value,
            "answer": each.answer,
        }
        for place, each in enumerate(answers, 1)
    ]
    if rows:
        await session.execute(insert(BookingAnswer).values(rows))

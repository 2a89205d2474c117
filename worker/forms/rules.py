"""Which questions are still to be asked, and what is an answer to one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from worker.db.models.catalogue import QuestionType
from worker.pattern import fits
from worker.ui.phones import e164
from worker.visits.answers import VisitAnswer

AND: Final = ", "
"""Between choices of which several were made."""
BREAKS: Final = " ,;\n"


class Unfit(StrEnum):
    """Why something is no answer to a question."""

    NO_CHOICE = "no_choice"
    NO_PHONE = "no_phone"
    PATTERN = "pattern"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeQuestion:
    """What a service asks of one customer."""

    ask: str
    type: QuestionType = QuestionType.TEXT
    choices: tuple[str, ...] = ()
    several: bool = False
    required: bool = False
    pattern: str = ""
    """A regular expression that the whole answer has to fit."""
    hint: str = ""
    earlier: str | None = None
    """What the customer answered last time, where that is an answer still."""


@dataclass(frozen=True, slots=True)
class Intake:
    """The questions of a service, and what a customer has said to them by now."""

    questions: Sequence[IntakeQuestion]
    answers: Mapping[str, str] = field(default_factory=dict)
    """By the words of the question."""
    passed: frozenset[str] = frozenset()
    """The questions that were left unanswered."""
    may_skip: bool = False
    """Whether all of it may be left out: staff ask for somebody else."""

    @property
    def open(self) -> int | None:
        """The place of the first question that is neither answered nor left out; None where there is none."""
        if self.may_skip:
            return None
        done = self.answers.keys() | self.passed
        return next((at for at, each in enumerate(self.questions) if each.ask not in done), None)

    @property
    def lacking(self) -> int | None:
        """The place of the first question that has to be answered and is not; None where there is none."""
        wanted = (
            at for at, each in enumerate(self.questions) if each.required and each.ask not in self.answers
        )
        return None if self.may_skip else next(wanted, None)

    def question(self, place: int) -> IntakeQuestion | None:
        """Return a question by its place, counted from 0."""
        return self.questions[place] if place < len(self.questions) else None

    def answered(self, place: int, answer: str) -> "Intake":
        """Return it with an answer; an empty one leaves the question open."""
        ask = self.questions[place].ask
        answers = {**self.answers, ask: answer}
        if not answer:
            del answers[ask]
        return replace(self, answers=answers, passed=self.passed - {ask})

    def left_out(self, place: int) -> "Intake":
        """Return it with a question left unanswered; one that has to be answered stays open."""
        question = self.questions[place]
        answers = {ask: answer for ask, answer in self.answers.items() if ask != question.ask}
        skipped = frozenset() if question.required and not self.may_skip else {question.ask}
        return replace(self, answers=answers, passed=self.passed | skipped)

    def given(self) -> tuple[VisitAnswer, ...]:
        """Return what was answered, in the order of the questions."""
        return tuple(
            VisitAnswer(each.ask, each.type, self.answers[each.ask])
            for each in self.questions
            if each.ask in self.answers
        )

    def asking(self, questions: Sequence[IntakeQuestion], *, country: str | None) -> "Intake":
        """Return it for other questions: what was said stays where it is an answer to the same words."""
        kept = {
            each.ask: self.answers[each.ask]
            for each in questions
            if each.ask in self.answers and self._stays(each, country)
        }
        asked = {each.ask for each in questions if not each.required}
        return replace(self, questions=questions, answers=kept, passed=self.passed & asked)

    def _stays(self, question: IntakeQuestion, country: str | None) -> bool:
        before = next((each for each in self.questions if each.ask == question.ask), None)
        if before is None or before.type is not question.type:
            return False
        return is_answer(question, self.answers[question.ask], country)


def read(question: IntakeQuestion, text: str, country: str | None) -> str | Unfit:
    """Return the answer that was written to a question, or why it is none.

    A phone number without a prefix is one of the country.
    """
    if question.type is QuestionType.PHONE:
        return e164(text, country) or Unfit.NO_PHONE
    if question.choices:
        return _choice(question, text)
    if question.type is QuestionType.TEXT and question.pattern and not fits(question.pattern, text):
        return Unfit.PATTERN
    return text


def is_answer(question: IntakeQuestion, answer: str, country: str | None) -> bool:
    """Tell whether something that was answered before is an answer as the question stands now."""
    return read(question, answer, country) == answer


def toggled(question: IntakeQuestion, answer: str, choice: int) -> str:
    """Return an answer of several choices with one put in or taken out; empty is none of them."""
    chosen = set(chosen_of(question, answer)) ^ {question.choices[choice]}
    return AND.join(each for each in question.choices if each in chosen)


def chosen_of(question: IntakeQuestion, answer: str) -> Sequence[str]:
    """Return the choices that an answer is made of."""
    found = list(_named(question, answer))
    return [] if None in found else [each for each in question.choices if each in found]


def _choice(question: IntakeQuestion, text: str) -> str | Unfit:
    found = list(_named(question, text))
    if None in found or not found or (len(set(found)) > 1 and not question.several):
        return Unfit.NO_CHOICE
    return AND.join(each for each in question.choices if each in found)


def _named(question: IntakeQuestion, text: str) -> Iterator[str | None]:
    """Take choices one by one off a text, the longest that fits first; None for what is none of them."""
    rest = text.strip(BREAKS)
    by_length = sorted(question.choices, key=len, reverse=True)
    while rest:
        begins = rest.casefold()
        fitting = (each for each in by_length if begins.startswith(each.casefold()))
        found = next((each for each in fitting if _ends(rest, len(each))), None)
        yield found
        if found is None:
            return
        rest = rest[len(found) :].strip(BREAKS)


def _ends(text: str, at: int) -> bool:
    """Tell whether a word of a list ends there."""
    return at >= len(text) or text[at] in BREAKS.strip(" ")

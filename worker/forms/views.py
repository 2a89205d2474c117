"""What somebody reads who answers what a service asks, and what staff read of the answers."""

from collections.abc import Sequence
from html import escape

from shared.contracts.base import DraftRef
from shared.contracts.intake import (
    LONGEST_ANSWER,
    AskIntake,
    ChooseIntake,
    FinishIntake,
    RepeatIntake,
    ShowIntake,
    ShowIntakePhoto,
    SkipIntake,
)
from shared.contracts.staff import ShowStaffCard
from shared.i18n.translator import Html, Translator
from worker.db.models.catalogue import QuestionType
from worker.forms.form import Form
from worker.forms.rules import IntakeQuestion, Unfit, chosen_of, is_answer
from worker.summary.rules import leaving
from worker.ui.buttons import menu
from worker.ui.phones import example_phone
from worker.ui.phrases import shortened, wrong_phone
from worker.ui.view import Button, ContactKeyboard, Keyboard, SentPhoto, View
from worker.visits.answers import VisitAnswer, answer_lines
from worker.visits.repository import Visit

LABEL_WIDTH = 40
"""UTF-16 units of what was answered on a button."""


def question(
    texts: Translator, form: Form, place: int, country: str | None, refused: Unfit | None = None
) -> View:
    """One question of a form, with what can be tapped in answer; why an answer did not fit comes first."""
    asked = form.intake.questions[place]
    lines = [_refusal(texts, refused)] if refused else []
    lines += [_title(texts, form, place), Html(f"<b>{escape(asked.ask)}</b>")]
    lines += [Html(escape(asked.hint))] if asked.hint else []
    lines += _how(texts, asked, country)
    earlier = asked.earlier if asked.earlier and is_answer(asked, asked.earlier, country) else None
    if asked.type is QuestionType.PHONE:
        return View(Html("\n".join(lines)), contact=_phone_keyboard(texts, form, asked, earlier))
    rows = [*_choices(texts, form, place), *_ways(texts, form, place, earlier)]
    return View(Html("\n".join(lines)), rows, asks=not asked.choices)


def skip_word(texts: Translator) -> str:
    """The button that leaves a question unanswered, where it is said rather than tapped."""
    return texts.text("Skip")


def _title(texts: Translator, form: Form, place: int) -> Html:
    return texts.html("Question {number} of {count}", number=place + 1, count=len(form.intake.questions))


def _refusal(texts: Translator, refused: Unfit) -> Html:
    match refused:
        case Unfit.NO_PHONE:
            return wrong_phone(texts)
        case Unfit.NO_CHOICE:
            return texts.html("That is none of the choices.")
        case Unfit.PATTERN:
            return texts.html("That does not fit. Please write it otherwise.")


def _how(texts: Translator, asked: IntakeQuestion, country: str | None) -> list[Html]:
    if asked.type is QuestionType.PHOTO:
        return [texts.html("Send a photo.")]
    if asked.type is QuestionType.PHONE:
        example = example_phone(country)
        return [texts.html("Tap the button below, or write the number, as {example}.", example=example)]
    if asked.several:
        return [texts.html("Several are possible.")]
    if asked.choices:
        return []
    return [texts.html("Write it here, in up to {count} characters.", count=LONGEST_ANSWER)]


def _phone_keyboard(
    texts: Translator, form: Form, asked: IntakeQuestion, earlier: str | None
) -> ContactKeyboard:
    may_skip = form.intake.may_skip or not asked.required
    words = [*([earlier] if earlier else []), *([skip_word(texts)] if may_skip else [])]
    return ContactKeyboard(texts.text("Share my number"), tuple(words))


def _choices(texts: Translator, form: Form, place: int) -> Keyboard:
    asked, ref = form.intake.questions[place], _ref(form, place)
    chosen = chosen_of(asked, form.intake.answers.get(asked.ask, ""))
    rows = [
        [Button(f"{'✓ ' if each in chosen else ''}{each}", ChooseIntake(form=ref, choice=number))]
        for number, each in enumerate(asked.choices)
    ]
    done = Button(texts.text_in("choices", "Done"), FinishIntake(form=ref), style="primary")
    return [*rows, [done]] if asked.several and chosen else rows


def _ways(texts: Translator, form: Form, place: int, earlier: str | None) -> Keyboard:
    """The ways past a question: as last time, without an answer, back."""
    asked, ref = form.intake.questions[place], _ref(form, place)
    rows: Keyboard = []
    if earlier is not None:
        rows.append([Button(_as_last_time(texts, asked, earlier), RepeatIntake(form=ref))])
    if form.intake.may_skip or not asked.required:
        rows.append([Button(skip_word(texts), SkipIntake(form=ref))])
    return [*rows, [_back(texts, form, place), menu(texts)]]


def _as_last_time(texts: Translator, asked: IntakeQuestion, earlier: str) -> str:
    if asked.type is QuestionType.PHOTO:
        return texts.text("As last time")
    return texts.text("As last time: {answer}", answer=shortened(earlier, LABEL_WIDTH))


def _back(texts: Translator, form: Form, place: int) -> Button:
    """The way to the question before, from the first one to the times."""
    if place > 0:
        return Button(texts.text("« Back"), AskIntake(form=_ref(form, place - 1)))
    return Button(texts.text("« Back"), leaving(form.asked))


def _ref(form: Form, place: int) -> DraftRef:
    return form.ref.model_copy(update={"step": place})


def summary_lines(texts: Translator, form: Form) -> list[Html]:
    """What was answered, on the summary."""
    return answer_lines(texts, form.intake.given())


def summary_rows(form: Form) -> Keyboard:
    """A button for each question, by which its answer is changed."""
    return [
        [Button(f"✏️ {each.ask}", AskIntake(form=_ref(form, place)))]
        for place, each in enumerate(form.intake.questions)
    ]


def answer_first(texts: Translator, asked: IntakeQuestion) -> str:
    """Why nothing is booked yet."""
    return texts.text("Please answer this first: {question}", question=shortened(asked.ask, 120))


def answers(texts: Translator, visit: Visit) -> View:
    """All that was answered before a visit was booked, for staff."""
    lines = [
        texts.html("<b>Answers to visit № {number}</b>", number=visit.id),
        "",
        *answer_lines(texts, visit.answers, LONGEST_ANSWER),
    ]
    if not visit.answers:
        lines = [texts.html("Nothing was answered before this visit.")]
    photos = [
        [Button(f"📷 {each.question}", ShowIntakePhoto(booking_id=visit.id, place=place))]
        for place, each in enumerate(visit.answers)
        if each.type is QuestionType.PHOTO
    ]
    back = Button(texts.text("« Back"), ShowStaffCard(booking_id=visit.id))
    return View(Html("\n".join(lines)), [*photos, [back, menu(texts)]])


def photo(texts: Translator, visit: Visit, answer: VisitAnswer) -> View:
    """A photo that answers a question, for staff."""
    back = Button(texts.text("« Back"), ShowIntake(booking_id=visit.id))
    text = texts.html("<b>{question}</b>", question=answer.question)
    return View(text, [[back, menu(texts)]], shows=SentPhoto(answer.answer))


def visit_buttons(texts: Translator, answers_: Sequence[VisitAnswer], booking_id: int) -> list[Button]:
    """The way from a visit to its answers."""
    return [Button(texts.text("Answers"), ShowIntake(booking_id=booking_id))] if answers_ else []

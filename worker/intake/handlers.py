"""Answers to what a service asks, and staff who read them."""

from dataclasses import replace

from shared.contracts.intake import (
    AskIntake,
    ChooseIntake,
    FinishIntake,
    RepeatIntake,
    SendIntakePhone,
    SendIntakePhoto,
    ShowIntake,
    ShowIntakePhoto,
    SkipIntake,
    WriteIntake,
)
from worker.agenda.access import CALENDAR_VISIT
from worker.booking import handlers as booking
from worker.db.models.catalogue import QuestionType
from worker.forms import rules, views
from worker.forms.form import OWN_FORM, Form, country, save
from worker.forms.replies import question
from worker.forms.rules import IntakeQuestion, Unfit
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.visits.repository import Visit


@writes(AskIntake, access=OWN_FORM)
async def ask(context: RequestContext, command: AskIntake, form: Form, _: IntakeQuestion) -> Reply:
    """Ask a question again, to have it answered otherwise."""
    return question(context, form, command.form.step)


@writes(WriteIntake, access=OWN_FORM)
async def write(context: RequestContext, command: WriteIntake, form: Form, asked: IntakeQuestion) -> Reply:
    """Take what was written; ask again where it does not fit."""
    return await _take(context, form, command.form.step, asked, command.text)


@writes(SendIntakePhone, access=OWN_FORM)
async def send_phone(
    context: RequestContext, command: SendIntakePhone, form: Form, asked: IntakeQuestion
) -> Reply:
    """Take a phone number; the word 'Skip' of the keyboard leaves the question unanswered."""
    said, place = command.phone, command.form.step
    if said == views.skip_word(context.texts) and (form.intake.may_skip or not asked.required):
        return await _go_on(context, replace(form, intake=form.intake.left_out(place)))
    return await _take(context, form, place, asked, said)


@writes(SendIntakePhoto, access=OWN_FORM)
async def send_photo(
    context: RequestContext, command: SendIntakePhoto, form: Form, _: IntakeQuestion
) -> Reply:
    """Take a photo, by its id."""
    return await _go_on(context, replace(form, intake=form.intake.answered(command.form.step, command.photo)))


@writes(ChooseIntake, access=OWN_FORM)
async def choose(context: RequestContext, command: ChooseIntake, form: Form, asked: IntakeQuestion) -> Reply:
    """Take a choice and go on; where several are possible, put it in or take it out."""
    place = command.form.step
    if command.choice >= len(asked.choices):
        return question(context, form, place)
    if not asked.several:
        answer = asked.choices[command.choice]
        return await _go_on(context, replace(form, intake=form.intake.answered(place, answer)))
    answer = rules.toggled(asked, form.intake.answers.get(asked.ask, ""), command.choice)
    kept = await save(context, replace(form, intake=form.intake.answered(place, answer)))
    return question(context, kept, place)


@writes(FinishIntake, access=OWN_FORM)
async def finish(context: RequestContext, command: FinishIntake, form: Form, asked: IntakeQuestion) -> Reply:
    """Go on with the choices that were made."""
    if asked.ask not in form.intake.answers:
        return question(context, form, command.form.step, Unfit.NO_CHOICE)
    return await _go_on(context, form)


@writes(RepeatIntake, access=OWN_FORM)
async def repeat(context: RequestContext, command: RepeatIntake, form: Form, asked: IntakeQuestion) -> Reply:
    """Answer as last time."""
    if asked.earlier is None:
        return question(context, form, command.form.step)
    return await _take(context, form, command.form.step, asked, asked.earlier)


@writes(SkipIntake, access=OWN_FORM)
async def skip(context: RequestContext, command: SkipIntake, form: Form, asked: IntakeQuestion) -> Reply:
    """Leave a question unanswered, where that may be."""
    place = command.form.step
    if asked.required and not form.intake.may_skip:
        return question(context, form, place)
    return await _go_on(context, replace(form, intake=form.intake.left_out(place)))


@reads(ShowIntake, access=CALENDAR_VISIT)
async def show(context: RequestContext, _: ShowIntake, visit: Visit) -> Reply:
    """Show staff all that was answered."""
    return Reply(views.answers(context.texts, visit))


@reads(ShowIntakePhoto, access=CALENDAR_VISIT)
async def show_photo(context: RequestContext, command: ShowIntakePhoto, visit: Visit) -> Reply:
    """Show staff a photo that answers a question."""
    if command.place < len(visit.answers) and visit.answers[command.place].type is QuestionType.PHOTO:
        return Reply(views.photo(context.texts, visit, visit.answers[command.place]))
    return Reply(views.answers(context.texts, visit))


async def _take(context: RequestContext, form: Form, place: int, asked: IntakeQuestion, said: str) -> Reply:
    """Keep what was said as the answer and go on; ask again where it is none."""
    answer = rules.read(asked, said, country(context))
    if isinstance(answer, Unfit):
        return question(context, form, place, answer)
    return await _go_on(context, replace(form, intake=form.intake.answered(place, answer)))


async def _go_on(context: RequestContext, form: Form) -> Reply:
    """Ask the next question; after the last one show what is about to be confirmed."""
    kept = await save(context, form)
    place = kept.intake.open
    if place is not None:
        return question(context, kept, place)
    return replace(await booking.show_summary.handle(context, kept.asked, None), changed=True)

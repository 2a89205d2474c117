"""What a service asks, between the time that was chosen and the summary that is confirmed."""

from dataclasses import replace

from shared.contracts.base import Command
from shared.contracts.booking import ShowSummary
from shared.contracts.intake import SendIntakePhone, SendIntakePhoto, WriteIntake
from worker.db.models.catalogue import QuestionType
from worker.drafts import repository as drafts
from worker.forms import repository, views
from worker.forms.form import Form, country, form_for, save
from worker.forms.rules import Unfit
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.visits.repository import Visit


async def before_summary(context: RequestContext, asked: ShowSummary) -> Reply | Form | None:
    """Ask what is still to be asked; else return what was answered, None where nothing is asked."""
    form = await form_for(context, asked)
    if form is None:
        return None
    form = await save(context, form)
    place = form.intake.open
    return form if place is None else question(context, form, place)


async def before_booking(context: RequestContext, asked: ShowSummary, visit: Visit) -> Reply | Form | None:
    """Ask what has to be answered and is not; else return what was answered, None where nothing is asked.

    The visit is written and not committed yet.
    """
    form = await form_for(context, asked, visit.id) if visit.is_asked_about else None
    place = None if form is None else form.intake.lacking
    if form is None or place is None:
        return form
    reply = question(context, await save(context, form), place)
    told = views.answer_first(context.texts, form.intake.questions[place])
    return replace(reply, toast=told, alert=True)


async def keep(context: RequestContext, visit: Visit, form: Form | None) -> Visit:
    """Keep what was answered with the visit that was booked, and end the form; return the visit with it."""
    if form is None:
        return visit
    answers = form.intake.given()
    await repository.write_answers(context.session, visit.id, answers)
    if form.draft is not None:
        await drafts.discard(context.session, form.draft)
    return replace(visit, answers=answers)


def question(context: RequestContext, form: Form, place: int, refused: Unfit | None = None) -> Reply:
    """Ask one question; what is said next answers it."""
    view = views.question(context.texts, form, place, country(context), refused)
    return Reply(view, changed=True, asks=_completed_by(form, place))


def _completed_by(form: Form, place: int) -> Command:
    ref = form.ref.model_copy(update={"step": place})
    match form.intake.questions[place].type:
        case QuestionType.PHONE:
            return SendIntakePhone(form=ref)
        case QuestionType.PHOTO:
            return SendIntakePhoto(form=ref)
        case QuestionType.TEXT:
            return WriteIntake(form=ref)

"""The guided set-up: each answer goes into a business file in the making, which 'Apply' applies."""

import asyncio
from datetime import date

from shared.contracts.chat import ExplainButton, SharedLocation
from shared.contracts.setup import (
    AnswerSetup,
    ApplySetup,
    ChooseTemplate,
    SetupStep,
    ShowSetup,
    ShowSetupZones,
)
from shared.i18n.marking import Marked
from worker.business.holidays import UnknownHolidaysError
from worker.chat import handlers as chat
from worker.db.locks import lock_business
from worker.holidays.rules import coming
from worker.links.promises import promise_link
from worker.runtime.access import ADMINS
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.setup import repository, views
from worker.setup.repository import StoredForm
from worker.setup.rules import AS_USUAL, SetupForm, Template
from worker.ui.reply import Reply
from worker.ui.zones import REGIONS, zone_at, zones_of


@writes(ShowSetup, access=ADMINS, founds=True)
async def show_setup(context: RequestContext, command: ShowSetup) -> Reply:
    """Ask a question, or the first one that is open; show the summary where there is none."""
    if context.is_founded:
        return _there_already(context)
    return _ask(context, await repository.load(context), _step(command.step))


@reads(ShowSetupZones, access=ADMINS, keeps_question=True, founds=True)
async def show_zones(context: RequestContext, command: ShowSetupZones) -> Reply:
    """Show the zones of a part of the world; the question where it is goes on waiting for a city."""
    if context.is_founded:
        return _there_already(context)
    if command.region not in REGIONS:
        return await chat.explain_button.handle(context, ExplainButton())
    return Reply(views.zones(context.texts, zones_of(command.region, context.texts), command))


@writes(ChooseTemplate, access=ADMINS, founds=True)
async def choose_template(context: RequestContext, command: ChooseTemplate) -> Reply:
    """Begin with a trade's usual service."""
    if context.is_founded:
        return _there_already(context)
    stored = await repository.load(context)
    if command.template not in Template:
        return _ask(context, stored, SetupStep.SERVICE)
    template = Template(command.template)
    form = stored.form.with_template(views.service_of(context.texts, template), template)
    return await _go_on(context, stored, SetupStep.SERVICE, form)


@writes(AnswerSetup, access=ADMINS, founds=True)
async def answer_setup(context: RequestContext, command: AnswerSetup) -> Reply:
    """Take an answer, and ask what is open next."""
    if context.is_founded:
        return _there_already(context)
    stored, step = await repository.load(context), _step(command.step)
    if step is None or not stored.form.asks(step):
        return _ask(context, stored, None)
    if command.place is not None:
        return await _locate(context, stored, step, command.place)
    value = _in_file_words(context, stored.form, step, command.value)
    return await _go_on(context, stored, step, stored.form.answered(step, value))


async def _locate(
    context: RequestContext, stored: StoredForm, step: SetupStep, place: SharedLocation
) -> Reply:
    """Take a shared location where the question is where the shop is."""
    if step is not SetupStep.ZONE:
        return _ask(context, stored, step, refused=views.UNFIT)
    zone = await asyncio.to_thread(zone_at, place.latitude, place.longitude)  # the first time it reads a map
    if zone is None:
        return _ask(context, stored, step, refused=views.AT_SEA)
    return await _go_on(context, stored, step, stored.form.located(zone, place.latitude, place.longitude))


def _in_file_words(context: RequestContext, form: SetupForm, step: SetupStep, answer: str) -> str:
    from worker.proposals.answers import Speaker, in_file_words  # noqa: PLC0415 - as in apply_setup

    currency = form.business.get("currency", context.business.currency)
    by = Speaker(context.texts, currency, context.now.date())
    kinds = SetupForm.kinds()
    if step is SetupStep.HOLIDAYS:
        return _closed_days(answer, context.now.date())
    return in_file_words(by, kinds[step], answer) if step in kinds else answer


def _closed_days(answer: str, today: date) -> str:
    """Return the dates of a place's holidays; what is no place's code stays as it is, and fits nowhere."""
    if answer in {"", AS_USUAL}:
        return answer
    try:
        return ",".join(day.isoformat() for day in coming(answer, today))
    except UnknownHolidaysError:
        return answer


@writes(ApplySetup, access=ADMINS, founds=True)
async def apply_setup(context: RequestContext, command: ApplySetup) -> Reply:
    """Open the shop as it was shown: what changed since is shown first."""
    from worker.business import repository as business  # noqa: PLC0415 - only a shop that opens pays for it
    from worker.business.apply import apply_within  # noqa: PLC0415 - as above

    await lock_business(context.session)
    if context.is_founded or (await business.read_business(context.session)).document is not None:
        return _there_already(context)
    stored = await repository.load(context)
    if stored.draft is None or stored.version != command.seen or stored.form.missing:
        return _ask(context, stored, None)
    document = stored.form.document
    await apply_within(context.session, document, context.author, lambda: context.now)
    await repository.discard(context, stored)
    promise_link(context)
    return Reply(views.opened(context.texts, document), changed=True)


async def _go_on(
    context: RequestContext, stored: StoredForm, step: SetupStep, form: SetupForm | None
) -> Reply:
    """Keep the form with an answer, or ask again where the answer does not fit."""
    if form is None:
        return _ask(context, stored, step, refused=views.UNFIT)
    return _ask(context, await repository.save(context, stored, form), None)


def _ask(
    context: RequestContext, stored: StoredForm, step: SetupStep | None, *, refused: Marked | None = None
) -> Reply:
    form = stored.form
    step = step if step is not None and form.asks(step) else form.next_step
    if step is None:
        view = views.summary(context.texts, form, stored.version)
        return Reply(view, changed=True)
    view = views.question(context.texts, form, step, context.now.date(), refused=refused)
    return Reply(view, changed=True, asks=AnswerSetup(step=step))


def _there_already(context: RequestContext) -> Reply:
    return Reply(views.there_already(context.texts))


def _step(name: str) -> SetupStep | None:
    return SetupStep(name) if name in SetupStep else None

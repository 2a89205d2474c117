"""Asking whom a visit is for, finding them, and writing down who is new."""

from dataclasses import replace

from shared.contracts.adding import AskCustomer, AskNewCustomer, FindCustomers, WriteNewCustomer
from shared.contracts.booking import BookedFor, ShowServices
from worker.adding import repository, views
from worker.adding.rules import Introduction, Lacking, digits_of, introduced
from worker.booking import handlers as booking
from worker.runtime.access import OWN_CALENDAR
from worker.runtime.capability import writes
from worker.runtime.context import RequestContext
from worker.ui.phones import country_of, example_phone
from worker.ui.reply import Reply


@writes(AskCustomer, access=OWN_CALENDAR)
async def ask_customer(context: RequestContext, _: AskCustomer, specialist_id: int | None) -> Reply:
    """Ask whom the visit is for."""
    recent = await repository.load_recent(context.session, specialist_id, views.RECENT)
    view = views.customer_question(context.texts, recent, specialist_id, _example(context))
    return Reply(view, changed=True, asks=FindCustomers(text=""))


@writes(FindCustomers, access=OWN_CALENDAR)
async def find_customers(context: RequestContext, command: FindCustomers, specialist_id: int | None) -> Reply:
    """Show who is called what was typed; a name with a number is somebody new."""
    country = country_of(context.zone.key)
    who = introduced(command.text, country)
    if isinstance(who, Introduction):
        return await _write_down(context, who, specialist_id)
    digits = digits_of(command.text, country)
    people = await repository.search(context.session, command.text, digits, views.MOST_FOUND + 1)
    if not people and who is Lacking.WRONG_PHONE:
        return _ask_new(context, who)
    return Reply(views.found(context.texts, people, specialist_id), changed=True)


@writes(AskNewCustomer, access=OWN_CALENDAR)
async def ask_new(context: RequestContext, _: AskNewCustomer, _specialist_id: int | None) -> Reply:
    """Ask for the name and the phone number of somebody new."""
    return _ask_new(context)


@writes(WriteNewCustomer, access=OWN_CALENDAR)
async def write_new(context: RequestContext, command: WriteNewCustomer, specialist_id: int | None) -> Reply:
    """Keep somebody's name and number, and go on to the services; ask again for what is missing or wrong."""
    who = introduced(command.text, country_of(context.zone.key))
    if isinstance(who, Lacking):
        return _ask_new(context, who)
    return await _write_down(context, who, specialist_id)


async def _write_down(context: RequestContext, who: Introduction, specialist_id: int | None) -> Reply:
    """Keep who they are. Two who write down the same person at once get the same one."""
    person_id = await repository.write_down(context.session, who)
    asked = ShowServices(specialist_id=specialist_id, customer=BookedFor(person_id=person_id))
    return replace(await booking.show_services.handle(context, asked), changed=True)


def _ask_new(context: RequestContext, lacking: Lacking | None = None) -> Reply:
    view = views.new_question(context.texts, _example(context), lacking)
    return Reply(view, changed=True, asks=WriteNewCustomer(text=""))


def _example(context: RequestContext) -> str:
    return example_phone(country_of(context.zone.key))

"""Whose visit it is: what staff note of a customer, and whether the customer may book here."""

from dataclasses import replace

from shared.contracts.customers import (
    AskBlockReason,
    AskPhone,
    AskStaffNote,
    BlockCustomer,
    ShowCustomer,
    ShowCustomerVisits,
    UnblockCustomer,
    WriteBlockReason,
    WritePhone,
    WriteStaffNote,
)
from shared.envelope import NOBODY
from worker.agenda.access import CALENDAR_VISIT, sees
from worker.customers import repository, views
from worker.customers.rules import digest, once_more
from worker.people.repository import replace_staff_note, set_blocked, set_blocked_reason, set_phone
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.ui.phones import country_of, e164, example_phone
from worker.ui.reply import Reply
from worker.visits.repository import Visit, load, load_upcoming


@reads(ShowCustomer, access=CALENDAR_VISIT)
async def show_customer(context: RequestContext, _: ShowCustomer, visit: Visit) -> Reply:
    """Show whose visit it is."""
    return await _customer(context, visit)


@reads(ShowCustomerVisits, access=CALENDAR_VISIT)
async def show_visits(context: RequestContext, command: ShowCustomerVisits, visit: Visit) -> Reply:
    """Show what a visit's customer had and has, as far as it is in the person's calendar."""
    if visit.customer_id == NOBODY:
        return await _customer(context, visit)
    own = None if context.is_admin else context.specialist_id
    visits = await repository.load_visits(context.session, visit.customer_id, own)
    return Reply(views.customer_visits(context.texts, visit, visits, command))


@writes(AskPhone, access=CALENDAR_VISIT)
async def ask_phone(context: RequestContext, _: AskPhone, visit: Visit) -> Reply:
    """Ask by which number the customer is called."""
    return await _customer(context, visit) if visit.customer_id == NOBODY else _ask_phone(context, visit)


@writes(WritePhone, access=CALENDAR_VISIT)
async def write_phone(context: RequestContext, command: WritePhone, visit: Visit) -> Reply:
    """Keep the number; one that nobody can have is asked for again."""
    if visit.customer_id == NOBODY:
        return await _customer(context, visit)
    phone = e164(command.phone, country_of(context.zone.key))
    if phone is None:
        return _ask_phone(context, visit, wrong=True)
    if not await set_phone(context.session, visit.customer_id, phone):
        taken = context.texts.text("There is another customer of that name with that number.")
        return replace(await _customer(context, visit), toast=taken, alert=True)
    context.note(visit.id, "phoned")
    return replace(await _customer(context, replace(visit, customer_phone=phone)), changed=True)


@writes(BlockCustomer, access=CALENDAR_VISIT)
async def block_customer(context: RequestContext, _: BlockCustomer, visit: Visit) -> Reply:
    """Have a visit's customer call instead of booking here; what is booked stays."""
    if visit.customer_id == NOBODY:
        return await _customer(context, visit)
    await set_blocked(context.session, visit.customer_id, context.now)
    context.note(visit.id, "blocked")
    return replace(await _customer(context, visit), toast=context.texts.text("Blocked."), changed=True)


@writes(UnblockCustomer, access=CALENDAR_VISIT)
async def unblock_customer(context: RequestContext, _: UnblockCustomer, visit: Visit) -> Reply:
    """Let a visit's customer book here again."""
    await set_blocked(context.session, visit.customer_id, None)
    context.note(visit.id, "unblocked")
    return replace(await _customer(context, visit), toast=context.texts.text("Unblocked."), changed=True)


@writes(AskBlockReason, access=CALENDAR_VISIT)
async def ask_block_reason(context: RequestContext, _: AskBlockReason, visit: Visit) -> Reply:
    """Ask why the customer is to call."""
    asks = WriteBlockReason(booking_id=visit.id, reason="")
    return Reply(views.reason_question(context.texts, visit), changed=True, asks=asks)


@writes(WriteBlockReason, access=CALENDAR_VISIT)
async def write_block_reason(context: RequestContext, command: WriteBlockReason, visit: Visit) -> Reply:
    """Keep why the customer is to call; nobody but staff reads it. Who is not blocked any more has none."""
    if await set_blocked_reason(context.session, visit.customer_id, command.reason):
        context.note(visit.id, "reasoned")
    return replace(await _customer(context, visit), changed=True)


@writes(AskStaffNote, access=CALENDAR_VISIT)
async def ask_note(context: RequestContext, _: AskStaffNote, visit: Visit) -> Reply:
    """Ask what the staff should know of the customer."""
    return await _customer(context, visit) if visit.customer_id == NOBODY else _ask_note(context, visit)


@writes(WriteStaffNote, access=CALENDAR_VISIT)
async def write_note(context: RequestContext, command: WriteStaffNote, visit: Visit) -> Reply:
    """Keep the note; where somebody else wrote meanwhile, theirs stays, and it is asked again."""
    if visit.customer_id == NOBODY:
        return await _customer(context, visit)
    seen = digest(visit.staff_note) == command.seen
    if not seen or not await replace_staff_note(
        context.session, visit.customer_id, visit.staff_note, command.note
    ):
        return _ask_note(context, await load(context.session, visit.id) or visit, changed=True)
    context.note(visit.id, "staff_noted")
    return replace(await _customer(context, replace(visit, staff_note=command.note)), changed=True)


async def _customer(context: RequestContext, visit: Visit) -> Reply:
    if visit.customer_id == NOBODY:
        return Reply(views.forgotten(context.texts, visit))
    record = await repository.load_record(context.session, visit.customer_id)
    every = await load_upcoming(context.session, visit.customer_id, context.now)
    coming = [each for each in every if sees(context, each)]
    again = once_more(visit, None if context.is_admin else context.specialist_id)
    return Reply(views.customer(context.texts, visit, record, coming, again))


def _ask_note(context: RequestContext, visit: Visit, *, changed: bool = False) -> Reply:
    view = views.note_question(context.texts, visit, changed=changed)
    asks = WriteStaffNote(booking_id=visit.id, seen=digest(visit.staff_note))
    return Reply(view, changed=True, asks=asks)


def _ask_phone(context: RequestContext, visit: Visit, *, wrong: bool = False) -> Reply:
    example = example_phone(country_of(context.zone.key))
    view = views.phone_question(context.texts, visit, example, wrong=wrong)
    return Reply(view, changed=True, asks=WritePhone(booking_id=visit.id, phone=""))

"""The customers' own flow, walked by staff for somebody: whatever follows carries whom it is for."""

from dataclasses import replace
from functools import wraps
from typing import Any

from shared.contracts.base import Command
from shared.contracts.booking import (
    BookedFor,
    ShowDay,
    ShowMonth,
    ShowServices,
    ShowSoonest,
    ShowSpecialists,
)
from shared.contracts.overriding import AskOtherTime
from worker.behalf import repository, views
from worker.runtime.capability import Handle
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.ui.view import Button, View


def on_behalf(handle: Handle) -> Handle:
    """Let a handler of the flow serve staff, too, who name a `customer`.

    The handler finds them as `context.booked_for`; the buttons of its answer name them again, and its words
    begin with who they are.
    """

    @wraps(handle)
    async def handled(context: RequestContext, command: Any, *loaded: Any) -> Reply:  # noqa: ANN401 - any command of the flow
        whom: BookedFor | None = command.customer
        if whom is None or context.customer is not None:
            return await handle(context, command, *loaded)
        found = await repository.load_customer(context.session, whom.person_id)
        if found is None:
            gone = context.texts.text("This customer is not known here any more. Choose again: /add")
            return Reply(toast=gone, alert=True)
        reply = await handle(replace(context, customer=found.user), command, *loaded)
        return _carried(context, _with_other_time(context, command, reply), whom, found)

    return handled


def _with_other_time(context: RequestContext, command: Command, reply: Reply) -> Reply:
    """Let staff name a time beneath those that the rules offer, where they know with whom it is to be."""
    view = reply.view
    if not isinstance(command, ShowSoonest | ShowMonth | ShowDay) or not isinstance(view, View):
        return reply
    if command.specialist_id is None or command.customer is None or command.added is not None:
        return reply
    asked = AskOtherTime(
        service_id=command.service_id,
        specialist_id=command.specialist_id,
        location_id=command.location_id,
        customer=command.customer,
    )
    *rows, last = view.keyboard
    button = Button(context.texts.text("Other time"), asked)
    return replace(reply, view=replace(view, keyboard=[*rows, [button], last]))


def _carried(
    context: RequestContext, reply: Reply, whom: BookedFor, customer: repository.NamedCustomer
) -> Reply:
    if not isinstance(reply.view, View):
        return reply
    own = None if context.is_admin else context.specialist_id
    keyboard = [[_button(each, whom, own) for each in row] for row in reply.view.keyboard]
    asks = None if reply.asks is None else _named(reply.asks, whom, own)
    commands = [button.command for row in keyboard for button in row]
    if not any(getattr(command, "customer", None) == whom for command in (*commands, asks)):
        return reply
    text = views.headed(context.texts, customer, reply.view.text)
    return replace(reply, view=replace(reply.view, text=text, keyboard=keyboard), asks=asks)


def _button(button: Button, whom: BookedFor, own: int | None) -> Button:
    return button if button.command is None else replace(button, command=_named(button.command, whom, own))


def _named(command: Command, whom: BookedFor, own: int | None) -> Command:
    """Name the customer in a command of the flow; specialists choose nobody else (`own` is their id)."""
    if own is not None and isinstance(command, ShowSpecialists):
        return ShowServices(around=command.service_id, specialist_id=own, customer=whom)
    if "customer" not in type(command).model_fields:
        return command
    given: dict[str, Any] = {"customer": whom}
    if own is not None and isinstance(command, ShowServices):
        given["specialist_id"] = own
    return command.model_copy(update=given)

"""Paying an invoice as a user, and how that ended."""

from sandbox.emulator import paying
from sandbox.emulator.client.requests import ClientRequest
from sandbox.emulator.errors import ClientError
from sandbox.emulator.signals import until
from sandbox.emulator.world import WAITING, Json


async def pay(request: ClientRequest) -> Json:
    """Pay an invoice, or a copy that somebody forwarded."""
    wanted = await request.json()
    message_id, owner = wanted.get("message_id"), wanted.get("owner", request.user_id)
    if not isinstance(message_id, int) or not isinstance(owner, int):
        raise ClientError(400, "A payment names the message_id of an invoice, and perhaps its owner.")
    return begin(request, message_id, owner, declined=wanted.get("declined") is True)


def begin(request: ClientRequest, message_id: int, owner: int, *, declined: bool = False) -> Json:
    """Begin to pay. A forwarded copy with a start_parameter is a link, and nobody pays it."""
    emulator, bot, payer = request.emulator, request.bot, request.user_id
    emulator.world.user(payer)
    invoice = paying.find_invoice(emulator, bot, owner, message_id)
    if payer != owner and (link := paying.link_of(bot, invoice)) is not None:
        return {"link": link}
    checkout, update = paying.begin(emulator, bot, payer, owner, invoice, declined=declined)
    return {"pre_checkout_query_id": checkout.id, "update_id": update.update_id if update else None}


async def payment(request: ClientRequest) -> Json:
    """Wait for a payment's end."""
    found = request.emulator.world.checkouts.get(request.http.path_params["id"])
    if found is None:
        raise ClientError(404, "There is no such payment.")
    seconds = min(request.timeout, found.seconds_left())
    await until(request.emulator.checkouts, found.id, seconds, lambda: found.state_now() != WAITING)
    return found.view()

"""Following what happens: events, calls, updates, files."""

import json
from collections.abc import AsyncIterator

from starlette.responses import Response, StreamingResponse

from sandbox.emulator.botapi import disposition
from sandbox.emulator.client.requests import ClientRequest
from sandbox.emulator.emulator import Emulator
from sandbox.emulator.errors import ClientError
from sandbox.emulator.events import EVERYONE
from sandbox.emulator.params import INTEGER
from sandbox.emulator.world import Json

KEEP_ALIVE_SECONDS = 15.0
ALL = 10**9
MOST_TIMES = 1000


async def health(_request: ClientRequest) -> Json:
    """Tell that the emulator serves."""
    return {"ok": True}


async def user_events(request: ClientRequest) -> Json:
    """Wait for a user's events."""
    request.emulator.world.user(request.user_id)
    types = frozenset(filter(None, request.http.query_params.get("types", "").split(",")))
    after = request.number("after")
    events = await request.emulator.feed.wait(request.user_id, after, request.timeout, types)
    return {"events": events, "last": events[-1]["seq"] if events else max(after, 0)}


async def all_events(request: ClientRequest) -> Response:
    """Stream everyone's events."""
    resumed = request.http.headers.get("last-event-id", "")
    after = int(resumed) if INTEGER.fullmatch(resumed) else request.number("after")
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(
        _stream(request.emulator, after), media_type="text/event-stream", headers=headers
    )


async def _stream(emulator: Emulator, after: int) -> AsyncIterator[bytes]:
    yield b": here\n\n"
    while not emulator.feed.closed:
        events = await emulator.feed.wait(EVERYONE, after, KEEP_ALIVE_SECONDS, frozenset())
        for event in events:
            after = event["seq"]
            yield f"id: {after}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n".encode()
        if not events:
            yield b": still here\n\n"


async def calls(request: ClientRequest) -> list[Json]:
    """List what the bot has called."""
    method = request.http.query_params.get("method")
    limit = request.number("limit", ALL)
    return await request.emulator.calls.wait(request.number("after"), method, limit, request.timeout)


async def updates(request: ClientRequest) -> list[Json]:
    """Tell how the updates fared."""
    after = request.number("after")
    log = request.emulator.queues[request.bot.id].log
    return [update.view() for update in log if update.update_id > after]


async def post_update(request: ClientRequest) -> Json:
    """Queue a raw update as it is, once or several times: forged ones are the point."""
    body = await request.json()
    update_id = body.pop("update_id", None)
    if update_id is not None and (isinstance(update_id, bool) or not isinstance(update_id, int)):
        raise ClientError(400, "update_id is a whole number.")
    queue, times = request.emulator.queues[request.bot.id], request.number("times", 1)
    if not 1 <= times <= MOST_TIMES:
        raise ClientError(400, f"times is a number from 1 to {MOST_TIMES}.")
    added = [queue.add(dict(body), update_id) for _ in range(times)]
    return {"update_id": added[-1].update_id}


async def file(request: ClientRequest) -> Response:
    """Answer with a file a bot has sent."""
    stored = request.emulator.world.files.get(request.http.path_params["id"])
    if stored is None:
        raise ClientError(404, "There is no such file.")
    headers = {"content-disposition": disposition(stored.name)}
    return Response(stored.data, media_type=stored.mime_type, headers=headers)


async def get_limits(request: ClientRequest) -> Json:
    """Show the limits on sending."""
    return request.emulator.limits.view()


async def put_limits(request: ClientRequest) -> Json:
    """Set some of the limits on sending."""
    wanted = await request.json()
    if unknown := wanted.keys() - request.emulator.limits.view().keys():
        raise ClientError(400, f"There is no limit {min(unknown)!r}.")
    try:
        request.emulator.limits.change(wanted)
    except ValueError as error:
        raise ClientError(400, f"{error} is a positive number.") from None
    return request.emulator.limits.view()


async def arm_fault(request: ClientRequest) -> Json:
    """Arm a fault."""
    return {"id": request.emulator.faults.arm(await request.json()).id}


async def list_faults(request: ClientRequest) -> list[Json]:
    """List the armed faults."""
    return [fault.view() for fault in request.emulator.faults.armed.values()]


async def disarm_faults(request: ClientRequest) -> Json:
    """Disarm every fault."""
    request.emulator.faults.armed.clear()
    return {"ok": True}


async def disarm_fault(request: ClientRequest) -> Json:
    """Disarm one fault."""
    if request.emulator.faults.armed.pop(request.path_number("id"), None) is None:
        raise ClientError(404, "There is no such fault.")
    return {"ok": True}

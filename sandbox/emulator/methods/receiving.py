"""How a bot gets its updates: getUpdates and the webhook's settings."""

import asyncio
import contextlib
import ipaddress
import re
from urllib.parse import urlsplit

from sandbox.emulator.errors import bad_request, conflict
from sandbox.emulator.methods.call import Call
from sandbox.emulator.updates import Update
from sandbox.emulator.world import Json, Webhook

MAX_LIMIT = 100
MAX_TIMEOUT_SECONDS = 50
MAX_CONNECTIONS, USUAL_CONNECTIONS = 100, 40
SECRET = re.compile(r"[A-Za-z0-9_-]*")
MAX_SECRET = 256
PORTS = frozenset({80, 88, 443, 8443})
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"


async def get_me(call: Call) -> Json:
    """Tell who the bot is."""
    return {
        **call.bot.as_user(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "supports_guest_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_updates(call: Call) -> list[Json]:
    """Hand out pending updates, waiting for the first one if asked to."""
    queue = call.emulator.queues[call.bot.id]
    if call.bot.webhook is not None:
        raise conflict(WEBHOOK_ACTIVE)
    _remember_allowed(call)
    queue.interrupt(conflict(OTHER_POLL))
    queue.expire()
    queue.move_to(call.params.integer("offset"))
    limit = call.params.integer("limit", MAX_LIMIT)
    limit = limit if 0 < limit <= MAX_LIMIT else MAX_LIMIT
    seconds = min(max(call.params.integer("timeout"), 0), MAX_TIMEOUT_SECONDS)
    if not queue.pending and seconds and not call.emulator.feed.closed:
        await _wait(call, seconds)
        if call.connection is not None and call.connection.lost:
            return []
    return _bodies(queue.take(limit))


async def set_webhook(call: Call) -> bool:
    """Have updates posted to an address; an empty one ends that."""
    url = call.params.text("url").strip()
    if not url:
        return await delete_webhook(call)
    webhook = _webhook(call, url)
    _remember_allowed(call)
    if call.params.flag("drop_pending_updates"):
        call.emulator.queues[call.bot.id].clear()
    call.emulator.queues[call.bot.id].interrupt(conflict("terminated by setWebhook request"))
    same = call.bot.webhook is not None and call.bot.webhook.url == url
    call.note = "Webhook is already set" if same else "Webhook was set"
    call.emulator.use_webhook(call.bot, webhook)
    return True


async def delete_webhook(call: Call) -> bool:
    """Keep updates for getUpdates again."""
    if call.params.flag("drop_pending_updates"):
        call.emulator.queues[call.bot.id].clear()
    call.note = "Webhook is already deleted" if call.bot.webhook is None else "Webhook was deleted"
    call.emulator.use_webhook(call.bot, None)
    return True


async def get_webhook_info(call: Call) -> Json:
    """Tell where updates go and how many wait."""
    pending = len(call.emulator.queues[call.bot.id].pending)
    webhook = call.bot.webhook
    info: Json = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": pending,
    }
    if webhook is not None:
        info |= {"max_connections": webhook.max_connections, "ip_address": webhook.ip_address or "127.0.0.1"}
        if webhook.last_error_date is not None:
            info |= {
                "last_error_date": webhook.last_error_date,
                "last_error_message": webhook.last_error_message,
            }
    if call.bot.allowed_updates:
        info["allowed_updates"] = call.bot.allowed_updates
    return info


async def _wait(call: Call, seconds: float) -> None:
    queue = call.emulator.queues[call.bot.id]
    poll: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    queue.poll = poll
    if call.connection is not None:
        call.connection.when_lost(lambda: None if poll.done() else poll.set_result(None))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await poll
    if queue.poll is poll:
        queue.poll = None


def _bodies(updates: list[Update]) -> list[Json]:
    return [update.body for update in updates]


def _remember_allowed(call: Call) -> None:
    allowed = call.params.nested("allowed_updates", "allowed updates")
    if allowed is None:
        return
    if not isinstance(allowed, list) or not all(isinstance(kind, str) for kind in allowed):
        raise bad_request("can't parse allowed updates: expected an Array of String")
    call.bot.allowed_updates = [kind.lower() for kind in allowed] or None
    call.emulator.world.touch("bot", call.bot.id)


def _webhook(call: Call, url: str) -> Webhook:
    _check_address(url)
    secret = call.params.text("secret_token")
    if len(secret) > MAX_SECRET:
        raise bad_request("secret token is too long")
    if not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = call.params.integer("max_connections", USUAL_CONNECTIONS)
    connections = min(max(connections, 1), MAX_CONNECTIONS)
    return Webhook(url, secret, connections, call.params.text("ip_address"))


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise bad_request("bad webhook: invalid webhook URL specified") from None
    if not host:
        raise bad_request("bad webhook: URL host is empty")
    if _is_loopback(host) and parts.scheme in {"http", "https"}:
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (port or 443) not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    raise bad_request("bad webhook: Failed to resolve host: Name or service not known")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

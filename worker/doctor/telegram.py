"""Telegram: whether it knows the bot and reaches its webhook."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from shared.clock import Clock
from shared.environment_settings import EnvironmentSettings
from shared.telegram.client import TelegramClient
from shared.telegram.errors import RefusedError
from worker.doctor.findings import Check, Verdict, fail, good, warn

REFUSED = "refuses the token"
RECENT_SECONDS = 3600
MANY_PENDING = 100
ANSWER_SECONDS = 8.0
STILL_SECONDS = 180.0
REMEDIES = (
    ("401", "Telegram was told no secret: restart the bot, so that it registers anew"),
    ("403", "Telegram was told another WEBHOOK_SECRET: restart the bot; else widen WEBHOOK_ALLOWED_NETWORKS"),
    ("404", "what answers at WEBHOOK_URL is not this bot"),
    ("503", "the bot cannot put updates on the queue: see the findings about Redis"),
    ("SSL", "the certificate does not fit: `docker compose logs --tail 50 caddy`"),
    ("", "can Telegram reach WEBHOOK_URL from outside?"),
)
"""What to do, by a part of what Telegram says."""


class Mode(EnvironmentSettings):
    """How updates are meant to come in."""

    bot_mode: str = "polling"
    webhook_url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A way to Telegram, and to what the shop has to show there."""

    client: TelegramClient
    clock: Clock
    has_services: Callable[[], Awaitable[bool]]
    """Tells whether there is something to book."""


async def _bot(line: Line) -> Verdict:
    try:
        bot = await line.client.call("getMe", answer_seconds=ANSWER_SECONDS)
    except RefusedError as error:
        return fail(f"{REFUSED}: {error.description}", "copy BOT_TOKEN from @BotFather again")
    return good(f"is @{bot.get('username', '?')}")


async def _inline(line: Line) -> Verdict:
    """Look whether people can find free times from any chat; only whoever owns the bot can switch that on."""
    bot = await line.client.call("getMe", answer_seconds=ANSWER_SECONDS)
    if bot.get("supports_inline_queries"):
        return good("free times can be looked for from any chat")
    if not await line.has_services():
        return good("is off; there is nothing to look for yet")
    found = f"is off: `@{bot.get('username', '?')} friday` finds nothing in other chats"
    return warn(found, "send /setinline to @BotFather, choose the bot, and write `friday`")


async def _webhook(line: Line) -> Verdict:
    info = await line.client.call("getWebhookInfo", answer_seconds=ANSWER_SECONDS)
    mode, registered = Mode(), str(info.get("url") or "")
    wrong = _misdirected(mode, registered)
    if wrong is not None:
        return wrong
    pending = int(info.get("pending_update_count", 0))
    age = line.clock.now().timestamp() - float(info.get("last_error_date", 0))
    if age < RECENT_SECONDS:
        reason = str(info.get("last_error_message", "unknown"))
        message = f"failed {age:.0f} s ago: {reason}; {pending} updates wait at Telegram"
        return fail(message, _remedy(reason)) if _still(age, pending) else warn(message, _remedy(reason))
    if pending >= MANY_PENDING:
        return warn(f"{pending} updates wait at Telegram", "is the bot running?")
    return good(f"{mode.bot_mode}, {pending} updates wait at Telegram")


def _misdirected(mode: Mode, registered: str) -> Verdict | None:
    if mode.bot_mode == "polling":
        found = "a webhook is registered, so polling gets nothing"
        return fail(found, "restart the bot, or set BOT_MODE") if registered else None
    if not registered:
        hint = "`docker compose logs bot`: setWebhook fails, or a second bot that polls removed it: restart"
        return fail("no webhook is registered", hint)
    if not registered.startswith(f"{mode.webhook_url.rstrip('/')}/"):
        hint = "restart the bot, and stop the one that runs elsewhere with this token"
        return fail(f"the webhook is another one: {registered}", hint)
    return None


def _still(age: float, pending: int) -> bool:
    """Tell what goes on from what is over: Telegram tries again within a minute or two."""
    return pending > 0 and age < STILL_SECONDS


def _remedy(reason: str) -> str:
    return next((remedy for word, remedy in REMEDIES if word in reason), REMEDIES[-1][1])


REACH = Check("Telegram", _bot, "may this machine call out, and is TELEGRAM_API_URL right?")
OTHERS = [Check("Telegram updates", _webhook), Check("inline mode", _inline)]

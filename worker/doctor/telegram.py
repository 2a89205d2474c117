"""Telegram: whether it knows the bot and reaches its webhook."""

from dataclasses import dataclass

from shared.clock import Clock
from shared.settings import EnvironmentSettings
from shared.telegram.client import TelegramClient
from shared.telegram.errors import RefusedError
from worker.doctor.findings import Check, Verdict, fail, good, warn

RECENT_SECONDS = 3600
MANY_PENDING = 100
ANSWER_SECONDS = 8.0


class Mode(EnvironmentSettings):
    """How updates are meant to come in."""

    bot_mode: str = "polling"


@dataclass(frozen=True, slots=True)
class Line:
    """A way to Telegram."""

    client: TelegramClient
    clock: Clock


async def _bot(line: Line) -> Verdict:
    try:
        bot = await line.client.call("getMe", answer_seconds=ANSWER_SECONDS)
    except RefusedError as error:
        return fail(f"refuses the token: {error.description}", "copy BOT_TOKEN from @BotFather again")
    return good(f"is @{bot.get('username', '?')}")


async def _webhook(line: Line) -> Verdict:
    info = await line.client.call("getWebhookInfo", answer_seconds=ANSWER_SECONDS)
    registered, mode = bool(info.get("url")), Mode().bot_mode
    pending = int(info.get("pending_update_count", 0))
    if registered and mode == "polling":
        return fail("a webhook is registered, so polling gets nothing", "restart the bot, or set BOT_MODE")
    if not registered and mode == "webhook":
        return fail("no webhook is registered", "restart the bot: it registers WEBHOOK_URL")
    age = line.clock.now().timestamp() - float(info.get("last_error_date", 0))
    if age < RECENT_SECONDS:
        reason = info.get("last_error_message", "unknown")
        return warn(f"failed {age:.0f} s ago: {reason}", "can Telegram reach WEBHOOK_URL from outside?")
    if pending >= MANY_PENDING:
        return warn(f"{pending} updates wait at Telegram", "is the bot running?")
    return good(f"{mode}, {pending} updates wait at Telegram")


REACH = Check("Telegram", _bot, "may this machine call out, and is TELEGRAM_API_URL right?")
OTHERS = [Check("Telegram updates", _webhook)]

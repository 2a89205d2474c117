"""Where each part of a sandbox is reached, and the environment variables that say so."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.options import OWNER_ID
from sandbox.people import SHOWN
from sandbox.ports import LOOPBACK
from shared.bot_settings import BotSettings
from shared.environment import ENV_FILE
from shared.settings import WorkerSettings

# Some Pythons do not start without the last two.
KEPT_VARIABLES = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "LOG_LEVEL",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
)
DRAIN_SECONDS = 3
SETTINGS = frozenset(name.upper() for kind in (BotSettings, WorkerSettings) for name in kind.model_fields)
DECIDED = frozenset(
    {
        *("BOT_TOKEN", "TELEGRAM_API_URL", "REDIS_URL", "DATABASE_URL"),
        *("BOT_MODE", "BOT_HOST", "BOT_PORT", "WEBHOOK_URL", "WEBHOOK_SECRET"),
        *("WORKER_METRICS_HOST", "WORKER_METRICS_PORT", "WORKER_DRAIN_SECONDS", "ADMIN_IDS"),
        "PAYMENT_PROVIDER_TOKEN",
    }
)
"""Settings that the sandbox gives its bot and workers, whatever the shell says."""


@dataclass(frozen=True)
class Addresses:
    """Ports on loopback, and the addresses made of them."""

    telegram: int
    bot: int
    workers: tuple[int, ...]
    database_url: str
    redis_url: str

    @property
    def telegram_api(self) -> str:
        """The Bot API."""
        return f"http://{LOOPBACK}:{self.telegram}"

    @property
    def client_api(self) -> str:
        """The emulator's client API."""
        return f"{self.telegram_api}/client"

    @property
    def webchat(self) -> str:
        """The web chat, with a customer, a specialist and the owner side by side."""
        return f"{self.telegram_api}/?people={','.join(map(str, SHOWN))}"

    @property
    def bot_url(self) -> str:
        """The bot's HTTP."""
        return f"http://{LOOPBACK}:{self.bot}"

    @property
    def worker_urls(self) -> list[str]:
        """Each worker's metrics."""
        return [f"http://{LOOPBACK}:{port}/metrics" for port in self.workers]


def base_environment() -> dict[str, str]:
    """Return what every process gets; a .env file is meant for a real installation and is not read."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return {**kept, ENV_FILE: "", "PYTHONUNBUFFERED": "1"}


def settings_of(shell: Mapping[str, str]) -> dict[str, str]:
    """Return the settings of a shell that its sandbox hands on to bot and workers."""
    handed_on = SETTINGS - DECIDED
    return {name: value for name, value in shell.items() if name.removesuffix("_FILE") in handed_on}


PROVIDER_TOKEN = "1000000002:TEST:sandbox"  # noqa: S105 - no secret: a stand-in takes it # nosec B105
"""A payment provider's, as the emulator takes it."""


def database_environment(addresses: Addresses) -> dict[str, str]:
    """Return what migrations and the command-line tools get."""
    return {**base_environment(), "DATABASE_URL": addresses.database_url}


def _common(addresses: Addresses, token: str) -> dict[str, str]:
    return {
        **base_environment(),
        "BOT_TOKEN": token,
        "TELEGRAM_API_URL": addresses.telegram_api,
        "REDIS_URL": addresses.redis_url,
    }


def bot_environment(addresses: Addresses, token: str, mode: str, secret: str) -> dict[str, str]:
    """Return what the bot gets."""
    webhook = {"WEBHOOK_URL": addresses.bot_url, "WEBHOOK_SECRET": secret} if mode == "webhook" else {}
    own = {"BOT_MODE": mode, "BOT_HOST": LOOPBACK, "BOT_PORT": str(addresses.bot)}
    return {**_common(addresses, token), **own, **webhook}


def worker_environment(addresses: Addresses, token: str, port: int) -> dict[str, str]:
    """Return what one worker gets."""
    return {
        **_common(addresses, token),
        "DATABASE_URL": addresses.database_url,
        "WORKER_METRICS_HOST": LOOPBACK,
        "WORKER_METRICS_PORT": str(port),
        "WORKER_DRAIN_SECONDS": str(DRAIN_SECONDS),
        "ADMIN_IDS": str(OWNER_ID),
        "PAYMENT_PROVIDER_TOKEN": PROVIDER_TOKEN,
    }

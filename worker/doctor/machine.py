"""What needs no network: settings, secret files, time zones."""

import os
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from shared.bot_settings import BotSettings
from shared.environment import InvalidSettingsError, environment, setting
from shared.environment_settings import EnvironmentSettings
from shared.settings import (
    WorkerSettings,
    load,
)
from worker.doctor.findings import Check, Verdict, fail, good, warn

FEWEST_ZONES = 300
ENVIRONMENT_HINT = "see .env.example"


def all_secrets() -> list[str]:
    """Return everything secret that is set, whether it makes sense or not, so that none is printed."""
    fields = {**WorkerSettings.model_fields, **BotSettings.model_fields}
    names = [name.upper() for name, field in fields.items() if "SecretStr" in str(field.annotation)]
    values = [value for name in [*names, "REDIS_URL"] if (value := _raw(name))]
    return values + [password for value in values if (password := _password(value))]


def is_set(name: str) -> bool:
    """Tell whether a setting is given, in whichever form."""
    return bool(_raw(name))


def _raw(name: str) -> str:
    try:
        return setting(name, environment()) or ""
    except InvalidSettingsError:  # a file that cannot be read holds nothing that could be printed
        return os.environ.get(name, "")


def _password(address: str) -> str:
    try:
        return urlsplit(address).password or ""
    except ValueError:
        return ""


async def _worker_settings(_: None) -> Verdict:
    return _loads(WorkerSettings)


async def _bot_settings(_: None) -> Verdict:
    return _loads(BotSettings)


def _loads(kind: type[EnvironmentSettings]) -> Verdict:
    try:
        load(kind)
    except InvalidSettingsError as error:
        return fail("; ".join(str(error).splitlines()), ENVIRONMENT_HINT)
    return good("all are set and make sense")


async def _secret_files(_: None) -> Verdict:
    names = {f"{name.upper()}_FILE" for kind in (WorkerSettings, BotSettings) for name in kind.model_fields}
    variables = environment()
    given = sorted(name for name in names if name in variables)
    unreadable = [f"{name}: {reason}" for name in given if (reason := _unreadable(variables[name]))]
    if unreadable:
        return fail("; ".join(unreadable), "mount the file, and let the process's user read it")
    doubled = [name for name in given if name.removesuffix("_FILE") in variables]
    if doubled:
        return warn(f"{', '.join(doubled)}: the variable without _FILE wins", "set one of the two")
    return good(f"{len(given)} readable" if given else "none is used")


def _unreadable(path: str) -> str:
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return getattr(error, "strerror", None) or "is not text"
    return "" if text.strip() else "is empty"


async def _time_zones(_: None) -> Verdict:
    count = len(available_timezones())
    if count < FEWEST_ZONES:
        return fail(f"{count} are known", "install the tzdata package")
    return good(f"{count} are known")


CHECKS: list[Check[None]] = [
    Check("worker settings", _worker_settings),
    Check("bot settings", _bot_settings),
    Check("secret files", _secret_files),
    Check("time zones", _time_zones),
]

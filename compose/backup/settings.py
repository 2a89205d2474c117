"""What the backups are told, by the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

ADDRESS = "DATABASE_URL has to be like postgresql+asyncpg://user:password@host:5432/name"


class InvalidSettingsError(Exception):
    """The environment does not describe backups that can run; the message says what to change."""


@dataclass(frozen=True)
class Settings:
    """When to back up what, and how much to keep."""

    database: Mapping[str, str]
    """The database as PostgreSQL's own programs take it: PGHOST and so on."""
    directory: Path
    interval: timedelta
    keep: timedelta
    keep_least: int
    """So many are kept however old they are."""
    port: int
    skip_dump: bool = False
    """Whether a migration goes without a dump before it: there may be no room for one."""


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Raises InvalidSettingsError."""
    return Settings(
        database=client_environment(_database_url(environment)),
        directory=Path(environment.get("BACKUP_DIRECTORY") or "/backups"),
        interval=timedelta(hours=_number(environment, "BACKUP_INTERVAL_HOURS", 24, least=0.1, most=8760)),
        keep=timedelta(days=_number(environment, "BACKUP_KEEP_DAYS", 14, least=0, most=36_500)),
        keep_least=int(_number(environment, "BACKUP_KEEP_LEAST", 7, least=1, most=1_000_000)),
        port=int(_number(environment, "BACKUP_METRICS_PORT", 9102, least=0, most=65_535)),
        skip_dump=environment.get("SKIP_DUMP") == "yes",
    )


def client_environment(url: str) -> dict[str, str]:
    """Translate DATABASE_URL for PostgreSQL's programs, so that no password is in a command line."""
    try:
        parts = urlsplit(url)
        port = parts.port or 5432
    except ValueError:
        raise InvalidSettingsError(ADDRESS) from None
    if not parts.scheme.startswith("postgresql") or not parts.hostname:
        raise InvalidSettingsError(ADDRESS)
    found = {
        "PGHOST": parts.hostname,
        "PGPORT": str(port),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": parts.path.removeprefix("/"),
        "PGSSLMODE": parse_qs(parts.query).get("ssl", [""])[0],
    }
    if any("\0" in value for value in found.values()):
        raise InvalidSettingsError(ADDRESS)
    return {name: value for name, value in found.items() if value}


def _database_url(environment: Mapping[str, str]) -> str:
    if url := environment.get("DATABASE_URL"):
        return url
    path = environment.get("DATABASE_URL_FILE")
    if not path:
        raise InvalidSettingsError("DATABASE_URL is not set.")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise InvalidSettingsError(f"DATABASE_URL_FILE names {path}: {error.strerror}") from error
    except UnicodeDecodeError:
        raise InvalidSettingsError(f"DATABASE_URL_FILE names {path}, which holds no text") from None


def _number(environment: Mapping[str, str], name: str, default: float, *, least: float, most: float) -> float:
    text = environment.get(name) or str(default)
    try:
        value = float(text)
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        raise InvalidSettingsError(f"{name} has to be a number from {least:g} to {most:.0f}, not {text!r}.")
    return value

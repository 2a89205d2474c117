"""Addresses in settings."""

from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

OWN_SERVER = "https://api.telegram.org"
WEBHOOK_PORTS = frozenset({443, 80, 88, 8443})
"""Where Telegram's own server calls a webhook: https://core.telegram.org/bots/api#setwebhook."""


def web_address(value: str, like: str) -> SplitResult:
    """Take an address apart. Raises ValueError with words for people."""
    try:
        parts = urlsplit(value)
        known = parts.scheme in {"http", "https"} and bool(parts.hostname)
        _ = parts.port  # raises where it is no number
    except ValueError:
        known = False
    if not known:
        raise ValueError(f"has to be an address like {like}")
    return parts


REDIS_OPTIONS: Final = frozenset(
    {
        *("db", "username", "password", "protocol", "client_name", "max_connections"),
        *("health_check_interval", "retry_on_timeout"),
        *("socket_timeout", "socket_connect_timeout", "socket_keepalive"),
    }
)
REDIS_TLS_OPTIONS: Final = frozenset(
    {f"ssl_{name}" for name in ("cert_reqs", "ca_certs", "ca_path", "certfile", "keyfile", "check_hostname")}
)
LIKE_REDIS: Final = "must be an address like redis://host:6379/0; rediss:// and unix:// work too"
DATABASE: Final = "postgresql+asyncpg://"
DATABASE_OPTIONS: Final = frozenset(
    {
        *("host", "port", "user", "password", "passfile", "ssl"),
        *("target_session_attrs", "krbsrvname", "gsslib", "prepared_statement_cache_size"),
    }
)
SSL_MODES: Final = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
LIKE_DATABASE: Final = f"must look like {DATABASE}user:password@host:5432/name"
ESCAPED: Final = "; in a password, @ : / ? # are written %40 %3A %2F %3F %23"


def redis_address(value: str) -> None:
    """Check where Redis is. Raises ValueError with words for people."""
    address = _split(value, LIKE_REDIS)
    if address.scheme not in {"redis", "rediss", "unix"} or not (address.netloc or address.path):
        raise ValueError(LIKE_REDIS)
    given = _options(
        address, REDIS_OPTIONS | (REDIS_TLS_OPTIONS if address.scheme == "rediss" else frozenset())
    )
    in_path = "" if address.scheme == "unix" else address.path.strip("/")
    for number in (in_path, *given.get("db", ())):
        if number and not (number.isascii() and number.isdecimal()):
            raise ValueError("names a database that is no number: redis://host:6379/0")


def database_address(value: str) -> None:
    """Check where PostgreSQL is. Raises ValueError with words for people."""
    if not value.startswith(DATABASE):
        raise ValueError(f"must start with {DATABASE}")
    address = _split(value, LIKE_DATABASE)
    given = _options(address, DATABASE_OPTIONS)
    if not address.path.strip("/"):
        raise ValueError(f"names no database: it {LIKE_DATABASE}")
    if not address.hostname and "host" not in given:
        raise ValueError(f"names no host: it {LIKE_DATABASE}")
    if given.get("ssl", ["prefer"])[-1] not in SSL_MODES:
        raise ValueError(f"has an ssl that is none of: {' '.join(SSL_MODES)}")


def _split(value: str, like: str) -> SplitResult:
    try:
        address = urlsplit(value)
        _ = address.port  # raises where it is no number
    except ValueError:
        raise ValueError(like + ESCAPED) from None
    if address.fragment or value.endswith("#"):
        raise ValueError(like + ESCAPED)
    return address


def _options(address: SplitResult, known: frozenset[str]) -> dict[str, list[str]]:
    given = parse_qs(address.query, keep_blank_values=True)
    if given.keys() - known:  # what it is stays unsaid: it may be the rest of a password
        raise ValueError(f"has an option that is none of: {' '.join(sorted(known))}")
    return given

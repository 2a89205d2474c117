"""Addresses in settings."""

from urllib.parse import SplitResult, urlsplit

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

"""Links: which addresses Telegram takes, and what it makes of them."""

import re
from urllib.parse import parse_qs, urlsplit

HOST = re.compile(r"[^\s./?#@:]+(\.[^\s./?#@:]+)+|\[[0-9a-fA-F:.]+\]")
SCHEMES = frozenset({"http", "https", "ton", "tonsite", "tg"})
MENTION_HOST = "user"
SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*)://")


class LinkError(ValueError):
    """Why an address is no link, in Telegram's words."""


def checked(url: str) -> str:
    """Return the address as Telegram keeps it; raises LinkError."""
    url = url.strip()
    if url.lower().startswith("tg:"):
        return _telegram_link(url)
    scheme = SCHEME.match(url)
    if scheme and scheme[1].lower() not in SCHEMES:
        raise LinkError("Unsupported URL protocol")
    return _web_link(url if scheme else f"http://{url}")


def mentioned_user(url: str) -> int | None:
    """Return the user a `tg://user?id=` link speaks of."""
    if not url.lower().startswith("tg:"):
        return None
    parts = urlsplit(_telegram_link(url))
    number = parse_qs(parts.query).get("id", [""])[0]
    return int(number) if parts.netloc == MENTION_HOST and number.isdecimal() else None


def telegram_query(url: str, host: str) -> dict[str, str]:
    """Return the query of a `tg://host?…` link; empty when it is another link."""
    try:
        parts = urlsplit(_telegram_link(url))
    except LinkError:
        return {}
    if parts.netloc.lower() != host:
        return {}
    return {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}


def _telegram_link(url: str) -> str:
    rest = url[3:].lstrip("/")
    if not url.lower().startswith("tg:") or not re.match(r"[a-zA-Z0-9_-]+", rest):
        raise LinkError("Wrong HTTP URL")
    return f"tg://{rest}"


def _web_link(url: str) -> str:
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise LinkError("Wrong HTTP URL") from None
    if not host:
        raise LinkError("URL host is empty")
    if port == 0 or not HOST.fullmatch(host if ":" not in host else f"[{host}]") or re.search(r"\s", url):
        raise LinkError("Wrong HTTP URL")
    tail = url.split("://", 1)[1]
    authority = re.split(r"[/?#]", tail, maxsplit=1)[0]
    rest = tail[len(authority) :]
    if not rest.startswith("/"):
        rest = f"/{rest}"
    return f"{parts.scheme.lower()}://{authority.lower()}{rest}"

"""From what a bot or a user sends to a text with entities."""

from typing import Any

from sandbox.emulator.entities import automatic, explicit
from sandbox.emulator.entities.html import HtmlParser
from sandbox.emulator.entities.legacy import LegacyParser
from sandbox.emulator.entities.markdown import MarkdownParser
from sandbox.emulator.entities.text import Entity, Formatted, clean, finish, in_order
from sandbox.emulator.errors import bad_request

MARKUP_LIMIT = 65_536
"""Characters of markup read at all; far above what any message may hold."""


def from_bot(text: str, parse_mode: str, entities: Any) -> Formatted:  # noqa: ANN401 - any JSON
    """Return a bot's text with its entities; raises ApiError for markup that makes no sense."""
    if len(text) > MARKUP_LIMIT:
        raise bad_request("message is too long")
    return _with_automatic(finish(_parsed(text, parse_mode, entities)))


def from_user(text: str) -> Formatted:
    """Return what a user has typed, with what Telegram highlights in it."""
    return _with_automatic(Formatted(clean(text), []))


def as_json(entities: list[Entity]) -> list[dict[str, Any]]:
    """Return entities as the Bot API shows them."""
    return [one.as_json() for one in entities]


def _parsed(text: str, parse_mode: str, entities: Any) -> Formatted:  # noqa: ANN401 - any JSON
    mode = parse_mode.lower()
    if mode == "html":
        return HtmlParser(text).parse()
    if mode == "markdownv2":
        return MarkdownParser(text).parse()
    if mode == "markdown":
        return LegacyParser(text).parse()
    if mode not in {"", "none"}:
        raise bad_request("unsupported parse_mode")
    return Formatted(text, explicit.read(entities, text) if entities is not None else [])


def _with_automatic(formatted: Formatted) -> Formatted:
    found = automatic.find(formatted.text, formatted.entities)
    if not found:
        return formatted
    return Formatted(formatted.text, in_order([*formatted.entities, *found]))
